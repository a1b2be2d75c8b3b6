"""The figures of support, by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from plaincrm.core.records.facts import Context
from plaincrm.core.values.figure import Figure
from plaincrm.core.values.quantile import quantile
from plaincrm.support.figures import (
    SupportPeriod,
    by_customer,
    by_field,
    by_month,
    support_figures,
    support_period,
    support_table,
)
from plaincrm.support.themes import rising_table, theme_table
from tests.contexts import context

SETTINGS = """
hours: {desk: {zone: UTC, days: 'Mon-Fri 09:00-17:00', holidays: none}}
sla: {normal: {first_reply: 2h}}
"""


def ticket(fields: str, log: str) -> str:
    lines = "\n".join(f"- {line.strip()}" for line in log.strip().splitlines())
    return f"---\n{fields}\n---\n\n## Log\n{lines}\n"


FILES = {
    "companies/big.md": "name: Big Ltd",
    "tickets/a.md": ticket(
        "subject: Printer jams\ncompany: big\ncategory: print\nstatus: solved\nopened: 2026-11-02 10:00\ncsat: 5\nsolved: 2026-11-03 10:00",
        """2026-11-02 11:00 reply out: Look
        2026-11-03 10:00 status: open -> solved""",
    ),
    "tickets/b.md": ticket(
        "subject: Printer again\ncompany: big\ncategory: print\nstatus: solved\nopened: 2026-11-06 16:00",
        """2026-11-09 12:00 reply out: Look
        2026-11-09 13:00 status: open -> solved
        2026-11-09 15:00 reply in: Not yet
        2026-11-09 15:00 status: solved -> open
        2026-11-10 10:00 reply out: Now
        2026-11-10 11:00 status: open -> solved
        2026-11-11 csat: 3""",
    ),
    "tickets/c.md": ticket(
        "subject: Printer smokes\ncompany: big\ncategory: print\nstatus: open\nopened: 2026-11-16 09:00",
        "2026-11-15 10:00 reply out: Before it was asked",
    ),
    "tickets/d.md": ticket(
        "subject: Logo\nstatus: closed\nopened: 2026-10-01 09:00\nsolved: 2026-10-01 12:00",
        "2026-10-01 12:00 status: open -> solved",
    ),
}


def november() -> tuple[SupportPeriod, Context]:
    here = context(FILES, "2026-11-21T12:00", SETTINGS)
    tickets = here.store.records("ticket")
    return support_period(list(tickets), here, date(2026, 11, 1), date(2026, 11, 30)), here


def figures() -> dict[str, Figure]:
    found, _ = november()
    return {figure.name: figure for figure in support_figures(found)}


def test_volume() -> None:
    found = figures()
    assert [found[name].value for name in ("opened", "solved", "backlog")] == [3, 2, 1]
    assert [term.ref for term in found["backlog"].terms] == ["ticket/c"]
    assert found["backlog_age_median"].value == 5


def test_times_in_business_hours_and_by_the_calendar() -> None:
    """First replies after 1 and 4 business hours, by the calendar after 1 and 68."""
    found = figures()
    assert found["first_reply_median"].value == Decimal("2.5")
    assert found["first_reply_p90"].value == Decimal("3.7")
    assert found["first_reply_median_calendar"].value == Decimal("34.5")
    assert found["first_reply_median"].n == 2
    assert found["next_reply_median"].value == 3
    assert found["resolution_median"].value == Decimal("9.5")


def test_a_reply_before_the_opening_is_left_out_and_told() -> None:
    terms = figures()["first_reply_median"].terms
    assert terms[-1].name == "entries before the opening, left out"
    assert terms[-1].value == 1
    assert terms[0].ref == "ticket/b"


def test_quality() -> None:
    found = figures()
    assert found["breach_rate"].value == Decimal(2) / 3
    assert found["breach_rate"].n == 3
    assert found["reopens"].value == 1
    assert found["one_touch"].value == Decimal("0.5")
    assert found["csat"].value == Decimal("0.5")
    assert found["nps"].value is None


def test_tables_by_category_customer_and_month() -> None:
    found, here = november()
    table = support_table(found, "category", by_field("category", here))
    assert table.rows[0][:3] == ("print", 3, 2)
    assert table.refs[0] == ("ticket/a", "ticket/b", "ticket/c")
    assert support_table(found, "customer", by_customer(here)).rows[0][0] == "Big Ltd"
    assert support_table(found, "month", by_month).rows[0][0] == "2026-11"


def test_what_grew() -> None:
    found, here = november()
    assert theme_table(found.opened, ()).rows == (("printer", 3, 0),)
    assert theme_table(found.opened, found.opened).rows == ()
    assert rising_table(found.opened, (), by_customer(here)).rows == (("Big Ltd", 3, 0),)


def test_quantiles_of_type_seven() -> None:
    assert quantile([1, 2, 3, 4], "0.5") == Decimal("2.5")
    assert quantile([1, 2, 3, 4, 5], "0.9") == Decimal("4.6")
    assert quantile([7], "0.9") == 7
    assert quantile([], "0.5") is None
