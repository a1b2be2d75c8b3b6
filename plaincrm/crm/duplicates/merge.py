"""Two records of one thing become one: `plaincrm merge KEEP DUPLICATE`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plaincrm.core.records.edits import AddEntry, AddProse, AddTask, Edit, SetField, logged
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.timeline import document
from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.prose import prose
from plaincrm.core.value_class import changed
from plaincrm.core.values.raw import Raw
from plaincrm.crm.duplicates.merge_fields import JoinedFields, join
from plaincrm.crm.effects import HISTORIED
from plaincrm.crm.link_edits import links_from_others
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_COMMENT = re.compile(r"""(?>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|.)*?(?:^|\s)#\s?(.*\S)""")


def merge(book: Book, keep: Record, duplicate: Record) -> Staged:
    """Stage that `duplicate` becomes part of `keep`: see `joining` for the fields. Log, tasks and
    text are those of both, the duplicate's id becomes an alias, and links follow. What finds no
    place goes into a note of the log.

    Raises Refused for one record twice, for two kinds, and for a file that can't be edited surely.
    """
    if keep.ref == duplicate.ref:
        raise Refused(
            f"{keep.ref} is one record already", "name two: plaincrm merge KEEP DUPLICATE"
        )
    if keep.kind.name != duplicate.kind.name:
        raise Refused(f"a {keep.kind.name} and a {duplicate.kind.name} can't be one record")
    for record in (keep, duplicate):
        if record.damaged:
            raise Refused(
                f"{record.path} can't be read whole", "plaincrm check tells what is wrong with it"
            )
    change = book.change("", "merge")
    joined = join(
        keep,
        duplicate,
        book.settings.country,
        lambda name: book.context.facts.find(keep.kind.name, name) is not None,
    )
    links = links_from_others(book.store, duplicate)
    linked = [source for source, _ in links if source.ref != keep.ref]
    merged = change.merge(
        keep, duplicate, list(_edits(book, keep, duplicate, joined, change.text(duplicate.path)))
    )
    summary = f"Merge {duplicate.ref} into {keep.ref}"
    return staged(change, summary, [merged], _echo(len(linked), change.texts_followed, joined))


def _edits(
    book: Book, keep: Record, duplicate: Record, joined: JoinedFields, text: str
) -> Iterator[Edit]:
    yield from (SetField(name, raw) for name, raw in joined.fields.items())
    yield SetField("aliases", _aliases(keep, duplicate))
    yield from _timeline(keep, duplicate, joined, text)
    added = prose(text)
    if added and added not in prose(keep.load()):
        yield AddProse(added)
    lost = [*(f"{name}: {value}" for name, value in joined.lost), *_comments(text)]
    if lost:
        yield logged(
            book.now, "note", "\n".join([f"Merged from {duplicate.id}, which also had", *lost])
        )


def _aliases(keep: Record, duplicate: Record) -> list[Raw]:
    found: dict[str, Raw] = {
        fold(id): id for id in reversed([*keep.aliases(), duplicate.id, *duplicate.aliases()])
    }
    found.pop(fold(keep.id), None)
    return list(reversed(found.values()))


def _timeline(keep: Record, duplicate: Record, joined: JoinedFields, text: str) -> Iterator[Edit]:
    """The log entries and tasks that `keep` has not got."""
    mine = document.read(keep.load()).timeline
    theirs = document.read(text).timeline
    own = HISTORIED.get(keep.kind.name, "")
    known = {entry.key for entry in mine.entries}
    for entry in theirs.entries:
        if entry.key not in known:
            foreign = entry.type == own and own not in joined.fields
            yield AddEntry(
                _told(entry, duplicate) if foreign else changed(entry, line=0, end_line=0)
            )
    for task in theirs.tasks:
        if not any(each.placeless == task.placeless for each in mine.tasks):
            yield AddTask(task.placeless)


def _told(entry: Entry, duplicate: Record) -> Entry:
    """A change of the duplicate's own stage or status: told as a note, it is no history of the
    other record.
    """
    return changed(
        entry, type="note", text=f"{entry.type} of {duplicate.id}: {entry.text}", line=0, end_line=0
    )


def _comments(text: str) -> Iterator[str]:
    """What somebody wrote beside the fields."""
    found = (_COMMENT.match(line) for line in text.partition("\n---")[0].splitlines()[1:])
    yield from (f"# {comment[1]}" for comment in found if comment)


def _echo(linked: int, texts: int, joined: JoinedFields) -> Iterator[str]:
    if linked:
        yield "1 link to it follows" if linked == 1 else f"{linked} links to it follow"
    if texts:
        yield "links in 1 text follow" if texts == 1 else f"links in {texts} texts follow"
    yield from (f"{name}: {value} goes into a note of the log" for name, value in joined.lost)
