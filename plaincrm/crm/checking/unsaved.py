"""A book in which one file has the text that an editor holds and has not saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

from plaincrm.core.records.file_names import is_record
from plaincrm.core.text.text_file import lies_in
from plaincrm.crm.book import Book
from plaincrm.errors import Problem


def with_text(book: Book, path: str, data: bytes) -> Book:
    """The book as it would be with these bytes in the file `path`."""
    now = book.now

    def clock(zone: tzinfo) -> datetime:
        return now.astimezone(zone)

    return Book(book.root, clock, _Unsaved(book, path, data))


class _Unsaved:
    """The files of a book, one of them with other bytes."""

    def __init__(self, book: Book, path: str, data: bytes) -> None:
        self.source, self.path, self.data = book.source, path, data
        self.problems: list[Problem] = self.source.problems

    def records(self, kind: str, folder: str) -> Iterable[tuple[str, bytes]]:
        return self._with_own(kind, folder)

    def _with_own(self, kind: str, folder: str) -> Iterator[tuple[str, bytes]]:
        here = lies_in(self.path, folder) and is_record(self.path)
        found = dict(self.source.records(kind, folder))
        if here:
            found[self.path] = self.data
        yield from sorted(found.items())

    def file(self, path: str) -> bytes | None:
        return self.data if path == self.path else self.source.file(path)

    def names(self, folder: str, ending: str) -> list[str]:
        return self.source.names(folder, ending)
