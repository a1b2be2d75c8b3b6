"""Lengths of time: reading, order, and counting on a calendar."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.values.duration import Duration, add_months, is_business_day, parse


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("30min", "30min"),
        ("2h", "2h"),
        ("10d", "10d"),
        ("3bd", "3bd"),
        ("2w", "2w"),
        ("1m", "1m"),
        ("1y", "1y"),
        ("3 days", "3d"),
        (" 1 Month ", "1m"),
        ("12 months", "12m"),
        ("90 minutes", "90min"),
        ("0d", "0d"),
    ],
)
def test_reads_what_people_write(text: str, canonical: str) -> None:
    assert str(parse(text)) == canonical


@pytest.mark.parametrize(
    "text", ["", "2", "w", "2x", "-2w", "1.5h", "2w 3d", "٣d", "1234567d", "2 \n w"]
)
def test_refuses_the_rest_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration: write one such as"):
        parse(text)


def test_order_is_by_approximate_length() -> None:
    words = ["30min", "2h", "1d", "1bd", "1w", "1m", "1y"]
    assert [str(d) for d in sorted(map(parse, reversed(words)))] == words
    assert parse("12m") <= parse("1y") <= parse("12m")
    assert parse("12m") != parse("1y")
    assert parse("7d") < parse("2w") and parse("31d") > parse("1m")


@pytest.mark.parametrize(
    ("start", "length", "times", "end"),
    [
        ("2026-01-31", "1m", 1, "2026-02-28"),
        ("2026-01-31", "1m", 2, "2026-03-31"),
        ("2024-02-29", "1y", 1, "2025-02-28"),
        ("2026-11-20", "2w", 1, "2026-12-04"),
        ("2026-11-20", "1bd", 1, "2026-11-23"),
        ("2026-11-21", "1bd", 1, "2026-11-23"),
        ("2026-11-20", "5bd", 2, "2026-12-04"),
        ("2026-11-20", "48h", 1, "2026-11-22"),
        ("2026-11-20", "0bd", 1, "2026-11-20"),
    ],
)
def test_after(start: str, length: str, times: int, end: str) -> None:
    assert parse(length).after(date.fromisoformat(start), times) == date.fromisoformat(end)


def test_before_is_the_mirror() -> None:
    assert parse("1m").before(date(2026, 3, 31)) == date(2026, 2, 28)
    assert parse("1bd").before(date(2026, 11, 23)) == date(2026, 11, 20)
    assert parse("2h").before(datetime(2026, 11, 20, 1)) == datetime(2026, 11, 19, 23)


def test_days_off_are_skipped_by_set_or_by_rule() -> None:
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)
    assert parse("1bd").after(friday, off={monday}) == date(2026, 11, 24)
    assert parse("1bd").after(friday, off=lambda day: day.day < 26) == date(2026, 11, 26)
    assert not is_business_day(datetime(2026, 11, 23, 9), {monday})


def test_where_no_business_day_ever_comes_it_says_so() -> None:
    with pytest.raises(ValueError, match="no business day"):
        parse("1bd").after(date(2026, 1, 1), off=lambda _: True)


@given(st.dates(), st.sampled_from(["d", "bd", "w", "m", "y", "h"]), st.integers(0, 99999))
def test_only_a_value_error_past_the_calendar(day: date, unit: str, amount: int) -> None:
    length = parse(f"{amount if unit != 'bd' else amount % 500}{unit}")
    for move in (length.after, length.before):
        try:
            assert isinstance(move(day), date)
        except ValueError as error:
            assert "1 to 9999" in str(error)


@given(st.dates(date(1000, 1, 1), date(3000, 1, 1)), st.integers(-5000, 5000))
def test_month_arithmetic_clamps_to_the_end_of_the_month(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (
        moved.day < day.day and (moved.toordinal() + 1 == _first_after(moved))
    )


def _first_after(day: date) -> int:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1).toordinal()


def test_canonical_text_reads_back() -> None:
    assert parse(str(Duration(3, "bd"))) == Duration(3, "bd")
