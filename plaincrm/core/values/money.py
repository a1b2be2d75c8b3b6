"""Money: an amount, a currency, and a period for what recurs.

Amounts of different units (`EUR`, `USD`, `EUR/month`) are never added; `Sums` keeps them apart. All
arithmetic is `Decimal`; rounding happens once, when a figure is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value

_MONEY = pattern(r"([+-]?)([\d.,  '’]*\d)\s*([A-Za-z]{3})?\s*(?:/\s*(month|quarter|year))?")
_PLAIN = pattern(r"\d{1,18}(?:\.\d{1,8})?")
_ONE_GROUP = pattern(r"[0-9]{1,3}[.,][0-9]{3}")
_GROUPED = pattern(r"\d{1,3}([.,])\d{3}")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}

_CENT = Decimal("0.01")
_ROUNDED_DIGITS = 24  # before the point; Decimal reckons with 28 in all


@value
class Money:
    """`amount` in `currency` (ISO 4217), once (`per` empty) or per month, quarter or year."""

    amount: Decimal
    currency: str
    per: str = ""

    @property
    def unit(self) -> str:
        """What may be added to what: `EUR`, or `EUR/month`."""
        return f"{self.currency}/{self.per}" if self.per else self.currency

    def monthly(self) -> Decimal:
        """The amount per month of a recurring sum; zero for one that comes once."""
        return self.amount / _MONTHS[self.per] if self.per else Decimal(0)

    def __str__(self) -> str:
        return f"{plain(self.amount)} {self.unit}"


def plain(amount: Decimal) -> str:
    """`4200`, `4200.50`: no exponent, no idle zeros beyond the cents, no minus before a zero."""
    amount += 0
    cents = amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if cents == amount:
        return (
            f"{amount.quantize(Decimal(1)):f}"
            if amount == amount.to_integral_value()
            else f"{cents:f}"
        )
    return f"{amount.normalize():f}"


def grouped(amount: Decimal) -> str:
    """`4,200` or `4,200.50`: for people, cents only where there are any.

    An amount that is smaller than a cent keeps its digits, so that it is not shown as nothing.
    """
    found = rounded(amount, _CENT)
    if not found and amount:
        return f"{amount.normalize():f}"
    whole = found == found.to_integral_value()
    return f"{found:,.0f}" if whole else f"{found:,.2f}"


def rounded(number: Decimal, step: Decimal) -> Decimal:
    """The number rounded half up to a multiple of `step`, never minus zero. One that has more
    digits than Decimal rounds stays as it is.
    """
    if number.adjusted() >= _ROUNDED_DIGITS:
        return number
    return number.quantize(step, ROUND_HALF_UP) + 0


@lru_cache(maxsize=65536)
def parse(text: str, currency: str = "") -> Money:
    """Read `1234.56[ CUR][/month|/quarter|/year]`; `currency` (the book's) stands in where none is
    written.

    Raises ValueError with a sentence: no number, or thousands separators that leave the amount
    unsure (`4.200`); both marks together (`4.200,50`) make it sure.
    """
    found = _MONEY.fullmatch(text.strip())
    if not found:
        raise ValueError(
            f'"{text}" is no amount of money; write it as 1234.56 EUR, or 1500 EUR/month'
        )
    sign, digits, code, per = found.groups()
    return Money(Decimal(sign + _digits(digits, text)), (code or currency).upper(), per or "")


def _digits(digits: str, text: str) -> str:
    if _PLAIN.fullmatch(digits) and not (_GROUPED.fullmatch(digits) and not digits.startswith("0")):
        return digits
    mark = max(digits.rfind("."), digits.rfind(","))
    whole, cents = digits[:mark], digits[mark + 1 :]
    other = "," if digits[mark : mark + 1] == "." else "."
    groups = whole.split(other)
    sure = other in whole and digits[mark] not in whole and 1 <= len(cents) <= 2
    if (
        sure
        and len(groups[0]) <= 3
        and all(len(g) == 3 and g.isdigit() for g in groups[1:])
        and groups[0].isdigit()
    ):
        return "".join(groups) + "." + cents
    raise ValueError(f'"{text}" could mean more than one amount; {_sure_ways(digits)}')


def _sure_ways(digits: str) -> str:
    """What to write in place of an amount with separators."""
    if _ONE_GROUP.fullmatch(digits):
        whole, _, part = digits.replace(",", ".").partition(".")
        return f"write {whole}{part} or {whole}.{part[:2]}"
    return "write it without separators, as 4200 or 4200.50"


@value
class Rates:
    """What one unit of a currency is worth in the book's, flat (month `""`) or by month
    (`2026-10`).
    """

    currency: str
    by_currency: Mapping[str, Mapping[str, Decimal]]

    def convert(self, money: Money, on: date) -> Money | None:
        """`money` in the book's currency at the rate of `on`'s month; None where there is no rate.

        A month without a rate of its own takes the latest earlier one, else the first there is.
        """
        if money.currency == self.currency:
            return money
        months = self.by_currency.get(money.currency)
        if not months:
            return None
        month = f"{on:%Y-%m}"
        key = max((m for m in months if m <= month), default=min(months))
        return Money(money.amount * months[key], self.currency, money.per)

    def stand_in(self, currency: str, on: date) -> str:
        """`USD 2026-01` where the rate of a later month has to stand in, since the rates of the
        currency begin after `on`; else empty.
        """
        months = self.by_currency.get(currency)
        first = min(months) if months and currency != self.currency else ""
        return f"{currency} {first}" if first > f"{on:%Y-%m}" else ""


def stand_in_note(currency: str, month: str) -> str:
    """What a view says of rates that begin too late."""
    return f"{currency} before {month} is counted at the rate of {month}, the first there is"


class Sums(dict[str, Decimal]):
    """Totals by unit: `{"USD": 4070000, "EUR/month": 1500}`."""

    def add(self, money: Money, share: Decimal = Decimal(1)) -> None:
        self[money.unit] = self.get(money.unit, Decimal(0)) + money.amount * share

    def merge(self, others: Iterable[Mapping[str, Decimal]]) -> Sums:
        for other in others:
            for unit, amount in other.items():
                self[unit] = self.get(unit, Decimal(0)) + amount
        return self
