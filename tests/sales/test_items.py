"""Items of deals and orders: products, sums, margins."""

from __future__ import annotations

import pytest

from plaincrm.core import query
from tests.contexts import context

FILES = {
    "products/logo-package.md": "name: Logo package\nprice: 600\ncost: 150\naliases: [logo]",
    "products/hosting.md": "name: Hosting\nprice: 20 EUR/month",
    "deals/a.md": "name: A\nstage: won\nitems:\n- 2 x logo-package 600 EUR\n- card 100 cost:40",
    "deals/b.md": "name: B\nvalue: 5000\nitems: [hosting 20/month]",
    "deals/c.md": "name: C\nvalue: 700\nitems: 1 x Logo package 600",
    "contacts/ola.md": (
        "---\nname: Ola\n---\n## Log\n- 2026-03-01 order: 2 x logo-package 600 EUR cost:200\n"
        "- 2026-03-02 order: 30 EUR cards\n"
    ),
}


def selected(kind: str, *words: str) -> list[str]:
    book = context(FILES)
    found = query.compile(words, book.store.schema.kinds[kind], book)
    return [record.id for record in found.all()]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("items.product:logo-package", ["a"]),
        ("items.product:logo*", ["a", "c"]),
        ("value:1300", ["a"]),
        ("value:1000..", ["a", "b"]),
        ("items.total:1300", ["a"]),
        ("items.quantity:2..", ["a"]),
        ("items.cost:340", ["a"]),
        ("margin:960", ["a"]),
        ("margin:550", ["c"]),
        ("no:margin", ["b"]),
        ("no:value", ["a"]),
    ],
)
def test_deals_are_found_by_their_items(words: str, ids: list[str]) -> None:
    assert selected("deal", words) == ids


@pytest.mark.parametrize(
    "words",
    [
        "log(type:order items.product:logo-package).count:1",
        "log(type:order).amount.sum:1230",
        "log(type:order).items.quantity.sum:2",
        "log(type:order).margin.sum:800",
    ],
)
def test_orders_have_items_too(words: str) -> None:
    assert selected("contact", words) == ["ola"]


def test_items_in_several_currencies_have_no_sum() -> None:
    book = context({"deals/a.md": "name: A\nitems: [a 1 EUR, b 1 USD]"})
    (deal,) = book.store.records("deal")
    assert deal.value("value", "EUR") is None
