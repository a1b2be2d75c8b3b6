"""Deals as rows of what figures need of them, read from kept facts: no deal's file is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from plaincrm.core.records.facts import Context
from plaincrm.core.records.kept_row import day_of
from plaincrm.core.records.record import Record
from plaincrm.core.values.money import Money
from plaincrm.sales.deals import DealCourse, DealFigures, course, figures


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


Read = Callable[[str, DealFigures, DealCourse], DealRow]


def _all(context: Context, read: Read) -> Iterator[DealRow]:
    ids = context.store.collection("deal").ids()
    sums, courses = (context.column("deal", name) for name in ("_figures", "_course"))
    return map(read, ids, map(DealFigures.read, sums), map(DealCourse.read, courses))


def _reader(context: Context) -> Read:
    """A function that makes a row of an id and the facts `_figures` and `_course`."""
    amounts, days = cache(Decimal), cache(day_of)
    rates, today = context.settings.rates, context.today

    def read(id: str, sums: DealFigures, course: DealCourse) -> DealRow:
        value = Money(amounts(sums.amount), *sums.unit) if sums.unit else None
        if sums.floating and value is not None:  # it has no day of its own, so today's rate holds
            value = rates.convert(value, today) or value
        return DealRow(
            id=id,
            pipeline=sums.pipeline,
            stage=sums.stage,
            status=sums.status,
            chance=amounts(sums.chance) if sums.chance else None,
            value=value,
            began=days(course.began),
            ended=days(course.ended),
            expected=days(course.expected),
            category=course.category,
        )

    return read
