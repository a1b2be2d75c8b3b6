"""Sync in CRM terms: what was edited by hand, what came from the other end, and what is left to
decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from plaincrm.book.file_change import FileChange
from plaincrm.book.git.merge_driver import install
from plaincrm.book.git.sync import Synced, Syncing
from plaincrm.core.records.file_names import is_record
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.fold import fold
from plaincrm.core.yaml.front_matter import decode, encode
from plaincrm.crm.effects import HISTORIED
from plaincrm.crm.staged import subject
from plaincrm.errors import GitFailed, PlaincrmError, Refused

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


@dataclass(frozen=True, slots=True)
class Report:
    """What a sync did, counted: `came` says it in words, such as `3 deals moved, 2 contacts
    changed`.
    """

    done: Synced
    came: str
    pulled: int

    def as_json(self) -> dict[str, Any]:
        return {
            "committed": list(self.done.committed),
            "pulled": self.pulled,
            "merged": len(self.done.merged),
            "conflicts": [{"path": path, "field": name} for path, name in self.done.contested],
            "notes": list(self.done.said),
            "pushed": self.done.pushed,
            "summary": self.came,
        }


def sync(book: Book, to: str | None = None) -> Report:
    """Sync the book; `to` is the address of its other end, the first time. Raises as `Syncing.run`
    does.
    """
    if book.git is None:
        raise GitFailed(
            "the book is no git repo, so there is nothing to sync with",
            "git init, then sync --to URL",
        )
    _ = book.source  # completes what a killed command left
    with suppress(OSError, PlaincrmError):  # a driver that is stale or gone is for `doctor` to tell
        install(book.git)
    done = Syncing(book.git, book.private, lambda changes: _edited(book, changes)).run(to)
    records = [change for change in done.came if _kind(book, change.path)]
    return Report(
        replace(done, said=(*done.said, *_damage(book, records))),
        _words(book, done.came),
        len(records),
    )


def _damage(book: Book, came: Sequence[FileChange]) -> Iterator[str]:
    """What came that can't be read whole, such as what a merge by other means left broken."""
    found = [
        each.path for each in came if (record := _record(book, each, each.new)) and record.damaged
    ]
    if found:
        count = (
            "1 record that came has" if len(found) == 1 else f"{len(found)} records that came have"
        )
        yield f"{count} problems, such as {found[0]}: plaincrm check"


def _edited(book: Book, changes: Sequence[FileChange]) -> tuple[str, dict[str, bytes]]:
    """The message for a commit of hand edits, and the files with the log entries that a new stage
    brings.
    """
    change = book.change("", "sync")
    told = {}
    for file in changes:
        before, after = _record(book, file, file.old), _record(book, file, file.new)
        if before is None or after is None or after.damaged or before.fields == after.fields:
            continue
        try:
            text = change.hand_edited(before, after).text
        except Refused:
            continue  # a stage that does not exist is for `check` to tell
        if text != after.load():
            told[file.path] = encode(text)
    return subject(f"Hand edits: {_words(book, changes)}"), told


def _kind(book: Book, path: str) -> Kind | None:
    """What a file is a record of; None for other files."""
    return book.schema.of_path(path) if is_record(path) else None


def _record(book: Book, change: FileChange, data: bytes | None) -> Record | None:
    """The record in that version of a file; None for other files and missing ones."""
    kind = _kind(book, change.path)
    if kind is None or data is None:
        return None
    id = change.path.rpartition("/")[2].removesuffix(".md")
    return Record.read(kind, id, change.path, decode(data, change.path)[0], book.settings.log_types)


def _words(book: Book, changes: Sequence[FileChange]) -> str:
    """`3 deals moved, 2 contacts changed, 1 company new, 2 other files`."""
    counts: Counter[tuple[str, str]] = Counter()
    for change in changes:
        kind = _kind(book, change.path)
        counts[(kind.name, _what(book, kind, change)) if kind else ("", "changed")] += 1
    said = [
        _counted(book, kind, what, count)
        for (kind, what), count in sorted(counts.items(), reverse=True)
    ]
    return ", ".join(said)


def _what(book: Book, kind: Kind, change: FileChange) -> str:
    if change.old is None or change.new is None:
        return "new" if change.new is not None else "deleted"
    name = HISTORIED.get(kind.name)
    if name is None:
        return "changed"  # only what can move has to be read
    before, after = _record(book, change, change.old), _record(book, change, change.new)
    return (
        "moved"
        if before and after and fold(before.text(name)) != fold(after.text(name))
        else "changed"
    )


def _counted(book: Book, kind: str, what: str, count: int) -> str:
    if not kind:
        return "1 other file" if count == 1 else f"{count} other files"
    return f"{count} {kind if count == 1 else book.schema.kinds[kind].plural} {what}"
