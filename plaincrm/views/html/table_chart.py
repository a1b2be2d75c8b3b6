"""The chart that a table of figures tells: lines or columns over time, bars for everything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import changed
from plaincrm.core.values.figure import FigureTable, Unit
from plaincrm.views.figure_rows import cell_text
from plaincrm.views.html.bars import Bar, bar_chart
from plaincrm.views.html.element import NOTHING, Html
from plaincrm.views.html.figure_card import spelled
from plaincrm.views.html.number_marks import in_language
from plaincrm.views.html.page_source import PageSource
from plaincrm.views.html.plot import MOST_SERIES, Series, column_chart, line_chart
from plaincrm.views.html.scale import short

# First columns whose rows follow each other in time.
_TIMES = frozenset({"day", "week", "month", "quarter", "year", "period", "hour", "weekday"})
_DRAWN: Sequence[Unit] = ("money", "count")  # what is drawn first
_MOST_BARS = 12  # more are a table
_MOST_MONTHS = 120  # of a chart; more are no longer told apart
_MONTH = pattern(r"\d{4}-\d{2}")
_LEAST_ROWS = 2  # one bar compares nothing


def chart_of(found: FigureTable, source: PageSource, form: str = "") -> Html:
    """The chart of a table; nothing where it has none. `form`: `bars`, `line`, or as it fits."""
    places = _places(found)
    if len(found.rows) < _LEAST_ROWS or not places:
        return NOTHING
    title = spelled(found.name)
    over_time = found.columns[0].name.casefold() in _TIMES
    if over_time:
        found = _without_gaps(found)
    names = [cell_text(row[0], found.columns[0].unit) for row in found.rows]

    def shown(amount: Decimal) -> str:
        return in_language(short(amount), source.language)

    if over_time or form == "line":
        series = [_series(found, place, source) for place in places[:MOST_SERIES]]
        told = _told(title, names, series[0], shown)
        draw = line_chart if len(series) > 1 or form == "line" else column_chart
        return draw(title, told, names, series, shown=shown, values=False)
    if len(names) > _MOST_BARS:
        return NOTHING
    first = _series(found, places[0], source)
    bars = [Bar(name, each or Decimal(0)) for name, each in zip(names, first.values, strict=True)]
    told = _told(title, names, first, shown)
    return bar_chart(title, told, bars, shown=shown, of=first.name, values=False)


def _without_gaps(found: FigureTable) -> FigureTable:
    """Only what is dated; months between others are there, with nothing in them."""
    rows = {str(row[0]): row for row in found.rows if str(row[0])[:1].isdecimal()}
    if not rows:
        return found
    if not all(_MONTH.fullmatch(name) for name in rows):
        return changed(found, rows=tuple(rows.values()))
    empty = (Decimal(0),) * (len(found.columns) - 1)
    months = list(_months(min(rows), max(rows)))
    return changed(found, rows=tuple(rows.get(month, (month, *empty)) for month in months))


def _months(first: str, last: str) -> Iterator[str]:
    year, month = map(int, first.split("-"))
    for number in range(year * 12 + month - 1, year * 12 + month - 1 + _MOST_MONTHS):
        name = f"{number // 12:04}-{number % 12 + 1:02}"
        yield name
        if name == last:
            return


def _places(found: FigureTable) -> list[int]:
    """The columns that are drawn: those of money, else the first of counts."""
    for unit in _DRAWN:
        places = [n for n, column in enumerate(found.columns) if n and column.unit == unit]
        filled = [n for n in places if any(row[n] for row in found.rows)]
        if filled:
            return filled if unit == "money" else filled[:1]
    return []


def _series(found: FigureTable, place: int, source: PageSource) -> Series:
    values = [_amount(row[place], source.currency) for row in found.rows]
    return Series(spelled(found.columns[place].name), values)


def _amount(cell: Any, currency: str) -> Decimal | None:
    """A cell as it is drawn; of several currencies that of the book."""
    if isinstance(cell, dict):
        return Decimal(cell.get(currency, 0))
    return Decimal(cell) if isinstance(cell, Decimal | int) else None


def _told(title: str, names: Sequence[str], series: Series, shown: Any) -> str:
    """The message of the chart in words, for whoever does not see it."""
    found = list(_known(names, series))
    if not found:
        return f"{title}: nothing yet."
    highest = max(found, key=lambda pair: pair[1])
    return f"{series.name}: most in {highest[0]}, {shown(highest[1])}."


def _known(names: Sequence[str], series: Series) -> Iterator[tuple[str, Decimal]]:
    for name, each in zip(names, series.values, strict=True):
        if each is not None:
            yield name, each
