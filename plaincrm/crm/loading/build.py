"""Many record files at once, straight to columns: every core takes a share of them.

A file costs a hundred microseconds to parse, for its front matter, its log and tasks and the facts
that rest on them; reading it costs four. So a first index is worth other processes, and what they
send back is plain columns.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeAlias

from plaincrm.book import workers
from plaincrm.core.records.columns import SEARCH_TEXT, ColumnData, Columns
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.search_text import packed, search_text
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.text_file import decode
from plaincrm.crm.loading.column_data import column_data, joined_data
from plaincrm.errors import Problem

Tell: TypeAlias = Callable[[str, int, int], None]
"""Told of long reading: the kind's plural, how many files are done, of how many."""

PART = 256  # files to a part; a process takes several, and progress is told between them
LEAST = 2  # parts that are worth a process of their own


class KindReader:
    """The files of one kind, at `paths`, being read; `file(path)` gives the bytes of one.

    What is wrong with them is added to `problems`; `unread` are those that could not be read.
    With `searched` the columns have the texts that a search looks through.
    """

    def __init__(
        self,
        kind: Kind,
        paths: Sequence[str],
        file: Callable[[str], bytes | None],
        context: Context,
        problems: list[Problem],
        tell: Tell | None = None,
        searched: bool = False,
    ) -> None:
        self.kind = kind
        self.unread: list[str] = []
        self._paths = paths
        self._file = file
        self._context = context
        self._problems = problems
        self._tell_of = tell
        self._searched = searched
        self._facts = context.facts.kept(kind.name)
        self._pool: dict[Any, Any] = {}
        self._process = os.getpid()

    def data(self, kept: Columns | None = None, gone: Collection[int] = ()) -> ColumnData:
        """The columns of all these files, and of the rows `kept` but for those `gone`, in the order
        of their paths.
        """
        parts = [] if kept is None else [kept]
        starts = range(0, len(self._paths), PART)
        for part, unread, problems in workers.mapped(self._part, starts, LEAST):
            parts.append(self.columns(part))
            self.unread += unread
            self._problems += (Problem(*problem) for problem in problems)
        self._tell(len(self._paths))
        return joined_data(parts, self._facts, gone)

    def columns(self, data: ColumnData) -> Columns:
        types = self._context.settings.log_settings
        return Columns(self.kind, types, data.get, lambda: data, self._text)

    def _text(self, path: str) -> str:
        return decode(self._file(path) or b"", path)[0]

    def _part(self, start: int) -> tuple[ColumnData, list[str], list[tuple[Any, ...]]]:
        """Columns of the files from the `start`th on, paths that could not be read, and what was
        wrong with them.
        """
        self._tell(start)
        before = len(self._problems)
        records, unread = [], []
        for path in self._paths[start : start + PART]:
            data = self._file(path)
            if data is None:
                unread.append(path)
            else:
                text, types = decode(data, path)[0], self._context.settings.log_settings
                records.append(Record.of_file(self.kind, path, text, types))
        problems = [problem.fields for problem in self._problems[before:]]
        del self._problems[before:]
        columns = column_data(records, self._facts, self._context, self._pool)
        if self._searched:
            columns[SEARCH_TEXT] = packed(list(map(search_text, records)))
        return columns, unread, problems

    def _tell(self, done: int) -> None:
        if self._tell_of is not None and os.getpid() == self._process:
            self._tell_of(self.kind.plural, done, len(self._paths))
