"""Date words, periods, moments, stored dates and days of the year. Today is Saturday, 3 October
2026.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plaincrm.core.values.dates import (
    DateError,
    Leaning,
    MonthDay,
    describe,
    parse_date,
    parse_moment,
    parse_monthday,
    parse_period,
    parse_stored,
)

TODAY = date(2026, 10, 3)
NOW = datetime(2026, 10, 3, 10, 0)
PAST, NEAREST, FUTURE = Leaning.PAST, Leaning.NEAREST, Leaning.FUTURE
DAYS = st.dates(date(1000, 1, 1), date(3000, 1, 1))
WEEKDAYS = ["mon", "Tue", "wednesday", "thu", "fri", "Saturday", "sun"]
LEANING_WORDS = [
    *WEEKDAYS,
    "today",
    "now",
    "sow",
    "eow",
    "som",
    "eom",
    "soq",
    "eoq",
    "soy",
    "eoy",
    "10-31",
    "31.10.",
    "29.2.",
    "oct 31",
    "31 oct",
    "02-29",
    "1 jan",
]


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("2026-10-31", "2026-10-31"),
        ("20261031", "2026-10-31"),
        ("2026-W44-6", "2026-10-31"),
        ("today", "2026-10-03"),
        ("now", "2026-10-03"),
        ("Tomorrow", "2026-10-04"),
        ("yesterday", "2026-10-02"),
        ("fri", "2026-10-09"),
        ("sat", "2026-10-10"),
        ("sun", "2026-10-04"),
        ("next fri", "2026-10-09"),
        ("next sun", "2026-10-11"),
        ("this fri", "2026-10-02"),
        ("last fri", "2026-10-02"),
        ("last Saturday", "2026-09-26"),
        ("last-fri", "2026-10-02"),
        ("+3d", "2026-10-06"),
        ("-2w", "2026-09-19"),
        ("+1m", "2026-11-03"),
        ("+1y", "2027-10-03"),
        ("+3bd", "2026-10-07"),
        ("-1bd", "2026-10-02"),
        ("3 days ago", "2026-09-30"),
        ("in 2 weeks", "2026-10-17"),
        ("a month ago", "2026-09-03"),
        ("sow", "2026-09-28"),
        ("eow", "2026-10-04"),
        ("som", "2026-10-01"),
        ("eom", "2026-10-31"),
        ("soq", "2026-10-01"),
        ("eoq", "2026-12-31"),
        ("soy", "2026-01-01"),
        ("eoy", "2026-12-31"),
        ("10-31", "2026-10-31"),
        ("31.10.", "2026-10-31"),
        ("31.10.2026", "2026-10-31"),
        ("1.2.2027", "2027-02-01"),
        ("oct 31", "2026-10-31"),
        ("31 oct", "2026-10-31"),
        ("October 31st", "2026-10-31"),
        ("Oct 31, 2027", "2027-10-31"),
        ("31. october 2027", "2027-10-31"),
        ("sept 1", "2026-09-01"),
    ],
)
def test_a_word_names_a_day(word: str, day: str) -> None:
    assert parse_date(word, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("word", "past", "nearest", "future"),
    [
        ("fri", "2026-10-02", "2026-10-09", "2026-10-09"),
        ("sat", "2026-09-26", "2026-10-10", "2026-10-10"),
        ("10-31", "2025-10-31", "2026-10-31", "2026-10-31"),
        ("9-1", "2026-09-01", "2026-09-01", "2027-09-01"),
        ("10-03", "2026-10-03", "2026-10-03", "2026-10-03"),
        ("eom", "2026-09-30", "2026-10-31", "2026-10-31"),
        ("som", "2026-10-01", "2026-10-01", "2026-11-01"),
        ("next fri", "2026-10-09", "2026-10-09", "2026-10-09"),
        ("2026-10-31", "2026-10-31", "2026-10-31", "2026-10-31"),
        ("tomorrow", "2026-10-04", "2026-10-04", "2026-10-04"),
        ("+3d", "2026-10-06", "2026-10-06", "2026-10-06"),
    ],
)
def test_leaning_moves_only_words_without_year_or_direction(
    word: str, past: str, nearest: str, future: str
) -> None:
    found = [parse_date(word, TODAY, leaning) for leaning in (PAST, NEAREST, FUTURE)]
    assert [str(day) for day in found] == [past, nearest, future]


def test_a_leap_day_leans_to_the_leap_year_on_its_side() -> None:
    assert parse_date("02-29", TODAY, PAST) == date(2024, 2, 29)
    assert parse_date("02-29", TODAY, FUTURE) == date(2028, 2, 29)
    with pytest.raises(DateError, match="February 2026 has 28 days"):
        parse_date("02-29", TODAY)


@pytest.mark.parametrize(
    ("word", "first", "last", "unit"),
    [
        ("2026", "2026-01-01", "2026-12-31", "year"),
        ("9999", "9999-01-01", "9999-12-31", "year"),
        ("2026-02", "2026-02-01", "2026-02-28", "month"),
        ("2024-2", "2024-02-01", "2024-02-29", "month"),
        ("oct 2025", "2025-10-01", "2025-10-31", "month"),
        ("December", "2026-12-01", "2026-12-31", "month"),
        ("2026-Q4", "2026-10-01", "2026-12-31", "quarter"),
        ("2026-q1", "2026-01-01", "2026-03-31", "quarter"),
        ("2026-W47", "2026-11-16", "2026-11-22", "week"),
        ("2026-W01", "2025-12-29", "2026-01-04", "week"),
        ("last-month", "2026-09-01", "2026-09-30", "month"),
        ("this month", "2026-10-01", "2026-10-31", "month"),
        ("last-quarter", "2026-07-01", "2026-09-30", "quarter"),
        ("last-year", "2025-01-01", "2025-12-31", "year"),
        ("next-week", "2026-10-05", "2026-10-11", "week"),
        ("fri", "2026-10-09", "2026-10-09", "day"),
    ],
)
def test_a_word_names_a_period(word: str, first: str, last: str, unit: str) -> None:
    period = parse_period(word, TODAY)
    assert (str(period.first), str(period.last), period.unit, period.word) == (
        first,
        last,
        unit,
        word,
    )
    assert period.first in period and period.last in period
    assert period.first - timedelta(1) not in period


@pytest.mark.parametrize(
    ("word", "says", "hint"),
    [
        ("2026-10", "2026-10 is a month, not a day", "2026-10-01 or 2026-10-31"),
        ("2026-Q4", "2026-Q4 is a quarter, not a day", "2026-12-31"),
        ("2026-02-30", "2026-02-30 does not exist: February 2026 has 28 days", "2026-11-20"),
        ("2026-13-45", "2026-13-45 does not exist: there is no month 13", ""),
        ("31.11.", "31.11. does not exist: November has 30 days", ""),
        ("0000-01-01", "years begin at 1", ""),
        ("2026-Q5", "quarters are Q1 to Q4", "2026-Q4"),
        ("2026-W60", "does not exist", "2026-W47"),
        ("tomorow", '"tomorow" is not a date', 'did you mean "tomorrow"?'),
        ("firday", '"firday" is not a date', 'did you mean "friday"?'),
        ("", "is not a date", "write a date such as"),
        ("+2h", "+2h is a time, not a day", "+1d"),
        ("+3x", '"+3x" is not a date', ""),
        ("3/10", "may begin with the day or the month", "-10-03"),
        ("31.10.26", "a year of two digits", "31.10.2026"),
        ("+9999y", "outside the years 1 to 9999", ""),
        ("fri 14:30", "is not a date", ""),
    ],
)
def test_what_is_no_day_says_why_and_what_to_type(word: str, says: str, hint: str) -> None:
    with pytest.raises(DateError) as caught:
        parse_date(word, TODAY)
    assert says in caught.value.message
    assert hint in caught.value.hint and caught.value.hint


def test_business_days_skip_days_off() -> None:
    assert parse_date("+1bd", date(2026, 12, 24), off={date(2026, 12, 25)}) == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("word", "moment"),
    [
        ("fri 14:30", "2026-10-09T14:30:00"),
        ("2026-11-20T14:30", "2026-11-20T14:30:00"),
        ("2026-11-20 14:30Z", "2026-11-20T14:30:00+00:00"),
        ("2026-11-20T14:30:05+02:00", "2026-11-20T14:30:05+02:00"),
        ("yesterday 9:00", "2026-10-02T09:00:00"),
        ("yesterday at 9am", "2026-10-02T09:00:00"),
        ("oct 31 12:15 pm", "2026-10-31T12:15:00"),
        ("today 12am", "2026-10-03T00:00:00"),
        ("14:30", "2026-10-03T14:30:00"),
        ("now", "2026-10-03T10:00:00"),
        ("-2h", "2026-10-03T08:00:00"),
        ("30 min ago", "2026-10-03T09:30:00"),
        ("fri", "2026-10-09"),
        ("31.10.", "2026-10-31"),
    ],
)
def test_a_time_may_follow(word: str, moment: str) -> None:
    assert parse_moment(word, NOW).isoformat() == moment


def test_a_time_alone_leans_too() -> None:
    assert parse_moment("23:00", NOW, PAST) == datetime(2026, 10, 2, 23)
    assert parse_moment("9:00", NOW, PAST) == datetime(2026, 10, 3, 9)
    assert parse_moment("9:00", NOW, FUTURE) == datetime(2026, 10, 4, 9)


def test_an_aware_now_gives_its_zone() -> None:
    assert parse_moment("fri 14:30", NOW.replace(tzinfo=UTC)) == datetime(
        2026, 10, 9, 14, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "word", ["25:00", "fri 14:60", "today 13pm", "today 0am", "2026-02-30 14:30", "x 14:30"]
)
def test_an_impossible_moment_is_refused(word: str) -> None:
    with pytest.raises(DateError):
        parse_moment(word, NOW)


@pytest.mark.parametrize(
    "text", ["2026-11-20", "2026-11-20 14:30", "2026-11-20T14:30:05", "2026-11-20 14:30Z"]
)
def test_stored_dates_are_iso(text: str) -> None:
    assert parse_stored(text) in (
        date(2026, 11, 20),
        datetime(2026, 11, 20, 14, 30),
        datetime(2026, 11, 20, 14, 30, 5),
        datetime(2026, 11, 20, 14, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "20261120",
        "2026-11",
        "2026-W47-1",
        "2026-11-31",
        "2026-11-20 25:00",
        " 2026-11-20",
        "26-11-20",
        "2026-11-20\n",
        "٢٠٢٦-١١-٢٠",
    ],
)
def test_nothing_else_may_be_stored(text: str) -> None:
    with pytest.raises(DateError):
        parse_stored(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12-10", MonthDay(12, 10)),
        ("--12-10", MonthDay(12, 10)),
        ("1985-12-10", MonthDay(12, 10, 1985)),
        ("02-29", MonthDay(2, 29)),
    ],
)
def test_a_birthday_may_lack_its_year(text: str, day: MonthDay) -> None:
    assert parse_monthday(text) == day
    assert parse_monthday(str(day)) == day


@pytest.mark.parametrize(
    "text", ["", "13-01", "02-30", "1985-02-29", "0000-01-01", "12/10", "dec 10"]
)
def test_an_impossible_birthday_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        parse_monthday(text)


def test_a_leap_birthday_falls_on_the_28th_in_other_years() -> None:
    birthday = parse_monthday("1988-02-29")
    assert birthday.on(2026) == date(2026, 2, 28) and birthday.on(2028) == date(2028, 2, 29)
    assert birthday.next(date(2026, 3, 1)) == date(2027, 2, 28)
    assert birthday.next(date(2026, 2, 28)) == date(2026, 2, 28)
    assert birthday.age(date(2026, 2, 27)) == 37 and birthday.age(date(2026, 2, 28)) == 38
    assert parse_monthday("02-29").age(TODAY) is None


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 10, 9), "Fri 2026-10-09, in 6 days"),
        (TODAY, "Sat 2026-10-03, today"),
        (date(2026, 10, 4), "Sun 2026-10-04, tomorrow"),
        (date(2026, 10, 2), "Fri 2026-10-02, yesterday"),
        (date(2026, 9, 30), "Wed 2026-09-30, 3 days ago"),
        (datetime(2026, 10, 9, 14, 30), "Fri 2026-10-09 14:30, in 6 days"),
    ],
)
def test_the_echo_of_a_date_word(day: date, text: str) -> None:
    assert describe(day, TODAY) == text


@given(st.dates(), DAYS, st.sampled_from(Leaning))
def test_iso_reads_back_whatever_the_leaning(day: date, today: date, leaning: Leaning) -> None:
    assert parse_date(day.isoformat(), today, leaning) == day == parse_stored(day.isoformat())


@given(st.datetimes(timezones=st.sampled_from([None, UTC])), st.datetimes())
def test_iso_moments_read_back(moment: datetime, now: datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert parse_moment(moment.isoformat(), now) == moment == parse_stored(moment.isoformat())


@given(DAYS, st.sampled_from(WEEKDAYS))
def test_weekday_words_lie_one_to_seven_days_away(today: date, word: str) -> None:
    assert 1 <= (parse_date(word, today) - today).days <= 7
    assert 1 <= (today - parse_date(word, today, PAST)).days <= 7
    assert parse_date(f"last {word}", today) == parse_date(word, today, PAST)
    assert (
        parse_date(f"next {word}", today).isocalendar()[:2]
        == (today + timedelta(7)).isocalendar()[:2]
    )


@given(DAYS, st.sampled_from(LEANING_WORDS))
def test_past_never_lies_ahead_and_future_never_behind(today: date, word: str) -> None:
    assert parse_date(word, today, PAST) <= today <= parse_date(word, today, FUTURE)


@given(
    st.text()
    | st.from_regex(r"\A[-+0-9a-z. :/]{0,14}\Z")
    | st.from_regex(r"\A(in )?[+-]?[0-9]{1,6} ?[bdwmyh]+( ago)?\Z"),
    st.datetimes(),
    st.sampled_from(Leaning),
)
@example("eow", datetime(9999, 12, 31), FUTURE)
@example("fri", datetime(1, 1, 1), PAST)
@example("14:30", datetime(1, 1, 1), PAST)
@example("oct", datetime(9999, 12, 31), FUTURE)
@example("next-year", datetime(9999, 12, 31), NEAREST)
def test_any_text_is_a_date_or_a_date_error(text: str, now: datetime, leaning: Leaning) -> None:
    for read in (
        lambda: parse_date(text, now.date(), leaning),
        lambda: parse_period(text, now.date(), leaning),
        lambda: parse_moment(text, now, leaning),
        lambda: parse_stored(text),
        lambda: parse_monthday(text),
    ):
        try:
            read()
        except DateError as error:
            assert error.message and error.hint
