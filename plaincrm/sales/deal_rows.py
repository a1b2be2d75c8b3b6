"""Deals as rows of what figures need of them, read from kept facts: no deal's file is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.values.money import Money
from plaincrm.sales.deals import course, figures


class DealRow(NamedTuple):
    """A deal. `chance` in per cent; `value` in the book's currency where there is a rate for the
    deal's own day; `category`: the forecast category written by hand, empty if none.
    """

    id: str
    pipeline: str
    stage: str
    status: str
    chance: Decimal | None
    value: Money | None
    began: date | None
    ended: date | None
    expected: date | None
    category: str

    @property
    def ref(self) -> str:
        return f"deal/{self.id}"

    @property
    def once(self) -> Decimal | None:
        """The amount of a deal that comes once; None if it recurs, or has no value."""
        return self.value.amount if self.value and not self.value.per else None

    def once_in(self, currency: str) -> Decimal | None:
        """The same, of a value in that currency alone."""
        return self.once if self.value and self.value.currency == currency else None

    @property
    def counted(self) -> Money | None:
        """What it adds to a sum: its value, or if it recurs its value a month."""
        if self.value is None or not self.value.per:
            return self.value
        return Money(self.value.monthly(), self.value.currency, "month")


def deal_rows(context: Context, deals: Iterable[Record] | None = None) -> list[DealRow]:
    """The rows of `deals`, in their order; without them, of all deals of the book."""
    read = _reader(context)
    if deals is not None:
        return [read(deal.id, figures(deal, context), course(deal, context)) for deal in deals]
    every: list[DealRow] = context.shared("deal rows", lambda _: list(_all(context, read)))
    return every


Read = Callable[[str, tuple[Any, ...], tuple[Any, ...]], DealRow]


def _all(context: Context, read: Read) -> Iterator[DealRow]:
    ids = context.store.collection("deal").ids()
    sums, courses = (context.column("deal", name) for name in ("_figures", "_course"))
    return map(read, ids, sums, courses)


def _reader(context: Context) -> Read:
    """A function that makes a row of an id and the facts `_figures` and `_course`."""
    amounts, days = cache(Decimal), cache(_day)
    rates, today = context.settings.rates, context.today

    def read(id: str, sums: tuple[Any, ...], days_of: tuple[Any, ...]) -> DealRow:
        pipeline, stage, status, _, chance, amount, unit, _, _, floating, *_ = sums
        began, ended, expected, category, _ = days_of
        value = Money(amounts(amount), *unit) if unit else None
        if floating and value is not None:  # it has no day of its own, so today's rate holds
            value = rates.convert(value, today) or value
        likely = amounts(chance) if chance else None
        return DealRow(
            id,
            pipeline,
            stage,
            status,
            likely,
            value,
            days(began),
            days(ended),
            days(expected),
            category,
        )

    return read


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
