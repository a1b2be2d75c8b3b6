"""The saved queries as rows, each with how many records it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plaincrm.core.records.record import Record
from plaincrm.core.records.segment import Segment
from plaincrm.crm.book import Book
from plaincrm.crm.named_files import SEGMENTS
from plaincrm.crm.segment_changes import SegmentChange, segment_change, with_todays_segments
from plaincrm.errors import QueryError, UsageError
from plaincrm.views import numbers
from plaincrm.views.rows import Rows, text_columns

COLUMNS = ("name", "kind", "count", "doc", "query")
SINCE = ("before", "came", "went")


def rows(book: Book, past: Book | None = None) -> Rows:
    """Name, kind, count (a dash where the query can't be understood) and purpose of every
    segment; `@name` is what goes wherever a REF goes. With the book of a `past` day also the count
    then, and how many came and went.
    """
    if past is not None:
        with_todays_segments(past, book.segments, book)
    results = [_row(book, segment, past) for segment in book.segments.values()]
    names = COLUMNS if past is None else (*COLUMNS[:3], *SINCE, *COLUMNS[3:])
    return Rows(
        "segments",
        len(results),
        results,
        text_columns(names, lambda row: _cells(row, names), ("count", *SINCE), spare=("query",)),
        lambda row: row,
        lambda row: f"@{row['name']}",
        lambda row: f"{SEGMENTS}/{row['name']}.yaml",
    )


def change_rows(change: SegmentChange) -> Rows:
    """A row for each record that came or went, and what its title is."""
    results = [("came", each) for each in change.came] + [("went", each) for each in change.went]
    return Rows(
        "segment changes",
        len(results),
        results,
        text_columns(("change", "record", "title"), _change_cells, whole=("change", "record")),
        lambda row: {"change": row[0], "record": row[1].ref, "title": row[1].title},
        lambda row: row[1].ref,
        lambda row: row[1].path,
        more={"before": change.before, "now": change.now},
    )


def _change_cells(row: tuple[str, Record]) -> list[str]:
    return [row[0], row[1].ref, row[1].title]


def _row(book: Book, segment: Segment, past: Book | None) -> dict[str, Any]:
    count, problem = None, None
    since: dict[str, Any] = {} if past is None else dict.fromkeys(SINCE)
    try:
        count = book.select(segment.kind, [f"@{segment.name}"]).total
        if past is not None:
            change = segment_change(book, past, segment)
            since = {"before": change.before, "came": len(change.came), "went": len(change.went)}
    except (QueryError, UsageError) as error:
        problem = error.message
    query = " ".join(segment.query) if segment.ids is None else None
    return {
        "name": segment.name,
        "kind": segment.kind,
        "count": count,
        **since,
        "doc": segment.doc or None,
        "query": query,
        "snapshot": segment.ids is not None,
        "problem": problem,
    }


def _cells(row: dict[str, Any], names: Sequence[str]) -> list[str]:
    count = numbers.NONE if row["count"] is None else str(row["count"])
    shown = {
        **{name: numbers.NONE if row.get(name) is None else str(row[name]) for name in SINCE},
        "name": row["name"],
        "kind": row["kind"],
        "count": count,
        "doc": row["doc"] or "",
        "query": row["query"] or row["problem"] or "a snapshot",
    }
    return [shown[name] for name in names]
