"""The cells of a table of figures, for a page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from plaincrm.core.values.figure import FigureTable
from plaincrm.views import numbers
from plaincrm.views.figure_rows import cell_text
from plaincrm.views.html.element import Html
from plaincrm.views.html.figure_card import FEW_CASES
from plaincrm.views.html.page_source import PageSource

_CASES = ("n", "reached")  # the columns that have the cases of the rates beside them


def cells(found: FigureTable, row: Sequence[Any], source: PageSource) -> list[Html | str]:
    """A row with the marks of the book's language; of a rate with few cases, that they are few."""
    names = [column.name for column in found.columns]
    n = next((row[names.index(name)] for name in _CASES if name in names), None)
    shown: list[Html | str] = []
    for cell, column in zip(row, found.columns, strict=True):
        text = cell_text(cell, column.unit)
        if column.unit == "percent" and isinstance(n, int) and n < FEW_CASES:
            shown.append("n too small" if n else numbers.NONE)
        elif column.unit == "text" and not isinstance(cell, Decimal | int):
            shown.append(text)
        else:
            shown.append(source.number(text))
    return shown
