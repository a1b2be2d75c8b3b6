"""Text in columns: tables laid out, cells cut and texts wrapped by what they take on a terminal.

The only home of tabulate, which lays out Markdown tables; a table for the terminal needs so little
that it does not pay for that import. Without a width nothing is cut.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from plaincrm.core.value_class import changed
from plaincrm.views.layout import Layout, Paint, plain
from plaincrm.views.rows import ListColumn, Rows
from plaincrm.views.safe import line

GAP = 2
LEAST = 6  # columns that a cell keeps when nothing else helps
DATE = 10  # columns that a date needs
NAME = 16  # columns by which a name or an id is still known
_SIMPLE = "\u0300"  # below it every character takes one column

# What would end a cell, begin a link or an image, or be HTML.
_MARKDOWN = str.maketrans({"\\": "\\\\", "|": "\\|", "[": "\\[", "<": "&lt;"})

Styles = Mapping[tuple[int, int], str]


def listing_table(rows: Rows, layout: Layout) -> str:
    """A listing under its headings, with its last line end; empty for an empty one.

    Where a terminal is too narrow for it, cells are in short, and columns that can be spared are
    left away from the right, before anything is cut.
    """
    if not rows.records:
        return ""
    shown = rows
    cells = _cells(shown)
    if layout.width is not None and _needed(cells) > layout.width:
        columns = [changed(column, text=column.in_short) for column in rows.columns]
        shown = changed(rows, columns=columns)
        cells = _cells(shown)
        while _needed(cells) > layout.width and any(column.spare for column in shown.columns):
            shown = changed(shown, columns=_without_spare(shown.columns))
            cells = _cells(shown)
    header, *body = cells
    text = table(header, body, layout.width, shown.right, layout.paint, whole=shown.whole)
    foot = layout.paint(line(rows.foot), "head") + "\n" if rows.foot else ""
    return f"{text}\n{foot}"


def _cells(rows: Rows) -> list[list[str]]:
    """The headings, then the cells of each row."""
    body = [[line(column.text(row)) for column in rows.columns] for row in rows.records]
    return [[name.upper() for name in rows.names], *body]


def _needed(cells: Sequence[Sequence[str]]) -> int:
    """Columns of the terminal that the table takes uncut."""
    widths = _widths(cells)
    return sum(widths) + GAP * (len(widths) - 1)


def _without_spare(columns: Sequence[ListColumn]) -> list[ListColumn]:
    """Without the last column that can be spared."""
    last = max(place for place, column in enumerate(columns) if column.spare)
    return [*columns[:last], *columns[last + 1 :]]


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int | None = None,
    right: Sequence[int] = (),
    paint: Paint = plain,
    styles: Styles | None = None,
    whole: Sequence[int] = (),
) -> str:
    """Rows under a header (none: no header), columns aligned.

    `right`: the places of the columns that hold figures. `whole`: those that are cut last, as
    figures are. `styles`: by row and column, what `paint` is told of a cell.
    """
    cells = [[line(cell) for cell in row] for row in rows]
    widths = _widths([list(header), *cells] if header else cells)
    if width is not None:
        widths = fitted(widths, width, {*right, *whole})
    named = styles or {}
    lines = [_laid(header, ["head"] * len(header), widths, right, paint)] if header else []
    for place, row in enumerate(cells):
        painted = [named.get((place, n), "") for n in range(len(row))]
        lines.append(_laid(row, painted, widths, right, paint))
    return "\n".join(lines)


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(columns, column)) for column in zip(*rows, strict=True)]


def fitted(widths: Sequence[int], width: int, whole: Collection[int] = ()) -> list[int]:
    """`widths` with the widest columns narrowed until all fit into `width`.

    Long texts give way first, down to what tells one from the other; what is `whole` (figures,
    dates, addresses) misleads when it is cut, and is cut last.
    """
    found = list(widths)
    texts = [n for n in range(len(found)) if n not in whole]
    steps = ((texts, NAME), (texts[1:], DATE), (texts, LEAST), (sorted(whole), LEAST))
    for some, least in steps:
        over = sum(found) + GAP * (len(found) - 1) - width
        while some and over > 0:
            widest = max(some, key=lambda n: (found[n], n))
            if found[widest] <= least:
                break
            found[widest] -= 1
            over -= 1
    return found


def _laid(
    row: Sequence[str],
    styles: Sequence[str],
    widths: Sequence[int],
    right: Sequence[int],
    paint: Paint,
) -> str:
    out, last = [], max((n for n, cell in enumerate(row) if cell), default=-1)
    for n, cell in enumerate(row[: last + 1]):
        text = cut(cell, widths[n])
        space, painted = " " * (widths[n] - columns(text)), paint(text, styles[n])
        if n in right:
            out.append(space + painted)
        else:
            out.append(painted if n == last else painted + space)
    return (" " * GAP).join(out)


def columns(text: str) -> int:
    """Columns that `text` takes on a terminal."""
    if text.isascii() or max(text) < _SIMPLE:
        return len(text)
    from wcwidth import wcswidth

    found: int = wcswidth(text)
    return found if found >= 0 else len(text)


def cut(text: str, width: int) -> str:
    """`text` in at most `width` columns, with … where something is missing."""
    if columns(text) <= width:
        return text
    if width < 1:
        return ""
    kept = text[: width - 1]
    while columns(kept) > width - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def padded(text: str, width: int) -> str:
    """`text` with spaces up to `width` columns."""
    return text + " " * max(width - columns(text), 0)


def wrapped(text: str, width: int) -> list[str]:
    """The words of `text`, made safe, in lines of at most `width` columns; a word that is longer is
    broken.
    """
    lines, here = [], ""
    for word in _pieces(line(text), max(width, 2)):
        joined = f"{here} {word}" if here else word
        if here and columns(joined) > width:
            lines.append(here)
            joined = word
        here = joined
    return [*lines, here] if here else lines


def _pieces(text: str, width: int) -> Iterator[str]:
    for word in text.split():
        rest = word
        while columns(rest) > width:
            size = _fitting(rest, width)
            yield rest[:size]
            rest = rest[size:]
        yield rest


def _fitting(text: str, width: int) -> int:
    """How many characters of `text` fit, at least one."""
    size = min(len(text), width)
    while size > 1 and columns(text[:size]) > width:
        size -= 1
    return size


def markdown(
    header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()
) -> str:
    """A Markdown table; what would be Markdown or HTML in a cell is escaped."""
    from tabulate import tabulate

    cells = [[escaped(cell) for cell in row] for row in rows]
    align = ["right" if n in right else "left" for n in range(len(header))]
    return tabulate(
        cells, [escaped(name) for name in header], "pipe", disable_numparse=True, colalign=align
    )


def escaped(text: str) -> str:
    """A text on one line, in which nothing is Markdown or HTML."""
    return line(text).translate(_MARKDOWN)
