from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.interchange.calendar.write import Event, calendar, uid

STAMP = datetime(2026, 11, 21, 12, tzinfo=UTC)


def read(data: bytes) -> list[icalendar.Event]:
    found = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return [each for each in found if isinstance(each, icalendar.Event)]


def test_a_day_is_all_day_and_no_zone_shifts_it() -> None:
    data = calendar([Event("a", date(2026, 12, 1), "Call")], STAMP)
    assert b"DTSTART;VALUE=DATE:20261201\r\n" in data
    assert b"DTEND;VALUE=DATE:20261202\r\n" in data


def test_a_moment_keeps_its_instant_and_a_naive_one_floats() -> None:
    aware = datetime(2026, 12, 1, 14, 30, tzinfo=timezone(timedelta(hours=1)))
    data = calendar([Event("a", aware, "x"), Event("b", datetime(2026, 12, 1, 9), "y")], STAMP)
    assert b"DTSTART:20261201T133000Z\r\n" in data
    assert b"DTSTART:20261201T090000\r\n" in data


def test_the_same_events_give_the_same_bytes() -> None:
    about = uid("task", "contact", "ada", "Call")
    events = [Event(about, date(2026, 12, 1), "Call", alarm=timedelta(hours=1))]
    assert calendar(events, STAMP) == calendar(events, STAMP)
    assert b"TRIGGER:-PT1H" in calendar(events, STAMP)
    assert b"DTSTAMP:20261121T120000Z" in calendar(events, STAMP)


def test_a_uid_says_what_and_not_when() -> None:
    assert uid("task", "ada") == uid("task", "ada")
    assert len({uid("task", "ada"), uid("taskada"), uid("task", "kari")}) == 3


def test_events_of_one_uid_come_once_in_the_order_given() -> None:
    found = read(calendar([Event(n[0], date(2026, 12, 1), n) for n in ("b1", "a1", "b2")], STAMP))
    assert [str(each["summary"]) for each in found] == ["b1", "a1"]


def test_a_line_break_in_a_summary_makes_no_property_of_its_own() -> None:
    data = calendar(
        [Event("a", date(2026, 12, 1), "Call\r\nATTENDEE:mailto:x@y.z", "a;b,c\\d\n")], STAMP
    )
    assert b"\r\nATTENDEE" not in data
    (found,) = read(data)
    assert str(found["summary"]) == "Call\nATTENDEE:mailto:x@y.z"
    assert str(found["description"]) == "a;b,c\\d\n"


@given(st.text(), st.text())
def test_any_text_comes_back(summary: str, description: str) -> None:
    data = calendar([Event("a", date(2026, 12, 1), summary, description)], STAMP)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert not any(byte < 32 and byte not in (9, 10, 13) for byte in data)
    (found,) = read(data)
    assert found["uid"] == "a"
