"""The texts of a book that link to one record: of other records, and of notes that are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from plaincrm.book import inside
from plaincrm.core.records.edits import MoveLinks
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.text.text_file import decode, lies_in
from plaincrm.core.timeline.body_links import LinkedRecord, relinked
from plaincrm.core.value_class import value

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

_MAIL = {"inbox", "outbox"}  # what others wrote, and what waits to be sent
_LARGEST = 1 << 20  # bytes; what is larger is no note that somebody wrote


@value
class LinkingTexts:
    """The texts with links to `target` that are to lead to `path`. `notes`: each that is no record
    by its path, with its text afterwards.
    """

    target: LinkedRecord
    path: str
    records: tuple[Record, ...]
    notes: Mapping[str, str]

    def edits(self, source: Record) -> list[MoveLinks]:
        """What makes the links of a record follow."""
        return [MoveLinks(source.path, self.target, self.path)]

    def own(self, record: Record) -> list[MoveLinks]:
        """The edits of the record that is moved, or kept; none where its text has no such link,
        and so may be added at any time.
        """
        return self.edits(record) if self.path != self.target.path else []


def linking_texts(book: BookData, record: Record, path: str) -> LinkingTexts:
    """The texts with links to `record`, which will lie at `path`."""
    ids = frozenset(fold(id) for id in (record.id, *record.aliases()))
    kinds = [name for name in book.schema.kinds if name != record.kind.name]
    bare = not any(book.store.get(kind, record.id) for kind in kinds)
    target = LinkedRecord(record.kind.name, record.path, ids, bare)
    if path == record.path:
        return LinkingTexts(target, path, (), {})
    words = dict.fromkeys(form for id in (record.id, *record.aliases()) for form in (id, quote(id)))
    found = {each.ref: each for word in words for each in _with(word, book)}
    records = (each for each in found.values() if _changes(each, target, path))
    return LinkingTexts(target, path, tuple(records), dict(_notes(book, target, path)))


def _with(word: str, book: BookData) -> Iterator[Record]:
    """The records that have a word anywhere."""
    from plaincrm.crm.find import search

    return (hit.record for hit in search(book.context, [word]).hits)


def _changes(record: Record, target: LinkedRecord, path: str) -> bool:
    text = record.load()
    return relinked(text, record.path, target, path) != text


def _notes(book: BookData, target: LinkedRecord, path: str) -> Iterator[tuple[str, str]]:
    """The Markdown files that are no records and link to the target, with their text afterwards."""
    found = {}
    for note in _files(book):
        text = decode(inside.read(book.root, note) or b"")[0]
        moved = relinked(text, note, target, path)
        if moved != text:
            found[note] = moved
    ignored = book.git.ignored(found) if book.git is not None and found else frozenset()
    for note, text in found.items():
        if not any(note == path or note.startswith(f"{path.rstrip('/')}/") for path in ignored):
            yield note, text


def _files(book: BookData) -> Iterator[str]:
    """The Markdown files outside the folders of records; hidden folders and links are passed
    over.
    """
    places = {place for kind in book.schema.kinds.values() for place in kind.places} | _MAIL
    for entry in inside.listed(book.root, ""):
        if entry.name.startswith(".") or entry.name in places:
            continue
        if entry.is_dir(follow_symlinks=False):
            below = inside.files(book.root, entry.name)
            yield from (path for path, facts in below if _is_note(path, facts.st_size, places))
        elif entry.is_file(follow_symlinks=False) and _is_note(entry.name, 0, places):
            yield entry.name


def _is_note(path: str, size: int, places: set[str]) -> bool:
    in_place = any(lies_in(path, place) for place in places)
    return path.endswith(".md") and size <= _LARGEST and not in_place
