"""Counting and summing what a path leads to: `deals.count`, `deals(is:won).value.sum`,
`log.at.max`.

Money: what comes once and what recurs are never added. A figure counts what comes once; compared
with an amount per period (`deals.value.sum>500/month`) it counts what recurs, per month. Amounts in
other currencies are converted each at the day of its own record.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from plaincrm.core.query.ordering import exchanged
from plaincrm.core.query.resolve import Leaf, PathPlace
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.values import money
from plaincrm.core.values.money import Money
from plaincrm.core.values.types import NUMBER, TYPES
from plaincrm.errors import QueryError


def aggregate(
    name: str, place: PathPlace, leaf: Leaf, operand: str, context: Context, source: str
) -> Leaf:
    """The leaf that reads `name` (count sum min max avg) over all values of `leaf`. Raises
    QueryError.
    """

    def found(record: Record) -> list[tuple[Any, Record]]:
        owners = place.follow(record) if place.follow else [record]
        return [(value, owner) for owner in owners for value in leaf.values(owner)]

    if name == "count":
        return Leaf(
            name, NUMBER, None, lambda record: [Decimal(len(found(record)))], lambda _: True
        )
    summed = name in ("sum", "avg")
    if not leaf.type.summable and (summed or not leaf.type.dated):
        raise QueryError(
            f'"{source}": {leaf.name} is {leaf.type.name}, which has no {name}',
            f"count them: {leaf.name}.count",
        )
    wanted = _wanted(operand, context) if leaf.type.monetary else None

    def values(record: Record) -> Sequence[Any]:
        pairs = found(record)
        if leaf.type.monetary:
            return _moneys(name, pairs, wanted, context)
        return _figure(name, [leaf.type.place(value, zone) for value, _ in pairs])

    zone = context.settings.zone
    shown = TYPES["datetime"] if leaf.type.dated else leaf.type
    return Leaf(name, shown, None, values, lambda record: bool(values(record)))


def _wanted(operand: str, context: Context) -> Money | None:
    """The money that the figure is compared with; None if it is only to be shown."""
    try:
        return (
            money.parse(operand.strip(".") or "0", context.settings.currency) if operand else None
        )
    except ValueError:
        return None  # the comparison says what is wrong with it


def _moneys(
    name: str, pairs: list[tuple[Any, Record]], wanted: Money | None, context: Context
) -> Sequence[Money]:
    recurring = bool(wanted and wanted.per)
    chosen = [(value, owner) for value, owner in pairs if bool(value.per) == recurring]
    into = _currency(chosen, wanted, context)
    amounts = [
        exchanged(
            value.monthly() if recurring else value.amount, value.currency, into, owner, context
        )
        for value, owner in chosen
    ]
    return [Money(figure, into, "month" if recurring else "") for figure in _figure(name, amounts)]


def _currency(chosen: list[tuple[Any, Record]], wanted: Money | None, context: Context) -> str:
    if wanted:
        return wanted.currency
    currencies = {value.currency for value, _ in chosen}
    return currencies.pop() if len(currencies) == 1 else context.settings.currency


def _figure(name: str, values: Sequence[Any]) -> list[Any]:
    """Of nothing the sum is 0, all others are missing."""
    if name == "sum":
        return [sum(values, Decimal(0))]
    if not values:
        return []
    if name == "avg":
        return [sum(values, Decimal(0)) / len(values)]
    return [min(values) if name == "min" else max(values)]
