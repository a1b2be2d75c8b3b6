from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from plaincrm.core.values.duration import Duration
from plaincrm.core.values.money import Money
from plaincrm.sales.deals import is_bare_one
from tests.contexts import deal


def fact(name: str, text: str, today: str = "2026-11-21", settings: str = "") -> object:
    record, context = deal(text, today, settings)
    return context.fact(record, name)


@pytest.mark.parametrize(
    "stage", ["lead", "proposal", "negotiation", "parked", "won", "lost", "odd"]
)
def test_a_deal_is_exactly_one_of_open_parked_won_and_lost(stage: str) -> None:
    flags = [
        fact(f"is:{status}", f"name: A\nstage: {stage}")
        for status in ("open", "parked", "won", "lost")
    ]
    assert sum(map(bool, flags)) == 1


def test_stages_have_roles_so_any_names_work() -> None:
    settings = "pipelines: {sales: {neu: {probability: 10}, gewonnen: {status: won}}}"
    assert (
        fact("stage_status", "name: A\npipeline: sales\nstage: Gewonnen", settings=settings)
        == "won"
    )


def test_the_first_stage_is_meant_where_none_is_named() -> None:
    assert fact("chance", "name: A") == 10


@pytest.mark.parametrize(
    ("text", "chance"),
    [
        ("stage: proposal", 50),
        ("stage: proposal\nprobability: 60%", 60),
        ("stage: proposal\nprobability: 0.6", 60),
        ("stage: proposal\nprobability: 1", 1),
        ("stage: proposal\nprobability: 0", 0),
        ("stage: proposal\nprobability: maybe", 50),
        ("stage: parked\nprobability: 60", 0),
        ("stage: won\nprobability: 60", 100),
        ("stage: lost\nprobability: 60", 0),
        ("stage: unheard-of", None),
    ],
)
def test_chance_is_the_deals_own_else_its_stages(text: str, chance: int | None) -> None:
    assert fact("chance", f"name: A\n{text}") == chance


def test_weighted_is_value_times_chance_and_unknown_without_either() -> None:
    assert fact("weighted", "name: A\nstage: proposal\nvalue: 333.33 USD") == Money(
        Decimal("166.665"), "USD"
    )
    assert fact("weighted", "name: A\nstage: proposal") is None
    assert fact("weighted", "name: A\nstage: unheard-of\nvalue: 100") is None


def test_what_recurs_is_told_per_month() -> None:
    assert fact("mrr", "name: A\nvalue: 18000 EUR/year") == Money(Decimal(1500), "EUR", "month")
    assert fact("mrr", "name: A\nvalue: 18000 EUR") is None
    assert fact("is:recurring", "name: A\nvalue: 18000/year") is True


def test_what_recurs_is_prorated_as_in_odoo() -> None:
    deal = "name: A\nvalue: 5000 EUR/year\nprobability: 40"
    whole, likely = fact("mrr", deal), fact("weighted", deal)
    assert round(whole.amount, 2) == Decimal("416.67")
    assert round(likely.monthly(), 2) == Decimal("166.67")


LOGGED = """---
name: A
stage: contacted
created: 2026-01-05
---
## Log
- 2026-02-01 note: Met them
- 2026-03-01 stage: lead -> contacted
- 2026-02-20 call: Talked
"""


def test_idle_counts_from_the_last_sign_of_life() -> None:
    assert fact("idle", LOGGED) == Duration((date(2026, 11, 21) - date(2026, 3, 1)).days, "d")
    assert fact("idle", "name: A\ncreated: 2026-11-01") == Duration(20, "d")
    assert fact("idle", "name: A") is None
    assert fact("idle", "name: A\ncreated: 2027-01-01") == Duration(0, "d")
    assert fact("last_stage_change", LOGGED) == date(2026, 3, 1)


def test_began_is_created_else_the_earliest_entry() -> None:
    assert fact("began", LOGGED) == date(2026, 1, 5)
    assert fact("began", LOGGED.replace("created: 2026-01-05\n", "")) == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("today", "more", "rotting"),
    [
        ("2026-11-15", "", False),  # idle 14 days, not more than 14
        ("2026-11-16", "", True),
        ("2026-11-16", "next: 2026-11-17 Call", False),
        ("2026-11-17", "next: 2026-11-17 Call", True),
        ("2026-11-16", "next: 2026-10-01 Call", True),
        ("2026-11-16", "stage: parked", False),
        ("2026-11-16", "stage: won", False),
        ("2026-11-16", "stage: unheard-of", False),
    ],
)
def test_rotting_is_being_idle_for_longer_than_the_stage_allows(
    today: str, more: str, rotting: bool
) -> None:
    assert fact("is:rotting", f"name: A\ncreated: 2026-11-01\n{more}", today) is rotting


def test_a_deal_ends_when_it_was_closed_else_moved_else_expected_to_close() -> None:
    log = "## Log\n- 2026-04-02 stage: lead -> won\n"
    moved = "---\nname: A\nstage: won\nclose_date: 2026-05-01\n{}---\n" + log
    assert fact("ended", moved.format("closed: 2026-04-01\n")) == date(2026, 4, 1)
    assert fact("ended", moved.format("")) == date(2026, 4, 2)
    assert fact("ended", "name: A\nstage: lost\nclose_date: 2026-05-01") == date(2026, 5, 1)
    assert fact("ended", "name: A\nstage: lead\nclose_date: 2026-05-01\nclosed: 2026-05-02") is None


def test_cycle_is_told_of_won_deals_only_and_is_never_negative() -> None:
    text = "name: A\nstage: {}\ncreated: 2026-01-01\nclosed: {}"
    assert fact("cycle", text.format("won", "2026-01-31")) == Duration(30, "d")
    assert fact("cycle", text.format("lost", "2026-01-31")) is None
    assert fact("cycle", text.format("won", "2025-12-31")) is None
    assert fact("age", text.format("lost", "2026-01-31")) == Duration(30, "d")


def test_overdue_is_open_past_its_close_date() -> None:
    assert fact("is:overdue", "name: A\nclose_date: 2026-11-20") is True
    assert fact("is:overdue", "name: A\nclose_date: 2026-11-21") is False
    assert fact("is:overdue", "name: A\nclose_date: 2026-11-20\nstage: won") is False
    assert fact("is:overdue", "name: A\nclose_date: 2026-11-20\nstage: parked") is False


def test_a_next_action_or_an_open_task_is_a_next_step() -> None:
    assert fact("is:no_next", "name: A") is True
    assert fact("is:no_next", "name: A\nstage: parked") is True
    assert fact("is:no_next", "name: A\nnext: 2026-12-01 Call") is False
    assert fact("is:no_next", "name: A\nstage: won") is False
    task = "---\nname: A\n---\n- [{}] Call\n"
    assert fact("is:no_next", task.format(" ")) is False
    assert fact("is:no_next", task.format("x")) is True


def test_cancel_by_is_the_end_less_the_notice() -> None:
    assert fact("cancel_by", "name: A\nends: 2026-12-31\nnotice: 3m") == date(2026, 9, 30)
    assert fact("cancel_by", "name: A\nends: 2026-12-31") == date(2026, 12, 31)
    assert fact("cancel_by", "name: A\nnotice: 3m") is None


def test_an_open_invoice_is_unpaid() -> None:
    text = "---\nname: A\n---\n- [{}] invoice 2026-031 1200 EUR due:2026-12-01\n"
    assert fact("is:unpaid", text.format(" ")) is True
    assert fact("is:unpaid", text.format("x")) is False


@pytest.mark.parametrize(
    ("text", "bare"),
    [("1", True), ("1.0", True), (" 1.00 ", True), ("1%", False), ("1.5", False), ("10", False)],
)
def test_exactly_one_is_told(text: str, bare: bool) -> None:
    assert is_bare_one(text) is bare


def test_only_what_was_won_renews() -> None:
    from plaincrm.crm.reminders.index import of_record

    lines = "value: 100/month\nends: 2026-12-20\nnotice: 4w"
    for stage, renews in (("lead", False), ("won", True)):
        record, book = deal(f"name: X\nstage: {stage}\n{lines}")
        reasons = {each.reason for each in of_record(record, book)}
        assert ("renewal" in reasons) is renews
