"""How the values of each ordered type compare with a word that the user typed.

A word becomes a `Span`, from a low to a high edge: one point for most, all its days for a period
such as `2026-10`. `key` brings a stored value on the same scale; None stands for a value that can't
be compared.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema import types
from plaincrm.core.schema.hours import days_off
from plaincrm.core.schema.types import Action, fold
from plaincrm.core.value_class import value
from plaincrm.core.values import duration, money
from plaincrm.core.values.duration import Duration
from plaincrm.core.values.money import Money
from plaincrm.core.values.month_day import MonthDay
from plaincrm.errors import QueryError

if TYPE_CHECKING:
    from plaincrm.core.values.dates import DateError, Period

Key = Callable[[Any, Record], Any]


@value
class Span:
    low: Any
    high: Any
    key: Key
    echo: str = ""  # what a word that is no plain value was understood as


def span(type_name: str, text: str, context: Context, future: bool = False) -> Span:
    """`text` on the scale of `type_name`, one of `ORDERED`. Raises ValueError (DateError) with a
    sentence.
    """
    if type_name in ("date", "action"):
        return _days(text, context, future)
    if type_name == "datetime":
        return _moment(text, context, future)
    return _SCALES[type_name](text, context)


def local(moment: datetime, context: Context) -> datetime:
    """A moment without a zone, in the book's."""
    return (
        moment
        if moment.tzinfo is None
        else moment.astimezone(context.settings.zone).replace(tzinfo=None)
    )


def day(value: Any, context: Context) -> date | None:
    """The day of a date, a datetime or an action."""
    if isinstance(value, datetime):
        return local(value, context).date()
    if isinstance(value, Action):
        return value.due
    return value if isinstance(value, date) else None


def moment(value: Any, context: Context) -> datetime | None:
    """A date or a datetime as a moment in the book's zone; a day begins at midnight."""
    if isinstance(value, datetime):
        return local(value, context)
    found = day(value, context)
    return datetime(found.year, found.month, found.day) if found else None


def month_day(value: Any) -> tuple[int, int] | None:
    return (value.month, value.day) if isinstance(value, (MonthDay, date)) else None


def length(value: Any) -> Decimal | None:
    """A length of time in days."""
    if isinstance(value, Duration):
        return Decimal(str(value.days))
    if isinstance(value, timedelta):
        return Decimal(str(value / timedelta(days=1)))
    return number(value)


def number(value: Any) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _period(text: str, context: Context, future: bool) -> Period:
    from plaincrm.core.values import dates
    from plaincrm.core.values.dates import Leaning

    leaning = Leaning.FUTURE if future else Leaning.NEAREST
    return dates.parse_period(text, context.today, leaning, days_off(context.settings))


def _echo(period: Period) -> str:
    if period.first == period.last:
        return (
            ""
            if period.word.strip() == period.first.isoformat()
            else f"{period.first:%a} {period.first}"
        )
    return f"{period.first}..{period.last}"


def _days(text: str, context: Context, future: bool) -> Span:
    period = _period(text, context, future)
    return Span(period.first, period.last, lambda value, _: day(value, context), _echo(period))


def _moment(text: str, context: Context, future: bool) -> Span:
    from plaincrm.core.values import dates
    from plaincrm.core.values.dates import DateError, Leaning

    leaning = Leaning.FUTURE if future else Leaning.NEAREST
    try:
        found = dates.parse_moment(text, context.now, leaning, days_off(context.settings))
    except DateError as error:
        return _days_or(error, text, context, future)
    if not isinstance(found, datetime):
        return _days(text, context, future)
    at = local(found, context)
    return Span(at, at, lambda value, _: moment(value, context), f"{at:%a %Y-%m-%d %H:%M}")


def _days_or(error: DateError, text: str, context: Context, future: bool) -> Span:
    try:
        return _days(text, context, future)
    except type(error):
        raise error from None


def _month_days(text: str, context: Context) -> Span:
    """A literal `02-29` means that day; a word such as `today` also those kept on that day this
    year.
    """
    from plaincrm.core.values import dates
    from plaincrm.core.values.dates import DateError

    try:
        exact = dates.parse_monthday(text.strip())
    except DateError:
        period = _period(text, context, future=False)
    else:
        return Span(
            (exact.month, exact.day), (exact.month, exact.day), lambda value, _: month_day(value)
        )
    year = period.first.year

    def kept(value: Any, _: Record) -> tuple[int, int] | None:
        return month_day(value.on(year) if isinstance(value, MonthDay) else value)

    first, last = month_day(period.first), month_day(period.last)
    return Span(first, last, kept, _echo(period))


def _length(text: str, _: Context) -> Span:
    try:
        days = length(duration.parse(text))
    except ValueError:
        if not text.strip().replace(".", "", 1).isdigit():
            raise
        days = Decimal(text.strip())
    return Span(days, days, lambda value, _: length(value))


def _number(text: str, _: Context) -> Span:
    value = types.read("number", text)
    return Span(value, value, lambda each, _: number(each))


def _percent(text: str, _: Context) -> Span:
    value = types.read("percent", text)
    return Span(value, value, lambda each, _: number(each))


def _bool(text: str, _: Context) -> Span:
    value = types.read("bool", text)
    return Span(value, value, lambda each, _: each)


def _money(text: str, context: Context) -> Span:
    """Compares the amount as written; with a period (`1000/month`) only what recurs, each per
    month.
    """
    wanted = money.parse(text, context.settings.currency)
    amount = wanted.monthly() if wanted.per else wanted.amount

    def key(value: Any, record: Record) -> Decimal | None:
        if not isinstance(value, Money) or (wanted.per and not value.per):
            return None
        own = value.monthly() if wanted.per else value.amount
        return exchanged(own, value.currency, wanted.currency, record, context)

    return Span(amount, amount, key)


_SCALES: dict[str, Callable[[str, Context], Span]] = {
    "monthday": _month_days,
    "duration": _length,
    "number": _number,
    "percent": _percent,
    "bool": _bool,
    "money": _money,
}
ORDERED = frozenset({"date", "action", "datetime", *_SCALES}) - {"bool"}


def exchanged(
    amount: Decimal, currency: str, into: str, record: Record, context: Context
) -> Decimal:
    """`amount` in another currency, at the day of its record. Raises QueryError where a rate is
    missing.
    """
    if currency == into:
        return amount
    on = day_of(record, context)
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


def day_of(record: Record, context: Context) -> date:
    """The day whose rate counts for a record: closed, else expected to close, else made, else
    today.
    """
    for name in ("closed", "close_date", "at", "due", "created"):
        if record.raw(name) is not None and (found := day(record.value(name), context)):
            return found
    return context.today


def ranks(values: tuple[str, ...]) -> dict[str, int]:
    """The place of each value of an enum."""
    return {fold(value): place for place, value in enumerate(values)}
