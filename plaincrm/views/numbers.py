"""Figures and dates as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from plaincrm.core.values.duration import Duration
from plaincrm.core.values.money import Money

NONE = "—"


def amount(value: Decimal) -> str:
    """`4,200` or `4,200.50`: grouped, cents only where there are any."""
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    whole = rounded == rounded.to_integral_value()
    return f"{rounded:,.0f}" if whole else f"{rounded:,.2f}"


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
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Money):
        return money(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date | Duration):
        return str(value)
    if isinstance(value, list | tuple):
        return ", ".join(cell(each) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {cell(each)}" for key, each in value.items())
    return str(value)


def plain(value: Any) -> str:
    """Any typed value as programs read it: no grouping, ISO dates."""
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return cell(value)
