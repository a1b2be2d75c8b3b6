"""The saved queries as rows, each with how many records it has."""

from __future__ import annotations

from typing import Any

from plaincrm.core.query import Segment
from plaincrm.crm.book import Book
from plaincrm.crm.segment_files import FOLDER
from plaincrm.errors import QueryError, UsageError
from plaincrm.views import numbers
from plaincrm.views.rows import Rows, text_columns

COLUMNS = ("name", "kind", "count", "doc", "query")


def rows(book: Book) -> Rows:
    """Name, kind, count (a dash where the query can't be understood) and purpose of every
    segment; `@name` is what goes wherever a REF goes.
    """
    results = [_row(book, segment) for segment in book.segments.values()]
    return Rows(
        "segments",
        len(results),
        results,
        text_columns(COLUMNS, _cells, ("count",), spare=("query",)),
        lambda row: row,
        lambda row: f"@{row['name']}",
        lambda row: f"{FOLDER}/{row['name']}.yaml",
    )


def _row(book: Book, segment: Segment) -> dict[str, Any]:
    count, problem = None, None
    try:
        count = book.select(segment.kind, [f"@{segment.name}"]).total
    except (QueryError, UsageError) as error:
        problem = error.message
    query = " ".join(segment.query) if segment.ids is None else None
    return {
        "name": segment.name,
        "kind": segment.kind,
        "count": count,
        "doc": segment.doc or None,
        "query": query,
        "snapshot": segment.ids is not None,
        "problem": problem,
    }


def _cells(row: dict[str, Any]) -> list[str]:
    count = numbers.NONE if row["count"] is None else str(row["count"])
    query = row["query"] or row["problem"] or "a snapshot"
    return [row["name"], row["kind"], count, row["doc"] or "", query]
