"""Business days are those of the book: its hours, public holidays and `away:`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plaincrm.core.schema import settings_file
from plaincrm.core.schema.days_off import days_off
from plaincrm.core.values.duration import Duration
from tests.conftest import Crm

BOOK = """
country: DE
hours: {office: {days: 'Mon-Fri 09:00-17:00', holidays: DE-BE}}
away: [2026-12-28..2026-12-31]
"""


@pytest.mark.parametrize(
    ("length", "wanted"),
    [
        (1, "2026-12-23"),
        (2, "2026-12-24"),
        (3, "2027-01-04"),  # 25 and 26: Christmas; then away; 1 January; a weekend
        (4, "2027-01-05"),
    ],
)
def test_business_days_pass_over_holidays_and_days_away(length: int, wanted: str) -> None:
    off = days_off(settings_file.parse(BOOK))
    assert Duration(length, "bd").after(date(2026, 12, 22), off=off) == date.fromisoformat(wanted)


@pytest.mark.parametrize(("rec", "later"), [("2bd", "2027-01-08"), ("+2bd", "2027-01-11")])
def test_a_recurring_task_knows_them(crm: Crm, rec: str, later: str) -> None:
    """The studio is away from 21 December to 6 January."""
    crm("--today", "2026-12-17", "task", "add", "kari-berg", "Count", f"due:2026-12-17 rec:{rec}")
    assert ticked(crm, "2026-12-17") == "2027-01-07"
    assert ticked(crm, "2027-01-06") == later


def ticked(crm: Crm, day: str) -> str:
    """The due date of the task after it was done on a day."""
    crm("--today", day, "done", column(crm, "handle"))
    return column(crm, "due")


def column(crm: Crm, name: str) -> str:
    found = crm("list", "tasks", "Count", "is:open", "--columns", name, "--csv").out
    return found.splitlines()[1]


def test_log_and_invoice_know_them(crm: Crm, studio: Path) -> None:
    crm("--today", "2026-12-18", "log", "kari-berg", "call", "Yes", "--next", "+1bd Write")
    found = crm("show", "kari-berg", "--json").json["results"][0]
    assert found["fields"]["next"].startswith("2027-01-07")
    settings = studio / "plaincrm.yaml"
    settings.write_text(settings.read_text("utf-8").replace("due: 14d", "due: 3bd"), "utf-8")
    crm("--today", "2026-12-18", "invoice", "nordlys-cups", "100 EUR")
    assert "2027-01-11" in crm("show", "deal/nordlys-cups").out
