"""Figures: numbers that explain themselves.

Every number that a report, a forecast or a score shows is a `Figure`: a value with its unit, the
number of cases that it rests on, and the terms that it is made of. Views, `--why`, JSON, pages and
tests read the same terms. A rate without cases has no value: it is shown as `—`, never as 0.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias

from plaincrm.core.value_class import value

# percent is a fraction (0.25 is 25 %); days and hours may have decimals.
Unit: TypeAlias = Literal["percent", "money", "days", "hours", "minutes", "count", "score", "text"]
Number: TypeAlias = Decimal | int | None


@value
class Term:
    """One part of a figure: what it is called, what it is worth, and the record that it comes from
    (`deal/website`), if it comes from one. `unit`: that of the value, where it is not the figure's.
    `query`: the words after `plaincrm` that list the records which it counts.
    """

    name: str
    value: Number | str
    ref: str = ""
    unit: Unit | None = None
    query: str = ""


@value
class Figure:
    """A number with its unit and its reasons.

    `name` is its name in JSON (`win_rate`). `currency` is that of money, with the period of what
    recurs (`EUR`, `EUR/month`). `n` is the number of cases that it rests on, None where it counts
    or sums and rests on no sample. `previous` is the same figure of the period before.
    """

    name: str
    value: Number
    unit: Unit = "count"
    currency: str = ""
    n: int | None = None
    terms: tuple[Term, ...] = ()
    previous: Number = None


@value
class FigureColumn:
    """A column of a `FigureTable`: its name and the unit of its values."""

    name: str
    unit: Unit = "text"


@value
class FigureTable:
    """A table of figures. A cell is a number in its column's unit, a text, a map of currencies to
    amounts, or None for what is not known; `refs` names the records behind each row, `queries` the
    words after `plaincrm` that list them (`list deals is:won`).
    """

    name: str
    columns: tuple[FigureColumn, ...]
    rows: tuple[tuple[Number | str | dict[str, Decimal], ...], ...]
    refs: tuple[tuple[str, ...], ...] = ()
    queries: tuple[str, ...] = ()


def rate(
    name: str, part: int | Decimal, whole: int | Decimal, n: int, terms: tuple[Term, ...] = ()
) -> Figure:
    """The share `part / whole` as a figure in percent; without cases it has no value."""
    share = Decimal(part) / Decimal(whole) if n and whole else None
    return Figure(name, share, "percent", n=n, terms=terms)
