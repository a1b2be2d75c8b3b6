"""What the order of values rests on besides their type: the day, the rates, an enum's list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.builtin import RATE_DAYS
from plaincrm.core.text.fold import fold
from plaincrm.core.values.date_types import day_of
from plaincrm.core.values.money import Money
from plaincrm.core.values.value_type import Question
from plaincrm.errors import QueryError


def question(context: Context, future: bool = False) -> Question:
    """What a word typed in a query depends on; `future`: a past `10-31` means next year's."""

    def exchange(amount: Decimal, currency: str, into: str, record: Record) -> Decimal:
        return exchanged(amount, currency, into, record, context)

    def free(day: date) -> bool:
        from plaincrm.core.schema.days_off import days_off  # few words count business days

        return days_off(settings)(day)

    settings = context.settings
    return Question(context.now, settings.zone, free, settings.currency, exchange, future)


def exchanged(
    amount: Decimal, currency: str, into: str, record: Record, context: Context
) -> Decimal:
    """`amount` in another currency, at the day of its record. Raises QueryError where a rate is
    missing.
    """
    if currency == into:
        return amount
    on = rate_day(record, context)
    return amount * _rate(currency, on, context) / _rate(into, on, context)


def _rate(currency: str, on: date, context: Context) -> Decimal:
    worth = context.settings.rates.convert(Money(Decimal(1), currency), on)
    if worth is None or not worth.amount:
        book = context.settings.currency
        raise QueryError(
            f"there is no rate from {currency} to {book}",
            f"give one in plaincrm.yaml: rates: {{{currency}: 1.00}}",
        )
    return worth.amount


def rate_day(record: Record, context: Context) -> date:
    """The day whose rate counts for a record: that of the first of `RATE_DAYS` that it has, else
    today.
    """
    for name in RATE_DAYS:
        if record.raw(name) is None:
            continue
        if found := day_of(record.value(name), context.settings.zone):
            return found
    return context.today


def ranks(values: tuple[str, ...]) -> dict[str, int]:
    """The place of each value of an enum."""
    return {fold(value): place for place, value in enumerate(values)}
