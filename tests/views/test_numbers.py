"""Numbers as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.text.counted import counted
from plaincrm.views import numbers


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("4200", "4,200"),
        ("4200.5", "4,200.50"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("0.004", "0.004"),
        ("-0.001", "-0.001"),
        ("-12.005", "-12.01"),
        ("1e27", "1,000,000,000,000,000,000,000,000,000"),
    ],
)
def test_amounts(value: str, shown: str) -> None:
    assert numbers.amount(Decimal(value)) == shown


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_every_amount_is_shown_and_never_as_minus_nothing(value: Decimal) -> None:
    shown = numbers.amount(value)
    assert shown.strip("-0.,") or shown == "0"
    assert Decimal(shown.replace(",", "")).is_signed() == (value < 0)


def test_units() -> None:
    assert numbers.in_unit(Decimal("0.6315"), "percent") == "63.2%"
    assert numbers.in_unit(Decimal("0.5"), "percent") == "50%"
    assert numbers.in_unit(Decimal(1), "days") == "1 day"
    assert numbers.in_unit(Decimal("1.5"), "hours") == "1.5 hours"
    assert numbers.in_unit(Decimal("4200.5"), "money", "EUR/month") == "4,200.50 EUR/month"
    assert numbers.in_unit(None, "percent") == "—"
    assert numbers.in_unit(1234, "count") == "1,234"


def test_counted() -> None:
    assert [counted(n, "deal") for n in (0, 1, 2, 1234)] == [
        "0 deals",
        "1 deal",
        "2 deals",
        "1,234 deals",
    ]
    assert counted(3, "company", "companies") == "3 companies"
