"""Money: read as written, never added across units, rounded once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.values.money import Money, Rates, Sums, parse


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("4200", "4200", "EUR"),
        ("4200.50 USD", "4200.50", "USD"),
        ("1500 EUR/month", "1500", "EUR/month"),
        ("9000/year", "9000", "EUR/year"),
        ("4.200,50", "4200.50", "EUR"),
        ("4,200.50 chf", "4200.50", "CHF"),
        ("1.234.567,89", "1234567.89", "EUR"),
        ("-120", "-120", "EUR"),
        ("0.125", "0.125", "EUR"),
    ],
)
def test_amounts_that_are_sure(text: str, amount: str, unit: str) -> None:
    money = parse(text, "EUR")
    assert (money.amount, money.unit) == (Decimal(amount), unit)


@pytest.mark.parametrize(
    "text",
    [
        "4.200",
        "4,200",
        "4.200.000",
        "4200,50",
        "",
        "abc",
        "12 EURO",
        "1e3",
        "4.20,5.0",
        "12 EUR/day",
    ],
)
def test_amounts_that_are_not(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        parse(text, "EUR")


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9
    )
)
def test_what_is_written_is_read_back(amount: Decimal) -> None:
    money = Money(amount, "EUR", "month")
    assert parse(str(money)) == money


def test_units_are_never_added() -> None:
    sums = Sums()
    for text in ("100 EUR", "50 USD", "10 EUR/month", "1 EUR"):
        sums.add(parse(text))
    assert sums == {"EUR": 101, "USD": 50, "EUR/month": 10}


def test_rates_are_of_the_month_or_the_nearest_there_is() -> None:
    rates = Rates(
        "EUR",
        {
            "USD": {"2026-02": Decimal("0.9"), "2026-04": Decimal("0.8")},
            "CHF": {"": Decimal("1.05")},
        },
    )
    dollars = Money(Decimal(100), "USD")
    by_month = {month: rates.convert(dollars, date(2026, month, 15)) for month in (1, 2, 3, 4, 5)}
    assert [m.amount for m in by_month.values() if m] == [90, 90, 90, 80, 80]
    assert rates.convert(Money(Decimal(2), "CHF", "year"), date(2026, 1, 1)) == Money(
        Decimal("2.10"), "EUR", "year"
    )
    assert rates.convert(Money(Decimal(2), "NOK"), date(2026, 1, 1)) is None
