"""Log entries and tasks as rows that queries, columns and sorting treat like records."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from plaincrm.core import query
from plaincrm.core.records import line_records
from plaincrm.core.values.money import Money
from tests.core.query.book_of_text import Book, book


def texts(here: Book, kind: str, *words: str) -> list[str]:
    return [row.text("text") for row in here.query(kind, *words).select(here.records(kind))]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("type:call", "Budget,Again"),
        ("type:call budget", "Budget"),
        ("at:2026-10 sort:-at", "proposal -> won,Again,Budget"),
        ('at>"2026-10-03 10:00" type:call', "Again"),
        ("with:ola", "Budget"),
        ("with.company.name:Acme", "Budget"),
        ("direction:out", "Sent it. <1@x.example>"),
        ("id:<1@x.example>", "Sent it. <1@x.example>"),
        ("type:order amount>=500", "500 EUR retainer"),
        ("kind:deal", "proposal -> won"),
        ("record:contact/ada type:call", "Budget,Again"),
    ],
)
def test_log(words: str, expected: str) -> None:
    assert texts(book(), "log", *query.split_words(words)) == expected.split(",")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("is:open", "Send the contract,invoice 2026-031 1200 EUR,Later"),
        ("is:done", "Ask for a reference"),
        ("done:yes", "Ask for a reference"),
        ("is:overdue", "Send the contract"),
        ("is:snoozed", "Later"),
        ("due:..today is:open", "Send the contract"),
        ("done_on:2026-10", "Ask for a reference"),
        ("pri:high", "Send the contract"),
        ("has:invoice amount:1200", "invoice 2026-031 1200 EUR"),
        ("snoozed>2026", "Later"),
        ("contract", "Send the contract"),
    ],
)
def test_tasks(words: str, expected: str) -> None:
    assert texts(book(), "tasks", *words.split()) == expected.split(",")


def test_a_row_knows_its_owner_and_its_line() -> None:
    here = book()
    row = next(line_records.every(here.context.store, "log"))
    assert row.owner.ref == "contact/ada"
    assert row.item.text == "Budget"
    assert row.value("at") == datetime(2026, 10, 3, 10)
    assert row.path == "contacts/ada.md"


def test_values_are_typed() -> None:
    here = book()
    rows = list(line_records.every(here.context.store, "tasks"))
    assert query.value_of(rows[0], "due", here.context) == [date(2026, 11, 20)]
    assert query.value_of(rows[1], "amount", here.context) == [Money(Decimal(1200), "EUR")]
    assert query.value_of(rows[2], "done", here.context) == [True]
    assert query.value_of(rows[0], "is:overdue", here.context) == [True]


def test_the_pseudo_kinds_are_found_by_their_names() -> None:
    assert line_records.find("log") is line_records.LOG
    assert line_records.find("tasks") is line_records.find("Task") is line_records.TASK
    assert line_records.find("contacts") is None
