"""A listing for a terminal that is too narrow for it: what gives way, and in which order.

Cells are in short; sums in several currencies stand under each other; long headings are broken;
columns that can be spared are left away from the right. Only then is anything cut, and then names
and texts before dates, amounts, stages and addresses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from plaincrm.core.value_class import changed, value
from plaincrm.views.layout import Layout
from plaincrm.views.rows import ListColumn, Rows
from plaincrm.views.safe import line
from plaincrm.views.table import GAP, ColumnFit, laid_out, widths

_SUMS = re.compile(r"[-+]?[\d.,]*\d \S+(?:, [-+]?[\d.,]*\d \S+)+")
_JOINT = re.compile(r"(?<=[_-])")


@value
class TextTable:
    """A listing as texts. A heading may have several lines; a row of the listing may take several
    rows of `body`.
    """

    columns: Sequence[ListColumn]
    header: Sequence[str]
    body: Sequence[Sequence[str]]

    @property
    def width(self) -> int:
        """Columns of the terminal that it takes uncut."""
        found = widths(heading(self.header) + [list(row) for row in self.body])
        return sum(found) + GAP * (len(found) - 1)

    def places(self, name: str) -> list[int]:
        """The places of the columns that are `right`, `whole` or `yields`."""
        return [place for place, each in enumerate(self.columns) if getattr(each, name)]


def text_table(rows: Rows, width: int | None) -> TextTable:
    """The listing's texts, made to fit into the width as far as nothing has to be cut for it."""
    found = _texts(rows.columns, rows)
    if width is None or found.width <= width:
        return found
    short = [changed(column, text=column.in_short) for column in rows.columns]
    found = _broken(_stacked(_texts(short, rows)))
    while found.width > width and any(column.spare for column in found.columns):
        found = _broken(_stacked(_texts(_without_spare(found.columns), rows)))
    return found


def listing_table(rows: Rows, layout: Layout) -> str:
    """A listing under its headings, with its last line end; empty for an empty one."""
    if not rows.records:
        return ""
    found = text_table(rows, layout.width)
    fit = ColumnFit(layout.width, *(found.places(name) for name in ("right", "whole", "yields")))
    text = laid_out(heading(found.header), found.body, fit, layout.paint)
    foot = layout.paint(line(rows.foot), "head") + "\n" if rows.foot else ""
    return f"{text}\n{foot}"


def _texts(columns: Sequence[ListColumn], rows: Rows) -> TextTable:
    body = [[line(column.text(row)) for column in columns] for row in rows.records]
    return TextTable(columns, [column.name.upper() for column in columns], body)


def _without_spare(columns: Sequence[ListColumn]) -> list[ListColumn]:
    """Without the last column that can be spared."""
    last = max(place for place, column in enumerate(columns) if column.spare)
    return [*columns[:last], *columns[last + 1 :]]


def _stacked(table: TextTable) -> TextTable:
    """With each of several sums on a line of its own."""
    right = set(table.places("right"))
    body: list[Sequence[str]] = []
    for row in table.body:
        parts = [
            cell.split(", ") if place in right and _SUMS.fullmatch(cell) else [cell]
            for place, cell in enumerate(row)
        ]
        body += [list(each) for each in zip_longest(*parts, fillvalue="")]
    return changed(table, body=body)


def _broken(table: TextTable) -> TextTable:
    """With headings broken at `_` and `-` where they are wider than what stands under them."""
    room = widths(table.body) if table.body else [0] * len(table.header)
    header = [_wrapped(name, most) for name, most in zip(table.header, room, strict=True)]
    return changed(table, header=header)


def _wrapped(name: str, room: int) -> str:
    lines: list[str] = []
    for piece in _JOINT.split(name):
        if lines and len(lines[-1] + piece.rstrip("_")) <= room:
            lines[-1] += piece
        else:
            lines.append(piece)
    return "\n".join(each.rstrip("_") if len(lines) > 1 else each for each in lines)


def heading(header: Sequence[str]) -> list[list[str]]:
    """The lines of a heading, the last one full."""
    columns = [name.split("\n")[::-1] for name in header]
    return [list(row) for row in zip_longest(*columns, fillvalue="")][::-1]
