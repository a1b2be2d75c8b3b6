"""What the knowledge base answered, and what it does not know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.support.articles import KnowledgeGap
from plaincrm.support.knowledge import FoundArticle
from plaincrm.views.layout import Layout
from plaincrm.views.rows import Rows, text_columns
from plaincrm.views.safe import line
from plaincrm.views.table import wrapped

COLUMNS = ("id", "title", "audience", "score", "passage")
_INDENT = "  "
_PASSAGE_LINES = 3


@value
class ArticleRow:
    """A found article with its record."""

    found: FoundArticle
    record: Record


def found_articles(found: Sequence[FoundArticle], context: Context) -> Rows:
    """A row an article; on a terminal the title, and beneath it the passage."""
    rows = [
        ArticleRow(each, record)
        for each in found
        if (record := context.store.get("article", each.id)) is not None
    ]
    return Rows(
        "articles",
        len(rows),
        rows,
        text_columns(COLUMNS, _cells, right=("score",)),
        _json,
        lambda row: row.record.ref,
        lambda row: row.record.path,
        screen=_screen,
    )


def _cells(row: ArticleRow) -> list[str]:
    found, record = row.found, row.record
    return [record.id, record.title, record.text("audience"), f"{found.score:.2f}", found.passage]


def _json(row: ArticleRow) -> dict[str, Any]:
    record = row.record
    return {
        "id": record.id,
        "title": record.title,
        "audience": record.text("audience"),
        "passage": row.found.passage,
        "score": round(row.found.score, 5),
        "path": record.path,
    }


def _screen(rows: Rows, layout: Layout) -> str:
    return "".join(each + "\n" for row in rows.records for each in _lines(row, layout))


def _lines(row: ArticleRow, layout: Layout) -> Iterator[str]:
    record = row.record
    private = "" if record.text("audience") == "public" else "  (private)"
    head = layout.paint(line(record.title), "head")
    yield f"{head}  {layout.paint(line(record.id), 'quiet')}{private}"
    width = (layout.width or 80) - len(_INDENT)
    for text in wrapped(line(row.found.passage), width)[:_PASSAGE_LINES]:
        yield f"{_INDENT}{text}"


def gap_rows(found: Sequence[KnowledgeGap]) -> Rows:
    """A row a theme without an article."""
    return Rows(
        "gaps",
        len(found),
        found,
        text_columns(("theme", "tickets", "examples"), _gap_cells, right=("tickets",)),
        _gap_json,
        None,
        None,
    )


def _gap_cells(gap: KnowledgeGap) -> list[str]:
    tickets = gap.theme.tickets
    titles = "; ".join(each.title for each in tickets[:3])
    return [gap.theme.word, str(len(tickets)), titles]


def _gap_json(gap: KnowledgeGap) -> dict[str, Any]:
    return {
        "theme": gap.theme.word,
        "tickets": [each.ref for each in gap.theme.tickets],
    }
