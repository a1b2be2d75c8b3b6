"""The records of a kind, from the cache where it holds and from their files where it does not.

    scan the folder ─▶ compare with the cache ─▶ read what changed ─▶ rows and records

The cache is made anew when so much had to be read that the next command would feel it.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plaincrm import __version__
from plaincrm.book.config import SETTINGS
from plaincrm.book.index import cache, changed
from plaincrm.book.index.changed import Changes, Marks
from plaincrm.book.index.scan import Scan, order
from plaincrm.book.source import WorkTree
from plaincrm.core.records import columns
from plaincrm.core.records.collection import Collection, Holdings
from plaincrm.core.records.columns import Shelf
from plaincrm.core.records.record import Record
from plaincrm.core.text.text_file import decode

if TYPE_CHECKING:
    from plaincrm.book.index.prefetch import Found
    from plaincrm.crm.book import Book

FEW = 16  # files that a command may read anew without making the cache anew
SHARE = 256  # and one in so many of a large kind


def load(book: Book, kind: str) -> Collection:
    """Every record of the kind, as the files are now."""
    with no_collection():
        if isinstance(book.source, WorkTree) and book.cached:
            return _Loading(book, book.source, kind).collection()
        from plaincrm.crm.loading.build import Reading, record

        files = dict(book.source.records(kind, book.schema.kinds[kind].folder))
        if isinstance(book.source, WorkTree):
            return Collection.of(
                fresh=[record(book, kind, path, data) for path, data in files.items()]
            )
        reading = Reading(book, kind, list(files), files.get)
        return Collection.of(reading.shelf(reading.columns()))


def kept_mapping(book: Book) -> Any:
    """The settings file as the YAML parser reads it, which is slow to load; None where it has
    problems.
    """
    stamp = repr((*_program(), book.settings_text))
    kept = cache.find(book.private, SETTINGS, stamp) if book.cached else None
    if kept is not None and (found := kept.read("mapping")) is not None:
        return found
    from plaincrm.core.yaml.front_matter import read_mapping

    mapping = read_mapping(book.settings_text)
    if mapping.problems:
        return None
    if (
        book.cached
        and book.settings_text
        and (draft := cache.begin(book.private, SETTINGS)) is not None
    ):
        draft.write(stamp, {"mapping": (mapping.fields, mapping.positions)})
    return mapping.fields, mapping.positions


@lru_cache(maxsize=1)
def _program() -> tuple[object, ...]:
    """The program that made a cache: its version, its Python, and when the rooms that facts come
    from last changed, for a checkout that is pulled keeps its version while what a fact computes
    changes."""
    package = Path(__file__).parents[2]
    rooms = tuple(
        (package / room).stat().st_mtime_ns for room in ("core", "sales", "support", "crm")
    )
    return __version__, sys.implementation.cache_tag, rooms


class _Loading:
    """One kind being loaded."""

    def __init__(self, book: Book, source: WorkTree, kind: str) -> None:
        self.book = book
        self.source = source
        self.kind = book.schema.kinds[kind]
        self.facts = book.context.facts.kept(kind)
        self.stamp = self._stamp()

    def collection(self) -> Collection:
        scouts, name = self.book.scouts, self.kind.name
        sent = scouts.kept(name, self.stamp) if scouts is not None else None
        kept = sent or cache.find(self.book.private, name, self.stamp)
        rows = self._shelf(kept) if kept is not None else None
        if scouts is None or sent is None or rows is None:
            return Collection.of(*self._compared(kept, rows))
        return Collection(rows, lambda: self._told(scouts.found(name), sent, rows))

    def _told(self, found: Found | None, kept: cache.Kept, rows: Shelf) -> Holdings:
        """What the scouts found. All is looked at where they could not tell, or the cache is to be
        made anew.
        """
        if found is None or _worth_keeping(len(found.read), len(found.gone), found.records):
            return self._compared(kept, rows)
        self.source.problems.extend(found.problems)
        return rows, [rows.row(path) for path in found.gone], self._read(found.read)

    def _compared(self, kept: cache.Kept | None, rows: Shelf | None) -> Holdings:
        """The files beside what the cache keeps of them; where that is not whole, the files
        alone.
        """
        marks = kept.read("marks") if kept is not None and rows is not None else None
        if kept is None or rows is None or marks is None:
            rows, marks = None, {}
        since = kept.since if kept is not None else 0
        found, changes = self._scan(marks, since)
        count = sum(len(listing.names) for listing in found.folders.values())
        if _worth_keeping(len(changes.read), len(changes.gone), count):
            return self._anew(found, changes, marks, since, rows)
        self.source.problems.extend(found.problems)
        return rows, _gone(rows, changes), self._read(changes.read)

    def _anew(
        self, found: Scan, changes: Changes, marks: Marks, since: int, rows: Shelf | None
    ) -> Holdings:
        """Reads many files, and keeps what it has of them and of the rows that still hold."""
        from plaincrm.crm.loading.build import Reading

        draft = cache.begin(self.book.private, self.kind.name)
        if draft is not None:  # what is kept must have been seen after the draft was made
            found, changes = self._scan(marks, since)
        self.source.problems.extend(found.problems)
        reading = Reading(
            self.book, self.kind.name, sorted(changes.read, key=order), self.source.file
        )
        columns = reading.columns(rows, _gone(rows, changes))
        made = reading.shelf(columns)
        if draft is not None:
            kept = columns | {"marks": changed.marks(found, reading.unread)}
            draft.write(self.stamp, kept, self.kind.folder, len(made))
        return made, (), ()

    def _scan(self, marks: Marks, since: int) -> tuple[Scan, Changes]:
        found = self.source.scan(self.kind.name, self.kind.folder)
        return found, changed.compare(found, marks, since)

    def _shelf(self, kept: cache.Kept) -> Shelf | None:
        """The rows that a cache holds, if at least their names are whole."""
        first = {name: kept.read(name) for name in ("id", "folder", "names")}
        if None in first.values():
            return None

        def read(name: str) -> Any:
            return first[name] if name in first else kept.read(name)

        return Shelf(self.kind, self.book.settings.log_types, read, self._refill(read), self._text)

    def _refill(self, read: Callable[[str], Any]) -> Any:
        """All columns from the files themselves, for a cache that turns out to be damaged in the
        middle.
        """

        def made() -> columns.Columns:
            places = zip(read("folder"), read("id"), strict=True)
            paths = [f"{folder}/{id}.md" for folder, id in places]
            records = [self._made(path, self.source.file(path) or b"") for path in paths]
            return columns.columns(records, self.facts, self.book.context, {})

        return made

    def _read(self, paths: Iterable[str]) -> list[Record]:
        files = ((path, self.source.file(path)) for path in sorted(paths, key=order))
        return [self._made(path, data) for path, data in files if data is not None]

    def _made(self, path: str, data: bytes) -> Record:
        from plaincrm.crm.loading.build import record

        return record(self.book, self.kind.name, path, data)

    def _text(self, path: str) -> str:
        return decode(self.source.file(path) or b"", path)[0]

    def _stamp(self) -> str:
        """All that the columns rest on besides the files."""
        facts = [(fact.name, fact.type, fact.needs.value) for fact in self.facts]
        program = _program()
        return cache.belonging(self.book.root) + repr(
            (program, self.kind.folder, facts, self.book.settings_text)
        )


def _worth_keeping(read: int, gone: int, count: int) -> bool:
    """Whether a cache with so many files to read anew, so many rows that no longer hold, is to be
    made anew.
    """
    return read + gone > max(FEW, count // SHARE) or read == count > 0


def _gone(rows: Shelf | None, changes: Changes) -> frozenset[int]:
    return frozenset(map(rows.row, changes.gone)) if rows is not None else frozenset()


@contextmanager
def no_collection() -> Iterator[None]:
    """Without garbage collection: it would walk over every record again and again, and find none to
    free.
    """
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
