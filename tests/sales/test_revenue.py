"""What was earned: orders, paid invoices, won deals; nothing twice."""

from __future__ import annotations

import pytest

from plaincrm.core.values.periods import Period
from plaincrm.sales.goals import named_period
from plaincrm.sales.revenue import earned, of_record, payee, sales
from tests.contexts import context

FILES = {
    "companies/fjord-as.md": (
        "---\nname: Fjord AS\n---\n## Log\n- 2026-03-01 order: 1200 EUR retainer\n"
    ),
    "contacts/ola.md": (
        "---\nname: Ola\ncompany: fjord-as\n---\n- [x] invoice 2026-7 80.50 USD due:2026-05-01"
        " done:2026-05-03\n- [ ] invoice 2026-8 99 USD due:2026-06-01\n"
    ),
    "deals/logo.md": "name: Logo\ncontact: ola\nstage: won\nvalue: 200\nclosed: 2026-02-01",
    "deals/site.md": (
        "---\nname: Site\nstage: won\nvalue: 5000\nclosed: 2026-04-01\n---\n"
        "## Log\n- 2026-04-02 order: 4000\n"
    ),
    "deals/open.md": "name: Open\nstage: proposal\nvalue: 1",
    "deals/care.md": "name: Care\nstage: won\nvalue: 50/month\nclosed: 2026-01-01",
}
WON = "name: X\nstage: won\nclosed: 2026-01-31\n"


def test_what_was_sold_counts_once() -> None:
    book = context(FILES)
    found = sorted(sales(book), key=lambda sale: sale.day)
    assert [(str(s.day), str(s.money), s.record, s.source) for s in found] == [
        ("2026-01-01", "50 EUR/month", "deal/care", "deal"),
        ("2026-02-01", "200 EUR", "deal/logo", "deal"),
        ("2026-03-01", "1200 EUR", "company/fjord-as", "order"),
        ("2026-04-02", "4000 EUR", "deal/site", "order"),
        ("2026-05-03", "80.50 USD", "contact/ola", "invoice"),
    ]


def test_a_sale_is_paid_by_the_company_else_the_person_else_by_the_record_itself() -> None:
    book = context(FILES)
    who = {record.id: payee(record, book) for record in book.store.all()}
    assert (who["logo"], who["care"], who["ola"]) == ("Ola", "Care", "Fjord AS")


def test_the_sales_of_each_record_are_those_of_the_book() -> None:
    book = context(FILES)
    single = [sale for record in book.store.all() for sale in of_record(record, book)]
    assert single == sales(book)


@pytest.mark.parametrize(
    ("lines", "sums"),
    [
        ("", ["1000 EUR"]),
        ("- [x] invoice 1 400 EUR done:2026-02-02", ["400 EUR"]),
        ("- [ ] invoice 1 400 EUR due:2026-02-02", []),
        ("- [x] invoice 1 400 EUR due:2026-02-02", ["400 EUR"]),
        ("## Log\n- 2026-01-05 order: 900 EUR", ["900 EUR"]),
        # The order and the paid invoice are one sale; the invoice says when the money came.
        ("- [x] invoice 1 900 EUR done:2026-02-02\n\n## Log\n- 2026-01-05 order: 900", ["900 EUR"]),
        ("## Log\n- 2026-01-05 order: 2 x logo 300 EUR, 1 x card 50 EUR", ["650 EUR"]),
        ("## Log\n- 2026-01-05 order: cards, no price yet", ["1000 EUR"]),
    ],
)
def test_what_stands_on_a_won_deal_replaces_its_value(lines: str, sums: list[str]) -> None:
    book = context({"deals/x.md": f"---\n{WON}value: 1000 EUR\n---\n{lines}\n"})
    assert [str(sale.money) for sale in sales(book)] == sums


def test_items_stand_for_the_value_that_a_deal_has_not() -> None:
    items = "items:\n- 2 x logo-package 600 EUR\n- hosting 100 EUR cost:30\n"
    book = context({"deals/x.md": WON + items})
    assert [str(sale.money) for sale in sales(book)] == ["1300 EUR"]


def test_a_period_adds_up_in_the_books_currency_and_keeps_apart_what_has_no_rate() -> None:
    files = FILES | {"deals/uk.md": WON + "value: 10 GBP"}
    book = context(files, settings="rates: {USD: {2026-05: 0.5}}")
    sums = earned(sales(book), named_period("2026"), book)
    assert {unit: str(amount) for unit, amount in sums.items()} == {
        "EUR": "5440.250",
        "GBP": "10",
        "EUR/month": "50",
    }
    march = Period(named_period("2026-03").first, named_period("2026-03").last, "")
    assert earned(sales(book), march, book) == {"EUR": 1200}
