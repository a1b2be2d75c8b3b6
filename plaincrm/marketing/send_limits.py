"""How many mails may go out now: the hours of sending, and so many an hour. Pure.

mail: {rate: 60/hour, window: Mon-Fri 09:00-17:00}
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from plaincrm.core.values.hours import Week
from plaincrm.marketing.sequences import into_window

HOUR = timedelta(hours=1)


def outside(window: Week, now: datetime) -> str:
    """Why nothing may go out at `now`, in the book's zone; empty where mail may."""
    local = now.replace(tzinfo=None)
    opens = into_window(local, window)
    return f"outside the hours of sending; the next begin {opens:%a %H:%M}" if opens > local else ""


def allowed(rate: int, began: Iterable[datetime], now: datetime) -> int | None:
    """How many more mails may go out within the hour that ends `now`; None for any number.

    `began`: when earlier tries began, of all machines that are known. A rate of 0 is none.
    """
    return max(rate - len(_recent(began, now)), 0) if rate else None


def frees(rate: int, began: Iterable[datetime], now: datetime) -> datetime:
    """When the next mail may go out under a rate, in the zone of `now`."""
    recent = _recent(began, now)
    last = recent[-rate] if len(recent) >= rate else now.astimezone(UTC)
    return (last + HOUR).astimezone(now.tzinfo)


def _recent(began: Iterable[datetime], now: datetime) -> list[datetime]:
    since = now.astimezone(UTC) - HOUR
    return sorted(each for each in began if each > since)
