"""Text in columns: tables laid out, cells cut and texts wrapped by what they take on a terminal.

The only home of tabulate, which lays out Markdown tables; a table for the terminal needs so little
that it does not pay for that import. Without a width nothing is cut.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from plaincrm.core.value_class import value
from plaincrm.views.layout import Paint, plain
from plaincrm.views.safe import line

GAP = 2
LEAST = 6  # columns that a cell keeps when nothing else helps
DATE = 10  # columns that a date needs
NAME = 16  # columns by which a name or an id is still known
_BREAKS = "/_-.@"  # a long word is broken after the last of these, if it is not a short piece
_SIMPLE = "\u0300"  # below it every character takes one column

# What would end a cell, begin a link or an image, or be HTML.
_MARKDOWN = str.maketrans({"\\": "\\\\", "|": "\\|", "[": "\\[", "<": "&lt;"})

Styles = Mapping[tuple[int, int], str]


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
    heads = [list(header)] if header else []
    return laid_out(heads, cells, ColumnFit(width, right, whole), paint, styles)


@value
class ColumnFit:
    """How columns share the `width`, None for as much as they take.

    `right`: the places of those that hold figures. `whole`: those that are cut last, as figures
    are. `yields`: those that are cut first.
    """

    width: int | None = None
    right: Sequence[int] = ()
    whole: Sequence[int] = ()
    yields: Sequence[int] = ()


def laid_out(
    heads: Sequence[Sequence[str]],
    cells: Sequence[Sequence[str]],
    fit: ColumnFit,
    paint: Paint = plain,
    styles: Styles | None = None,
) -> str:
    """Safe cells under the lines of their heading, without the last line end."""
    room = widths([*heads, *cells])
    if fit.width is not None:
        room = fitted(room, fit.width, {*fit.right, *fit.whole}, fit.yields)
    named = styles or {}
    lines = [_laid(head, ["head"] * len(head), room, fit.right, paint) for head in heads]
    for place, row in enumerate(cells):
        painted = [named.get((place, n), "") for n in range(len(row))]
        lines.append(_laid(row, painted, room, fit.right, paint))
    return "\n".join(lines)


def widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Columns of the terminal that each column takes."""
    return [max(map(columns, column)) for column in zip(*rows, strict=True)]


def fitted(
    wanted: Sequence[int],
    width: int,
    whole: Collection[int] = (),
    yields: Sequence[int] = (),
) -> list[int]:
    """`wanted` with the widest columns narrowed until all fit into `width`.

    Columns that `yield` give way first, then long texts, down to what tells one from the other;
    what is `whole` (figures, dates, addresses) misleads when it is cut, and is cut last.
    """
    found = list(wanted)
    texts = [n for n in range(len(found)) if n not in whole]
    steps = (
        (yields, NAME),
        (texts, NAME),
        (texts[1:], DATE),
        (texts, LEAST),
        (sorted(whole), LEAST),
    )
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
    broken, after a mark such as `/` where one stands in time.
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
            after_mark = max(rest.rfind(mark, 0, size) for mark in _BREAKS) + 1
            size = after_mark if after_mark > size // 2 else size
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
