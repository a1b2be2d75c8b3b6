"""What a search found: a record a line, and beneath it the line that has the words, these
highlighted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plaincrm.crm.find import FoundLine, addresses, spans
from plaincrm.views.layout import Layout, Paint
from plaincrm.views.rows import Rows, text_columns
from plaincrm.views.safe import line

COLUMNS = ("record", "title", "where", "line", "text", "score")
LEAST = 8  # columns that a cut text keeps
LEAD = 20  # columns of a long line that are shown before the first word found


def rows(hits: Sequence[FoundLine], total: int, words: Sequence[str]) -> Rows:
    """A row a hit; on a terminal the record, and beneath it the line that has the words."""

    def screen(rows: Rows, layout: Layout) -> str:
        lines = (each for hit in rows.records for each in _lines(hit, words, layout))
        return "".join(each + "\n" for each in lines)

    return Rows(
        "find",
        total,
        hits,
        text_columns(COLUMNS, _cells, right=("line", "score")),
        _json,
        lambda hit: hit.record.ref,
        lambda hit: hit.record.path,
        screen=screen,
    )


def _lines(hit: FoundLine, words: Sequence[str], layout: Layout) -> Iterator[str]:
    from plaincrm.views.table import GAP, columns, cut  # for the screen alone

    ref, title = line(hit.record.ref), line(hit.record.title)
    if layout.width is not None:
        title = cut(title, max(layout.width - columns(ref) - GAP, LEAST))
    yield f"{layout.paint(ref, 'quiet')}  {_marked(title, words, layout.paint)}"
    if hit.where == hit.record.kind.title:
        return
    label = f"line {hit.line}" if hit.line else hit.where
    text = line(hit.text)
    if layout.width is not None:
        text = _around(text, words, layout.width - columns(label) - 2 * GAP)
    label = layout.paint(line(label) + ":", "quiet")
    yield f"  {label} {_marked(text, words, layout.paint)}"


def _around(text: str, words: Sequence[str], width: int) -> str:
    """`text` cut to `width` columns so that the first word found is in it."""
    from plaincrm.views.table import columns, cut

    places = spans(text, words)
    if columns(text) > width and places and places[0][1] > width - 1:
        text = "…" + text[max(places[0][0] - LEAD, 0) :]
    return cut(text, max(width, LEAST))


def _marked(text: str, words: Sequence[str], paint: Paint) -> str:
    out, last = "", 0
    for start, end in spans(text, words):
        out += text[last:start] + paint(text[start:end], "found")
        last = end
    return out + text[last:]


def _cells(hit: FoundLine) -> list[str]:
    return [
        hit.record.ref,
        hit.record.title,
        hit.where,
        str(hit.line or ""),
        hit.text,
        str(hit.score),
    ]


def _json(hit: FoundLine) -> dict[str, Any]:
    record = hit.record
    return {
        "kind": record.kind.name,
        "id": record.id,
        "path": record.path,
        "title": record.title,
        "where": hit.where,
        "line": hit.line,
        "text": hit.text,
        "score": hit.score,
    }


def parsable(hits: Sequence[FoundLine], words: Sequence[str], *, headed: bool = True) -> str:
    """A line of status, which mutt skips, and then `e-mail TAB name TAB label` lines, as khard has
    them.
    """
    people = [tuple(map(line, each)) for each in addresses(hits)]
    status = f"plaincrm: {len(people)} found for {line(' '.join(words))}"
    return "".join(
        each + "\n"
        for each in (*([status] if headed else []), *("\t".join(person) for person in people))
    )
