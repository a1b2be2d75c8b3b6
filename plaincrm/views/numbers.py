"""Figures and dates as people read them: the one place where a number becomes a text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from plaincrm.core.text.counted import counted
from plaincrm.core.values.money import Money, grouped, rounded
from plaincrm.core.values.types import type_of

if TYPE_CHECKING:
    from plaincrm.core.values.figure import Number, Unit
    from plaincrm.core.values.proportion import Interval

NONE = "—"
_TENTH = Decimal("0.1")


def amount(value: Decimal) -> str:
    """`4,200` or `4,200.50`: grouped, cents only where there are any."""
    return grouped(value)


def money(value: Money | None) -> str:
    return f"{amount(value.amount)} {value.unit}" if value else NONE


def sums(values: Mapping[str, Decimal], joint: str = "  ") -> str:
    """Totals by unit, `4,200 EUR  1,000 USD`; a dash where there are none."""
    found = [f"{amount(total)} {unit}" for unit, total in values.items() if total]
    return joint.join(found) if found else NONE


def percent(value: Decimal | None) -> str:
    """`25%` for 25."""
    return NONE if value is None else f"{value.normalize() + 0:f}%"


def rate(value: Interval | None, n: int) -> str:
    """`4.8% of 180 (2.5%-9.0%)`; a dash without a sample."""
    if value is None:
        return NONE
    return f"{value.value:.1%} of {n} ({value.low:.1%}-{value.high:.1%})"


def days(value: int | None) -> str:
    return NONE if value is None else f"{value}d"


def in_unit(value: Number, unit: Unit, currency: str = "") -> str:
    """The value of a figure: `63.2%`, `4,200 EUR`, `12.5 days`; a dash where it is not known."""
    if value is None:
        return NONE
    number = Decimal(value)
    match unit:
        case "percent":
            return f"{_short(number * 100)}%"
        case "money":
            return f"{amount(number)} {currency}".rstrip()
        case "days" | "hours" | "minutes":
            one = counted(1, unit.removesuffix("s"))
            return one if number == 1 else f"{_short(number)} {unit}"
        case "score":
            return _short(number)
        case _:
            return amount(number)


def _short(value: Decimal) -> str:
    """One decimal at most, none where it is 0."""
    found = rounded(value, _TENTH)
    whole = found == found.to_integral_value()
    return f"{found:,.0f}" if whole else f"{found:,.1f}"


def moment(value: datetime) -> str:
    """`2026-11-21 09:30`."""
    return f"{value:%Y-%m-%d %H:%M}"


def cell(value: Any) -> str:
    """Any typed value as a table's cell."""
    return _shown(value, lambda each: type_of(each).cell(each))


def plain(value: Any) -> str:
    """Any typed value as programs read it: no grouping, ISO dates."""
    return _shown(value, lambda each: type_of(each).plain(each))


def _shown(value: Any, show: Callable[[Any], str]) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(_shown(each, show) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_shown(each, show)}" for key, each in value.items())
    return show(value)
