"""Lines of what is sold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.values.money import Money
from plaincrm.core.values.sold_item import SoldItem, in_order, order_amount, parse, total


def eur(amount: str, per: str = "") -> Money:
    return Money(Decimal(amount), "EUR", per)


@pytest.mark.parametrize(
    ("text", "item", "whole"),
    [
        ("2 x logo-package 600 EUR", SoldItem(Decimal(2), "logo-package", eur("600")), "1200 EUR"),
        (
            "2 x logo-package 600 EUR cost:150",
            SoldItem(Decimal(2), "logo-package", eur("600"), eur("150")),
            "1200 EUR",
        ),
        ("logo-package", SoldItem(Decimal(1), "logo-package"), "None"),
        (
            "1.5 × Beratung vor Ort 90",
            SoldItem(Decimal("1.5"), "Beratung vor Ort", eur("90")),
            "135",
        ),
        ("hosting 20/month", SoldItem(Decimal(1), "hosting", eur("20", "month")), "20 EUR/month"),
        ("logo cost:30 600", SoldItem(Decimal(1), "logo", eur("600"), eur("30")), "600 EUR"),
        (
            "3x card 0.50 USD",
            SoldItem(Decimal(3), "card", Money(Decimal("0.50"), "USD")),
            "1.50 USD",
        ),
    ],
)
def test_an_item_has_a_quantity_a_product_a_price_and_a_cost(
    text: str, item: SoldItem, whole: str
) -> None:
    found = parse(text, "EUR")
    assert found == item
    assert str(found.total).startswith(whole)


@pytest.mark.parametrize("text", ["", "600 EUR", "1 x logo 4.200 EUR", "2 x 600 EUR"])
def test_what_names_no_product_or_no_sure_price_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text, "EUR")


@pytest.mark.parametrize(
    ("text", "amount", "items"),
    [
        ("1200 EUR retainer", "1200 EUR", 0),
        ("2 x logo-package 600 EUR cost:150", "1200 EUR", 1),
        ("1000 EUR in all: 2 x logo 600 EUR, 1 x card 30 EUR; thanks", "1000 EUR", 2),
        ("logo and cards\n2 x logo 600 EUR\n1 x card 30 EUR", "1230 EUR", 2),
        ("2 x logo 600 EUR, 1 x card 30 USD", "None", 2),
        ("650 EUR seed bags, 2000 pieces", "650 EUR", 0),
        ("seed bags, 2000 pieces", "None", 0),
        ("-50 EUR refund", "-50 EUR", 0),
        ("4.200 EUR", "None", 0),
    ],
)
def test_an_order_has_a_sum_and_items(text: str, amount: str, items: int) -> None:
    assert str(order_amount(text, "EUR")) == amount
    assert len(in_order(text, "EUR")) == items


def test_prices_of_several_units_have_no_sum() -> None:
    assert total([parse("a 1 EUR"), parse("b 1 USD")]) is None
    assert total([]) is None


WORDS = (
    st.text("abcdefghij -", min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda word: word and not word.startswith(("-", "x ")) and word != "x")
)
CENTS = st.integers(0, 10**7).map(lambda cents: Money(Decimal(cents) / 100, "EUR"))


@given(st.integers(1, 999), WORDS, CENTS, st.none() | CENTS)
def test_what_is_written_is_read_back(
    quantity: int, product: str, price: Money, cost: Money | None
) -> None:
    item = SoldItem(Decimal(quantity), " ".join(product.split()), price, cost)
    assert parse(str(item)) == item
