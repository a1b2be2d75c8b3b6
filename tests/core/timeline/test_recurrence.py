"""When a recurring task falls due again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.timeline.recurrence import next_due, parse

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("rec", "due", "done", "expected"),
    [
        ("2w", "2026-12-01", "2026-12-03", "2026-12-17"),
        ("2w", "2026-12-01", "2026-11-28", "2026-12-12"),
        ("+2w", "2026-12-01", "2026-12-03", "2026-12-15"),
        ("+2w", "2026-12-01", "2026-11-28", "2026-12-15"),
        ("+1w", "2026-11-01", "2026-11-22", "2026-11-29"),
        ("+1m", "2026-01-31", "2026-01-31", "2026-02-28"),
        ("+1y", "2024-02-29", "2024-02-29", "2025-02-28"),
        ("+1bd", "2026-11-20", "2026-11-20", "2026-11-23"),
        ("+1m", None, "2026-11-20", "2026-12-20"),
        ("1m@15", "2026-11-15", "2026-11-20", "2026-12-15"),
    ],
)
def test_next_due(rec: str, due: str | None, done: str, expected: str) -> None:
    start = date.fromisoformat(due) if due else None
    assert next_due(rec, start, date.fromisoformat(done)) == date.fromisoformat(expected)


def test_an_anchor_keeps_its_day() -> None:
    day, days = date(2026, 1, 31), []
    for _ in range(4):
        day = next_due("+1m@31", day, day)
        days.append(f"{day:%d %b}")
    assert days == ["28 Feb", "31 Mar", "30 Apr", "31 May"]


def test_days_off_count_for_business_days() -> None:
    assert next_due("2bd", None, date(2026, 12, 23), {date(2026, 12, 25)}) == date(2026, 12, 28)


@pytest.mark.parametrize("rec", ["2w", "+2w", "+1m@31", "1y", "3bd"])
def test_text_reads_back(rec: str) -> None:
    assert str(parse(rec)) == rec


@pytest.mark.parametrize(
    "rec", ["", "w", "0d", "2h", "++2w", "2w@3", "1m@32", "1m@0", "weekly", "+"]
)
def test_what_does_not_recur_says_so(rec: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        next_due(rec, None, date(2026, 1, 1))


@given(st.sampled_from(["+1d", "+2w", "+1m", "+1m@31", "+1y", "+3bd", "1d", "1m@31"]), DAYS, DAYS)
def test_the_next_date_lies_after_the_day_it_was_done(rec: str, due: date, done: date) -> None:
    if rec != "1m@31":
        assert next_due(rec, due, done) > done
    if rec.startswith("+"):
        assert next_due(rec, due, done) > due


@given(DAYS, st.integers(1, 400))
def test_a_late_tick_shifts_no_weekday(due: date, late: int) -> None:
    found = next_due("+1w", due, due + timedelta(late))
    assert found.weekday() == due.weekday() and (found - due).days - late in range(1, 8)
