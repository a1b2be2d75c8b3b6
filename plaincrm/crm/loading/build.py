"""Many record files at once, straight to columns: every core takes a share of them.

A file costs a hundred microseconds to parse, for its front matter, its log and tasks and the facts
that rest on them; reading it costs four. So a first index is worth other processes, and what they
send back is plain columns.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from plaincrm.book import workers
from plaincrm.core.records import columns as shelf
from plaincrm.core.records.columns import Columns, Shelf
from plaincrm.core.records.record import Record
from plaincrm.core.text.text_file import decode
from plaincrm.errors import Problem

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

PART = 256  # files to a part; a process takes several, and progress is told between them
LEAST = 2  # parts that are worth a process of their own


class Reading:
    """The files of one kind, at `paths`, being read. `unread` are those that could not be."""

    def __init__(
        self, book: Book, kind: str, paths: Sequence[str], file: Callable[[str], bytes | None]
    ) -> None:
        self.book = book
        self.kind = book.schema.kinds[kind]
        self.unread: list[str] = []
        self._paths = paths
        self._file = file
        self._facts = book.context.facts.kept(kind)
        self._pool: dict[Any, Any] = {}
        self._process = os.getpid()

    def columns(self, kept: Shelf | None = None, gone: Collection[int] = ()) -> Columns:
        """The columns of all these files, and of the rows `kept` but for those `gone`, in the order
        of their paths.
        """
        shelves = [] if kept is None else [kept]
        for columns, unread, problems in workers.mapped(
            self._part, range(0, len(self._paths), PART), LEAST
        ):
            shelves.append(self.shelf(columns))
            self.unread += unread
            self.book.source.problems += (Problem(*problem) for problem in problems)
        self._tell(len(self._paths))
        return shelf.joined(shelves, self._facts, gone)

    def shelf(self, columns: Columns) -> Shelf:
        return Shelf(
            self.kind, self.book.settings.log_types, columns.get, lambda: columns, self._text
        )

    def _text(self, path: str) -> str:
        return decode(self._file(path) or b"", path)[0]

    def _part(self, start: int) -> tuple[Columns, list[str], list[tuple[Any, ...]]]:
        """Columns of the files from the `start`th on, paths that could not be read, and what was
        wrong with them.
        """
        self._tell(start)
        told = self.book.source.problems
        before = len(told)
        records, unread = [], []
        for path in self._paths[start : start + PART]:
            data = self._file(path)
            if data is None:
                unread.append(path)
            else:
                records.append(record(self.book, self.kind.name, path, data))
        problems = [problem.fields for problem in told[before:]]
        del told[before:]
        return shelf.columns(records, self._facts, self.book.context, self._pool), unread, problems

    def _tell(self, done: int) -> None:
        if self.book.progress is not None and os.getpid() == self._process:
            self.book.progress(self.kind.plural, done, len(self._paths))


def record(book: Book, kind: str, path: str, data: bytes) -> Record:
    """The record that a file holds."""
    id = path.rpartition("/")[2].removesuffix(".md")
    return Record.read(
        book.schema.kinds[kind], id, path, decode(data, path)[0], book.settings.log_types
    )
