"""Invoices: their numbers, what is outstanding, and when to remind."""

from __future__ import annotations

from typing import Any

import pytest

from plaincrm.core.records.facts import Context
from plaincrm.core.schema.settings_file import parse
from plaincrm.crm.settings_sections import NAMES
from plaincrm.sales.invoices import every_invoice, next_number
from tests.contexts import context

FILES = {
    "companies/fjord.md": "name: Fjord",
    "contacts/ola.md": (
        "---\nname: Ola\ncompany: fjord\n---\n- [ ] invoice 2026-009 99 EUR due:2026-11-18\n"
    ),
    "deals/site.md": (
        "---\nname: Site\ncontact: ola\ncompany: fjord\nstage: won\nvalue: 5000\n"
        "closed: 2026-10-01\n---\n"
        "- [x] invoice 2026-010 2000 EUR due:2026-10-14 done:2026-10-20\n"
        "- [ ] invoice 2026-011 1000 EUR due:2026-12-14\n"
        "- [x] invoice 2025-030 10 EUR due:2025-12-14\n"
    ),
    "deals/logo.md": "name: Logo\ncontact: ola\nstage: won\nvalue: 300\nclosed: 2026-10-01",
    "deals/care.md": "name: Care\nstage: won\nvalue: 50/month\nclosed: 2026-01-01",
}


def fact(book: Context, ref: str, name: str) -> Any:
    kind, _, id = ref.partition("/")
    record = book.store.get(kind, id)
    assert record is not None
    found = book.fact(record, name)
    return [str(each) for each in found] if isinstance(found, list) else found


@pytest.mark.parametrize(
    ("ref", "invoiced", "paid", "outstanding", "uninvoiced"),
    [
        ("deal/site", "3010", "2010", "1000", "1990"),
        ("deal/logo", None, None, None, "300"),
        ("deal/care", None, None, None, None),
        ("contact/ola", "3109", "2010", "1099", "2290"),
        ("company/fjord", "3109", "2010", "1099", "1990"),
    ],
)
def test_what_is_invoiced_paid_outstanding_and_left(
    ref: str,
    invoiced: str | None,
    paid: str | None,
    outstanding: str | None,
    uninvoiced: str | None,
) -> None:
    book = context(FILES)
    wanted = [invoiced, paid, outstanding, uninvoiced]
    names = ("invoiced", "paid", "outstanding", "uninvoiced")
    found = [fact(book, ref, name) for name in names]
    assert found == [[f"{sum} EUR"] if sum else [] for sum in wanted]


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("{year}-{n:03}", "2026-012"),
        ("R{n}", "R1"),
        ("{year}{month}/{n:2}", "202611/01"),
        ("{year}-{n}", "2026-12"),
    ],
)
def test_the_next_number_follows_the_pattern(pattern: str, number: str) -> None:
    settings = parse(f"invoice: {{number: '{pattern}'}}", pillars=NAMES)
    assert next_number(context(FILES, settings=settings)) == number


def test_a_new_year_begins_at_one() -> None:
    assert next_number(context(FILES, today="2027-01-02")) == "2027-001"


@pytest.mark.parametrize(
    ("today", "level"),
    [
        ("2026-11-18", None),
        ("2026-11-20", None),
        ("2026-11-21", "first"),
        ("2026-12-02", "second"),
        ("2026-12-18", "last"),
        ("2027-12-18", "last"),
    ],
)
def test_reminders_come_in_levels_and_never_before_the_day(today: str, level: str | None) -> None:
    assert fact(context(FILES, today=today), "contact/ola", "reminder_level") == level


def test_a_paid_invoice_stays_in_the_list() -> None:
    found = [(each.bill.number, each.open) for each in every_invoice(context(FILES))]
    assert found == [
        ("2025-030", False),
        ("2026-009", True),
        ("2026-010", False),
        ("2026-011", True),
    ]
