"""The forecast: categories, cumulative columns, periods, goals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from plaincrm.core import query
from plaincrm.core.schema.settings_file import parse
from plaincrm.crm.settings_sections import NAMES
from plaincrm.sales.deal_rows import deal_rows
from plaincrm.sales.forecast import Forecast, ForecastRow, category_of, forecast, words_of
from plaincrm.sales.goals import GoalBasis, days_gone, named_period, progress
from tests.contexts import context

TODAY = "2026-11-21"
PLAIN = {
    # Salesforce, Trailhead "Define Forecast Rollups": closed 50, commit 150, best 100, pipeline 200.
    "deals/closed.md": "name: a\nstage: won\nvalue: 50\nclosed: 2026-12-01",
    "deals/commit.md": "name: b\nforecast: commit\nvalue: 150\nclose_date: 2026-12-02",
    "deals/best.md": "name: c\nforecast: best\nvalue: 100\nclose_date: 2026-12-03",
    "deals/pipeline.md": "name: d\nforecast: pipeline\nvalue: 200\nclose_date: 2026-12-04",
    "deals/omitted.md": "name: e\nforecast: omitted\nvalue: 999\nclose_date: 2026-12-05",
    "deals/lost.md": "name: f\nstage: lost\nvalue: 999\nclosed: 2026-12-05",
    "deals/parked.md": "name: g\nstage: parked\nvalue: 999\nclose_date: 2026-12-05",
}


def made(files: dict[str, str], settings: str = "", **given: object) -> Forecast:
    book = context(files, TODAY, parse(settings, pillars=NAMES))
    return forecast(deal_rows(book), book, **given)  # type: ignore[arg-type]


def sums(row: ForecastRow) -> dict[str, dict[str, str]]:
    return {
        name: {unit: str(amount.normalize()) for unit, amount in cell.sums.items()}
        for name, cell in row.cells.items()
    }


def only(row: ForecastRow) -> list[Decimal]:
    return [row.sums(name)["EUR"] for name in ("won", "commit", "best", "open")]


def test_columns_are_cumulative_and_open_is_without_won() -> None:
    november, december = made(PLAIN).rows
    assert november.period is not None and november.period.first == date(2026, 11, 1)
    assert only(december) == [50, 200, 300, 450]
    assert len(december.deals) == 4
    assert made(PLAIN).omitted == 1


def test_the_second_sample() -> None:
    # Salesforce help, forecasts3_cumulative_columns_overview: 50, 100, 150, 200 → 50, 150, 300, 450.
    values = {"commit": "value: 100", "best": "value: 150"}
    files = dict(PLAIN)
    for name, line in values.items():
        files[f"deals/{name}.md"] = (
            f"name: {name}\nforecast: {name}\n{line}\nclose_date: 2026-12-02"
        )
    assert only(made(files).rows[1]) == [50, 150, 300, 450]


@pytest.mark.parametrize(
    ("lines", "category"),
    [
        ("stage: lead", "pipeline"),
        ("stage: proposal", "best"),
        ("stage: negotiation", "commit"),
        ("probability: 49.9", "pipeline"),
        ("probability: 100", "commit"),
        ("stage: negotiation\nforecast: Pipeline", "pipeline"),
        ("stage: lead\nforecast: commit", "commit"),
        ("stage: won\nforecast: omitted", "won"),
        ("forecast: omitted", "omitted"),
        ("stage: lost", None),
        ("stage: parked", None),
        ("stage: strange", "pipeline"),
    ],
)
def test_the_category_is_that_of_the_hand_else_of_the_chance(lines: str, category: object) -> None:
    (row,) = deal_rows(context({"deals/x.md": f"name: X\n{lines}"}))
    assert category_of(row) == category


def test_what_is_overdue_or_undated_is_in_no_period() -> None:
    found = made(
        {
            "deals/late.md": "name: a\nvalue: 10\nclose_date: 2026-11-20\nstage: proposal",
            "deals/when.md": "name: b\nvalue: 20\nstage: proposal",
            "deals/now.md": "name: c\nvalue: 40\nclose_date: 2026-11-21\nstage: proposal",
            "deals/unsure.md": "name: d\nvalue: 80\nclose_date: 2026-11-30\nstage: odd",
        }
    )
    assert sums(found.overdue)["open"] == {"EUR": "1E+1"}
    assert sums(found.undated)["weighted"] == {"EUR": "1E+1"}
    (november,) = found.rows
    assert sums(november)["open"] == {"EUR": "1.2E+2"}
    assert sums(november)["weighted"] == {"EUR": "2E+1"}
    assert found.unknown == 1 and found.deals == 4


def test_what_recurs_stands_apart_as_its_value_a_month() -> None:
    found = made(
        {
            "deals/a.md": "name: a\nvalue: 1200/year\nclose_date: 2026-12-01\nstage: proposal",
            "deals/b.md": "name: b\nvalue: 300/month\nstage: won\nclosed: 2026-11-05",
            "deals/c.md": "name: c\nvalue: 7\nstage: won\nclosed: 2026-11-05",
        }
    )
    november, december = found.rows
    assert sums(november)["won"] == {"EUR/month": "3E+2", "EUR": "7"}
    assert sums(december)["open"] == {"EUR/month": "1E+2"}
    assert sums(december)["weighted"] == {"EUR/month": "5E+1"}


def test_other_currencies_count_at_the_rate_of_their_day_or_stand_apart() -> None:
    files = {
        "deals/a.md": "name: a\nvalue: 100 USD\nclose_date: 2026-12-01",
        "deals/b.md": "name: b\nvalue: 100 GBP\nclose_date: 2026-12-01",
    }
    _, december = made(files, "rates: {USD: {2026-11: 0.9, 2026-12: 0.8}}").rows
    assert sums(december)["open"] == {"EUR": "8E+1", "GBP": "1E+2"}


def test_a_goal_belongs_to_the_period_that_it_names_and_no_other() -> None:
    settings = "goals: {2026-Q4: 30000, 2026-12: 10000, 2027-02: 5 USD}"
    months = made(PLAIN, settings, by="month").rows
    assert [
        (row.period and row.period.first, row.goal and str(row.goal.amount)) for row in months
    ] == [
        (date(2026, 11, 1), None),
        (date(2026, 12, 1), "10000 EUR"),
        (date(2027, 2, 1), "5 USD"),
    ]
    (quarter,) = made(PLAIN, settings, by="quarter").rows
    assert quarter.goal is not None and quarter.goal.amount.amount == 30000


def test_from_and_to_name_whole_periods() -> None:
    found = made(PLAIN, "", by="month", first=date(2026, 1, 20), last=date(2026, 12, 1))
    assert [row.period and row.period.first.month for row in found.rows] == [1, 12]
    assert len(made(PLAIN, "", last=date(2026, 11, 30)).rows) == 1


@pytest.mark.parametrize("by", ["month", "quarter", "year"])
def test_the_query_of_a_row_selects_its_deals(by: str) -> None:
    files = PLAIN | {
        "deals/late.md": "name: late\nvalue: 10\nclose_date: 2026-11-20",
        "deals/when.md": "name: when\nvalue: 20",
        "deals/early.md": "name: early\nstage: won\nvalue: 20\nclosed: 2026-03-01",
    }
    book = context(files, TODAY)
    found = forecast(deal_rows(book), book, by, first=date(2026, 1, 1))  # type: ignore[arg-type]
    rows = [(row, False) for row in (*found.rows, found.undated)] + [(found.overdue, True)]
    for row, overdue in rows:
        words = words_of(row, book.today, overdue)
        listed = query.compile(words, book.store.schema.kinds["deal"], book).all()
        assert {record.id for record in listed} == {deal.id for deal in row.deals}, words


def test_the_goal_of_the_reference() -> None:
    # codingace.net: quota 100,000, booked 65,000, pipeline 120,000, 30 %, average 15,000, day 45/90.
    basis = GoalBasis(
        Decimal(65000), Decimal(120000), Decimal("0.3"), Decimal(15000), gone=45, days=90
    )
    found = progress(Decimal(100000), basis)
    assert (found.gap, found.attained, found.projected) == (35000, Decimal("0.65"), 130000)
    assert found.pace is not None and round(found.pace, 2) == Decimal("1444.44")
    assert found.needed is not None and round(found.needed, 2) == Decimal("116666.67")
    assert found.coverage is not None and round(found.coverage, 2) == Decimal("3.43")
    assert found.deals == 3


def test_a_goal_that_is_reached_has_no_gap_and_no_coverage() -> None:
    basis = GoalBasis(Decimal(20), Decimal(5), None, None, gone=0, days=30)
    found = progress(Decimal(10), basis)
    assert (found.gap, found.attained) == (0, 2)
    assert (found.pace, found.projected, found.needed, found.coverage, found.deals) == (None,) * 5


def test_the_days_of_a_period_that_have_passed() -> None:
    quarter = named_period("2026-Q4")
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 11, 21), date(2027, 3, 1)]
    assert [days_gone(quarter, day)[0] for day in days] == [0, 1, 52, 92]
