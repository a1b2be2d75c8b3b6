"""Tables for the terminal: tabulate lays them out, cells are cut to fit a narrow one.

The only home of tabulate. Without a width nothing is cut.
"""

from __future__ import annotations

from collections.abc import Sequence

from plaincrm.views.safe import line

GAP = 2
LEAST = 6  # columns that a cell keeps before the next wider one is cut


def table(
    header: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None, right: Sequence[int] = ()
) -> str:
    """Rows under a header, columns aligned; `right`: indexes of those that hold figures."""
    from tabulate import tabulate

    cells = [[line(cell) for cell in row] for row in rows]
    if width is not None:
        cells = fitted(list(header), cells, width)
    align = ["right" if n in right else "left" for n in range(len(header))]
    return tabulate(
        cells, headers=list(header), tablefmt="plain", disable_numparse=True, colalign=align if cells else None
    )


def fitted(header: list[str], rows: list[list[str]], width: int) -> list[list[str]]:
    """`rows` with the widest columns cut, a column at a time, until all fit into `width`."""
    widths = [max([columns(name), *(columns(row[n]) for row in rows)]) for n, name in enumerate(header)]
    over = sum(widths) + GAP * (len(widths) - 1) - width
    while over > 0:
        widest = max(range(len(widths)), key=lambda n: widths[n])
        if widths[widest] <= max(LEAST, columns(header[widest])):
            break
        widths[widest] -= 1
        over -= 1
    return [[cut(cell, widths[n]) for n, cell in enumerate(row)] for row in rows]


def columns(text: str) -> int:
    """Columns that `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    found: int = wcswidth(text)
    return found if found >= 0 else len(text)


def cut(text: str, width: int) -> str:
    """`text` in at most `width` columns, with … where something is missing."""
    if columns(text) <= width:
        return text
    kept = text[: max(width - 1, 0)]
    while columns(kept) > width - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; bars and angle brackets in cells are escaped."""
    lines = [[_cell(cell) for cell in row] for row in (header, *rows)]
    rule = ["---"] * len(header)
    return "\n".join("| " + " | ".join(row) + " |" for row in (lines[0], rule, *lines[1:]))


def _cell(text: str) -> str:
    return line(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
