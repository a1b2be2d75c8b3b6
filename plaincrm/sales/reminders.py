"""What deals ask for: a close date that has passed, a deal that rots, a next step, a renewal, the
invoice of the month.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.reminder import (
    AT_ONCE,
    Reminder,
    ReminderRule,
    counted_days,
    hide,
    shell_ref,
)
from plaincrm.core.records.timeline_facts import own_day
from plaincrm.core.values.duration import DAY, WEEK, Duration
from plaincrm.core.values.money import Money, plain
from plaincrm.sales.deals import QUIET, next_of, stirred

if TYPE_CHECKING:
    from plaincrm.core.records.edits import Edit

NOTICE = Duration(30, "d")  # time to think it over and to write the letter
YEAR = Duration(1, "y")
MONTH = Duration(1, "m")


def _close_date(rule: ReminderRule, deal: Record, context: Context) -> Iterator[Reminder]:
    due = own_day(deal, "close_date")
    if due is not None and context.fact(deal, "is:open"):
        remedy = f"plaincrm set {shell_ref(deal)} close_date=+2w"
        yield rule.remind(deal, context, due, remedy=remedy)


def _expected(reminder: Reminder) -> str:
    if reminder.level == "overdue":
        return f"expected to close {counted_days(reminder.day, reminder.today)} ago"
    return f"expected to close on {reminder.day}"


def _rotting(rule: ReminderRule, deal: Record, context: Context) -> Iterator[Reminder]:
    due = context.fact(deal, "rots_on")
    if due is not None:
        remedy = f"plaincrm log {shell_ref(deal)} call"
        since = stirred(deal, context)
        yield rule.remind(deal, context, due, deal.text("stage"), remedy, since=since)


def _idle(reminder: Reminder) -> str:
    since = reminder.since or reminder.today
    return f"idle {counted_days(since, reminder.today)} in {reminder.detail}"


def _look_over(_: Reminder, context: Context) -> list[Edit]:
    from plaincrm.core.records.edits import logged

    return [logged(context.now, "note", "Looked it over")]


def _no_next_step(rule: ReminderRule, deal: Record, context: Context) -> Iterator[Reminder]:
    if context.fact(deal, "is:no_next"):
        parked = context.fact(deal, "is:parked")
        text = "parked without a day to come back" if parked else "no next step"
        remedy = f'plaincrm task add {shell_ref(deal)} "Follow up" due:+3d'
        yield rule.remind(deal, context, None, text, remedy)


def _planned(deal: Record, context: Context) -> date:
    """The day for which something is planned: its next step or task; any day if there is none."""
    action, task = next_of(deal), context.fact(deal, "next_task")
    return max((day for day in (action and action.due, task) if day), default=AT_ONCE)


def _pushed(rule: ReminderRule, deal: Record, context: Context) -> Iterator[Reminder]:
    from plaincrm.sales.close_dates import TWICE  # few deals are put off

    times = context.fact(deal, "pushed")
    if times >= TWICE and context.fact(deal, "is:open"):
        remedy = f'plaincrm task add {shell_ref(deal)} "Agree on a day to decide" due:+3d'
        shows = _planned(deal, context)
        yield rule.remind(deal, context, None, f"put off {times} times", remedy, shows=shows)


def _quiet_buyer(rule: ReminderRule, deal: Record, context: Context) -> Iterator[Reminder]:
    last: date | None = context.fact(deal, "own_touch")
    if last is not None and context.fact(deal, "is:open"):
        due = max(Duration(QUIET + 1, "d").clamped(last), _planned(deal, context))
        remedy = f"plaincrm email follow-up {shell_ref(deal)}"
        yield rule.remind(deal, context, due, remedy=remedy, since=last)


def _silent(reminder: Reminder) -> str:
    since = reminder.since or reminder.today
    return f"no word from the buyer for {counted_days(since, reminder.today)}"


def _no_contact(rule: ReminderRule, deal: Record, context: Context) -> Iterator[Reminder]:
    """A deal without a next step has a graver gap, and one line is enough."""
    if deal.text("contact") or not context.fact(deal, "is:open"):
        return
    if not context.fact(deal, "is:no_next"):
        remedy = f'plaincrm set {shell_ref(deal)} contact="…"'
        shows = _planned(deal, context)
        yield rule.remind(deal, context, None, "no contact in the deal", remedy, shows=shows)


def _renewal(rule: ReminderRule, deal: Record, context: Context) -> Iterator[Reminder]:
    due, ends = context.fact(deal, "cancel_by"), own_day(deal, "ends")
    renews = context.fact(deal, "is:recurring") or deal.text("notice")
    if due is None or ends is None or not renews or not context.fact(deal, "is:won"):
        return
    text = f"renews on {ends} unless cancelled by {due}"
    remedy = f"plaincrm set {shell_ref(deal)} ends={YEAR.clamped(ends)}"
    yield rule.remind(deal, context, due, text, remedy, urgent=True, until=ends)


def _hide_until_it_ends(reminder: Reminder, context: Context) -> list[Edit]:
    ends: date = reminder.until or context.today
    return hide(reminder, DAY.clamped(ends), context)


def _valid(rule: ReminderRule, deal: Record, context: Context) -> Iterator[Reminder]:
    """A quote that is about to lapse, or has lapsed without an answer."""
    due = own_day(deal, "valid")
    if due is not None and context.fact(deal, "is:open"):
        remedy = f"plaincrm email follow-up {shell_ref(deal)}"
        yield rule.remind(deal, context, due, f"the quote holds until {due}", remedy)


def next_invoice(rule: ReminderRule, deal: Record, context: Context) -> Iterator[Reminder]:
    """A deal that recurs proposes the invoice of its next period."""
    from plaincrm.sales.invoices import next_bill_day

    due, value = next_bill_day(deal, context), deal.value("value", context.settings.currency)
    if due is not None and isinstance(value, Money):
        text = f"no invoice yet for the {value.per} of {due}"
        amount = f"{plain(value.amount)} {value.currency}"
        remedy = f"plaincrm invoice {shell_ref(deal)} {amount}"
        yield rule.remind(deal, context, due, text, remedy, shows=due)


def pay_invoice(reminder: Reminder, context: Context) -> list[Edit]:
    """The invoice is paid; the proposal of one is hidden for a month."""
    if not reminder.task:
        return hide(reminder, MONTH.clamped(max(reminder.day, context.today)), context)
    from plaincrm.sales.invoices import paid_edits

    return paid_edits(reminder.task, reminder.ordinal, context, context.today)


CLOSE_DATE = ReminderRule("close_date", _close_date, ("deal",), follow_up=True, words=_expected)
ROTTING = ReminderRule("rotting", _rotting, ("deal",), follow_up=True, words=_idle, done=_look_over)
NO_NEXT_STEP = ReminderRule(
    "no_next_step",
    _no_next_step,
    ("deal",),
    follow_up=True,
    dated=False,
    together="deals without a next step",
)
PUSHED = ReminderRule("pushed", _pushed, ("deal",), follow_up=True, dated=False)
QUIET_BUYER = ReminderRule(
    "quiet_buyer", _quiet_buyer, ("deal",), follow_up=True, dated=False, words=_silent
)
NO_CONTACT = ReminderRule(
    "no_contact",
    _no_contact,
    ("deal",),
    follow_up=True,
    dated=False,
    together="deals without a contact",
)
VALID = ReminderRule("valid", _valid, ("deal",), lead=WEEK, follow_up=True)
RENEWAL = ReminderRule("renewal", _renewal, ("deal",), lead=NOTICE, done=_hide_until_it_ends)
