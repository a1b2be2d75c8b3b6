"""The command that lists the records behind each row of a report.

A row is told by what it means where that is exactly its records: `list deals source:web is:won
ended:2026-01-01..2026-12-31`. Each proposal is asked, and taken only if it selects the very records
that were counted. Where none does, the records are named: `list deals id:a,b`.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from plaincrm.core.query.grammar import all_of
from plaincrm.core.value_class import changed, value
from plaincrm.core.values.dates import DateError
from plaincrm.core.values.figure import FigureTable
from plaincrm.core.values.periods import Period
from plaincrm.crm.reports.report import NONE, ReportRequest, ReportResult
from plaincrm.errors import QueryError

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_MOST_ROWS = 40  # of a table, beyond which only the records are named: each proposal is a query
_DAYS = {
    "deal": ("began", "(is:won or is:lost) ended"),
    "ticket": ("opened_at", "solved_at"),
}


def with_queries(book: Book, result: ReportResult, request: ReportRequest) -> ReportResult:
    """The report with a command for each row of which the records are known."""
    tables = tuple(
        changed(table, queries=tuple(_commands(book, table, request)))
        if table.refs and not table.queries
        else table
        for table in result.tables
    )
    return changed(result, tables=tables)


@value
class _Row:
    """A row of a table: the field that it is grouped by, its group, its records by kind."""

    field: str
    group: str
    kind: str
    ids: frozenset[str]


def _commands(book: Book, table: FigureTable, request: ReportRequest) -> Iterator[str]:
    for cells, refs in zip(table.rows, table.refs, strict=True):
        told = ""
        kinds = {ref.partition("/")[0] for ref in refs}
        if len(kinds) == 1 and len(table.rows) <= _MOST_ROWS:
            ids = frozenset(ref.partition("/")[2] for ref in refs)
            row = _Row(table.columns[0].name, str(cells[0]), kinds.pop(), ids)
            told = _told(book, row, request)
        yield told or named(book, refs)


def named(book: Book, refs: Sequence[str]) -> str:
    """A command for each kind, on lines of their own, that names the records."""
    lines = []
    for kind, group in groupby(sorted(refs), key=lambda ref: ref.partition("/")[0]):
        ids = ",".join(ref.partition("/")[2] for ref in group)
        lines.append(shlex.join(["list", book.kind(kind).plural, f"id:{ids}"]))
    return "\n".join(lines)


def _told(book: Book, row: _Row, request: ReportRequest) -> str:
    """The first proposal that selects the records of the row and no others."""
    for words in _proposals(row, request):
        asked = all_of(words, request.words)
        try:
            found = book.select(row.kind, asked).records
        except (QueryError, DateError):
            continue
        if {record.id for record in found} == row.ids:
            return shlex.join(["list", book.kind(row.kind).plural, *asked])
    return ""


def _proposals(row: _Row, request: ReportRequest) -> Iterator[tuple[str, ...]]:
    """What the row may mean, the most exact first: it is to hold tomorrow, too."""
    period = _period_of(row)
    if period is not None:
        first = max(period.first, request.period.first)
        yield from _within(row.kind, Period(first, min(period.last, request.period.last), ""))
        return
    group = f"no:{row.field}" if row.group == NONE else f"{row.field}:{row.group}"
    for words in (*_within(row.kind, request.period), ("is:open",), ()):
        yield (group, *words)


def _within(kind: str, period: Period) -> Iterator[tuple[str, ...]]:
    """The ways in which a record is in a period."""
    days = f"{period.first}..{period.last}"
    began, ended = _DAYS.get(kind, ("began", "last_entry"))
    if kind == "deal":
        yield ("is:won", f"ended:{days}")
    yield (f"{began}:{days} or ({ended}:{days})",)
    yield (f"{began}:{days}",)
    yield (f"close_date:{days}",) if kind == "deal" else (f"last_entry:{days}",)


def _period_of(row: _Row) -> Period | None:
    """The days of a row that is a month, a quarter or a year."""
    if row.field not in ("month", "quarter", "year"):
        return None
    from plaincrm.sales.goals import named_period

    try:
        return named_period(row.group)
    except ValueError:
        return None
