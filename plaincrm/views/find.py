"""What a search found: a record a line, and beneath it the line that has the words, these
highlighted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from plaincrm.crm.find import Hit, addresses, spans
from plaincrm.views.colour import Paint
from plaincrm.views.rows import Rows
from plaincrm.views.safe import line
from plaincrm.views.table import columns, cut

COLUMNS = ("record", "title", "where", "line", "text", "score")
LEAD = 20  # columns of a long line that are shown before the first word found


def found(hits: Iterable[Hit], words: Sequence[str], width: int | None, paint: Paint) -> str:
    return "".join(each + "\n" for hit in hits for each in _lines(hit, words, width, paint))


def _lines(hit: Hit, words: Sequence[str], width: int | None, paint: Paint) -> Iterator[str]:
    ref, title = line(hit.record.ref), line(hit.record.title)
    room = None if width is None else width - columns(ref) - 2
    yield (
        f"{paint(ref, 'quiet')} "
        f" {_marked(title if room is None else cut(title, max(room, 8)), words, paint)}"
    )
    if hit.where != hit.record.kind.title:
        label = f"line {hit.line}" if hit.line else hit.where
        text = line(hit.text)
        text = text if width is None else _around(text, words, width - columns(label) - 4)
        yield f"  {paint(line(label) + ':', 'quiet')} {_marked(text, words, paint)}"


def _around(text: str, words: Sequence[str], width: int) -> str:
    """`text` cut to `width` columns so that the first word found is in it."""
    places = spans(text, words)
    if columns(text) > width and places and places[0][1] > width - 1:
        text = "…" + text[max(places[0][0] - LEAD, 0) :]
    return cut(text, max(width, 8))


def _marked(text: str, words: Sequence[str], paint: Paint) -> str:
    out, last = "", 0
    for start, end in spans(text, words):
        out += text[last:start] + paint(text[start:end], "found")
        last = end
    return out + text[last:]


def rows(hits: Sequence[Hit], total: int) -> Rows:
    return Rows(
        "find",
        total,
        hits,
        COLUMNS,
        _cells,
        _json,
        ref=lambda hit: hit.record.ref,
        path=lambda hit: hit.record.path,
    )


def _cells(hit: Hit) -> list[str]:
    return [
        hit.record.ref,
        hit.record.title,
        hit.where,
        str(hit.line or ""),
        hit.text,
        str(hit.score),
    ]


def _json(hit: Hit) -> dict[str, Any]:
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


def parsable(hits: Sequence[Hit], words: Sequence[str], *, headed: bool = True) -> str:
    """A line of status, which mutt skips, and then `e-mail TAB name TAB label` lines, as khard has
    them.
    """
    people = [tuple(map(line, each)) for each in addresses(hits)]
    status = f"plaincrm: {len(people)} found for {line(' '.join(words))}"
    return "".join(
        each + "\n"
        for each in (*([status] if headed else []), *("\t".join(person) for person in people))
    )
