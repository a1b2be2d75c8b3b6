"""Money as people type it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.values.money import grouped, parse
from plaincrm.core.values.typed_money import read, written


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1500 €", "1500 EUR"),
        ("1500€", "1500 EUR"),
        ("€1500", "1500 EUR"),
        ("€1,500", "1500 EUR"),
        ("1'500 CHF", "1500 CHF"),
        ("1’234’567.50 CHF", "1234567.50 CHF"),
        ("1 500 EUR", "1500 EUR"),
        ("1\u202f234,50 €", "1234.50 EUR"),
        ("1,500 EUR", "1500 EUR"),
        ("$1,500", "1500 USD"),
        ("1500 euro", "1500 EUR"),
        ("1,50", "1.50 EUR"),
        ("1500,- €", "1500 EUR"),
        ("1.234.567", "1234567 EUR"),
        ("1,50,000 INR", "150000 INR"),
        ("-€5", "-5 EUR"),
        ("1 500 €/month", "1500 EUR/month"),
        ("120 € per year", "120 EUR/year"),
    ],
)
def test_what_is_sure_is_read(typed: str, meant: str) -> None:
    assert str(read(typed, "EUR", "en")) == meant


def test_a_single_point_before_three_digits_goes_by_the_language() -> None:
    assert str(read("1.500 EUR", "EUR", "de")) == "1500 EUR"
    with pytest.raises(ValueError, match=r"1500 EUR or 1\.50 EUR"):
        read("1.500 EUR", "EUR", "en")


def test_a_currency_of_three_decimals_is_asked_about() -> None:
    with pytest.raises(ValueError, match=r"1500 KWD or 1\.50 KWD"):
        read("1,500 KWD", "EUR", "en")


def test_a_sign_that_several_share_is_the_books() -> None:
    assert read("$20", "CAD").currency == "CAD"
    assert read("$20", "EUR").currency == "USD"
    assert read("500 kr", "SEK").currency == "SEK"
    with pytest.raises(ValueError, match="SEK, NOK, DKK or ISK"):
        read("500 kr", "EUR")


@pytest.mark.parametrize("typed", ["", "abc", "12 34", "1,2,3", "1e3", "€5 EUR", "500 nonsense"])
def test_the_rest_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"amount|currenc"):
        read(typed, "EUR")


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**12),
    st.sampled_from(["en", "de", "fr"]),
)
def test_what_tables_print_is_read_back(amount: Decimal, language: str) -> None:
    printed = f"{grouped(amount)} EUR"
    assert read(printed, "EUR", language).amount == amount


@given(st.text(max_size=12))
def test_what_files_hold_stays_as_it_was_typed(text: str) -> None:
    try:
        parse(text, "EUR")
    except ValueError:
        return
    assert written(text, "EUR", "de") == text
