"""How many mails may go out now."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from plaincrm.core.values.week_text import parse_week
from plaincrm.marketing.send_limits import allowed, frees, outside

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 21, 12, tzinfo=BERLIN)  # a Saturday


def test_the_hours_of_sending_say_when_the_next_begin() -> None:
    week = parse_week("Mon-Fri 09:00-17:00")
    assert outside(week, NOON) == "outside the hours of sending; the next begin Mon 09:00"
    assert outside(week, NOON + timedelta(days=2)) == ""
    assert outside((), NOON) == ""


def test_a_rate_counts_the_tries_of_the_last_hour() -> None:
    began = [NOON - timedelta(minutes=m) for m in (90, 61, 40, 30, 5)]
    assert allowed(0, began, NOON) is None
    assert allowed(5, began, NOON) == 2
    assert allowed(2, began, NOON) == 0
    assert frees(2, began, NOON) == NOON + timedelta(minutes=30)
    assert frees(3, began, NOON) == NOON + timedelta(minutes=20)
    assert frees(9, began, NOON) == NOON + timedelta(hours=1)
