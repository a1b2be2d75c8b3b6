"""Deals that recur: which of them run on a day, and which period still lacks its invoice."""

from __future__ import annotations

from datetime import date

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import own_day
from plaincrm.core.values.money import Money
from plaincrm.core.values.periods import Period, PeriodUnit, period_of
from plaincrm.sales.orders import bills


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


def unbilled_period(deal: Record, context: Context) -> Period | None:
    """The period of today for which a running deal has no invoice yet; None where nothing is to be
    asked for. A deal on which no invoice ever stood is left alone: it is billed elsewhere.
    """
    value = running(deal, context, context.today)
    found = bills(deal, context)
    if value is None or not found or any(bill.rec and not bill.ticked for bill in found):
        return None
    unit: PeriodUnit = value.per  # type: ignore[assignment]
    period = period_of(unit, context.today)
    days = [day for bill in found for day in (bill.asked, bill.paid) if day is not None]
    return None if any(day in period for day in days) else period
