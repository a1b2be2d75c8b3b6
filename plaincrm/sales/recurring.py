"""Deals that recur: which of them run on a day, and for how much."""

from __future__ import annotations

from datetime import date

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import own_day
from plaincrm.core.values.money import Money


def running(deal: Record, context: Context, day: date) -> Money | None:
    """The value of a won deal that recurs and runs on that day: it has begun, and not ended."""
    value = deal.value("value", context.settings.currency)
    if not isinstance(value, Money) or not value.per or not context.fact(deal, "is:won"):
        return None
    starts = own_day(deal, "starts") or context.fact(deal, "ended")
    ends = own_day(deal, "ends")
    if (starts is not None and starts > day) or (ends is not None and ends < day):
        return None
    return value
