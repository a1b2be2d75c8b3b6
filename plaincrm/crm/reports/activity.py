"""What was done: entries of the log by owner and type, and the hours at which people answer."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from plaincrm.core.query.grammar import all_of
from plaincrm.core.records import line_records
from plaincrm.core.records.line_records import LineRecord
from plaincrm.core.records.record import Record
from plaincrm.core.values.figure import Figure, FigureTable
from plaincrm.crm.reports.grouping import grouping, order
from plaincrm.crm.reports.report import NONE, ReportRequest, ReportResult, columns

if TYPE_CHECKING:
    from plaincrm.core.timeline.log import Entry
    from plaincrm.crm.book import Book

TYPES = ("call", "email", "meeting", "message", "reply", "note")
LEAST = 5  # answers, below which an hour says nothing


def report(book: Book, request: ReportRequest) -> ReportResult:
    """The entries of the period. A query narrows the log lines (`type:call kind:deal`)."""
    found = _entries(book, request)
    owners = _by(book, request, found)
    hours = _by_hour(found)
    touched = {line.owner.ref: line.owner for line in found}
    figures = (
        Figure("entries", len(found), "count"),
        *(Figure(f"{name}s", _count(found, name), "count") for name in TYPES if name != "reply"),
        Figure("replies", _count(found, "reply"), "count"),
        Figure("records_touched", len(touched), "count"),
    )
    tables = [owners] + ([hours] if hours.rows else [])
    notes = [] if hours.rows else [f"no hour has {LEAST} answers or more: no best hour is named"]
    return ReportResult(
        "activity",
        request.period,
        figures,
        tuple(tables),
        tuple(notes),
        "contact",
        tuple(touched.values()),
    )


def _entries(book: Book, request: ReportRequest) -> list[LineRecord]:
    words = all_of(request.words, [f"at:{request.period.first}..{request.period.last}"])
    kind = line_records.LOG
    lines = book.select(kind, words).records
    return [line for line in lines if isinstance(line, LineRecord)]


def _entry(line: LineRecord) -> Entry:
    return line.item  # type: ignore[return-value]


def _count(found: list[LineRecord], type: str) -> int:
    return sum(1 for line in found if _entry(line).type == type)


def _by(book: Book, request: ReportRequest, found: list[LineRecord]) -> FigureTable:
    """A row an owner (of the record, else the book's own), or another field of the record."""
    by = request.by or "owner"
    groups: dict[str, list[LineRecord]] = {}
    for line in found:
        groups.setdefault(_group(book, by, line), []).append(line)
    own = order(grouping("month", line_records.LOG, book.context))
    rows: list[tuple[str | int, ...]] = []
    refs = []
    for name in sorted(groups, key=own):
        lines = groups[name]
        rest = sum(1 for line in lines if _entry(line).type not in TYPES)
        counts = (*(_count(lines, type) for type in TYPES), rest)
        rows.append((name, len(lines), *counts))
        refs.append(tuple(dict.fromkeys(line.owner.ref for line in lines)))
    names = columns(by, "entries:count", *(f"{type}:count" for type in TYPES), "other:count")
    return FigureTable(f"by {by}", names, tuple(rows), tuple(refs))


def _group(book: Book, by: str, line: LineRecord) -> str:
    entry, record = _entry(line), line.owner
    if by in ("month", "quarter", "year", "weekday"):
        return grouping(by, line_records.LOG, book.context).key(record, entry.date)
    if by in ("type", "direction"):
        return str(getattr(entry, by)) or NONE
    if by == "owner":
        return record.text("owner") or book.settings.me.name or NONE
    return _value(book, by, record)


def _value(book: Book, by: str, record: Record) -> str:
    return grouping(by, record.kind, book.context).key(record, None)


def _by_hour(found: list[LineRecord]) -> FigureTable:
    """The hours at which people answered, those with answers enough."""
    answers: Counter[int] = Counter()
    for line in found:
        entry = _entry(line)
        if entry.direction == "in" and entry.time is not None:
            answers[entry.time.hour] += 1
    rows = tuple(
        (f"{hour:02}:00", count) for hour, count in sorted(answers.items()) if count >= LEAST
    )
    return FigureTable("answers by hour", columns("hour", "answers:count"), rows)
