"""Figures and dates as people read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from plaincrm.core.values.money import Money, grouped
from plaincrm.core.values.types import type_of

NONE = "—"


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
    return NONE if value is None else f"{value.normalize():f}%"


def days(value: int | None) -> str:
    return NONE if value is None else f"{value}d"


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
