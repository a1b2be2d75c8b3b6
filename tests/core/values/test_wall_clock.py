"""A moment by the clock of a zone: the laws of the one function that all times go through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.values.wall_clock import wall_clock

NAMES = ("UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu")
zones = st.sampled_from([ZoneInfo(name) for name in NAMES])
moments = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))
offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda n: timezone(timedelta(minutes=n)))


@given(moments, zones, offsets)
def test_it_is_the_same_in_whatever_zone_a_moment_is_written(
    moment: datetime, zone: ZoneInfo, offset: timezone
) -> None:
    assert wall_clock(moment.astimezone(offset), zone) == wall_clock(moment, zone)


@given(moments, zones)
def test_no_moment_is_lost(moment: datetime, zone: ZoneInfo) -> None:
    shown = wall_clock(moment, zone)
    assert shown.tzinfo is None
    assert shown.replace(tzinfo=zone).astimezone(UTC) == moment


@given(moments, moments, zones)
def test_later_is_later_outside_of_the_hour_that_comes_twice(
    one: datetime, other: datetime, zone: ZoneInfo
) -> None:
    a, b = wall_clock(one, zone), wall_clock(other, zone)
    if a.fold == b.fold == 0 and abs(one - other) > timedelta(hours=25):
        assert (a < b) == (one < other)


@given(st.datetimes(), zones)
def test_a_time_without_a_zone_stays(moment: datetime, zone: ZoneInfo) -> None:
    assert wall_clock(moment, zone) is moment


@pytest.mark.parametrize("written", ["0001-01-01T00:30+14:00", "9999-12-31T23:30-12:00"])
def test_the_ends_of_time_stay_as_they_are_written(written: str) -> None:
    moment = datetime.fromisoformat(written)
    assert wall_clock(moment, ZoneInfo("UTC")) == moment.replace(tzinfo=None)
