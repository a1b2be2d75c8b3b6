"""What tickets ask for: an answer, and a solution in time; and before a promise is broken, the
answer or solution that was promised.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from plaincrm.core.records.facts import Context, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.records.reminder import Reminder, ReminderRule
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.values.duration import WEEK, Duration

# A promise for Monday morning shows on Friday.
_WARNING = Duration(3, "d")
_SEEN = Duration(4, "d")  # the end of the last day of the warning
_PROMISED = {"first_reply": "first reply", "next_reply": "reply", "resolution": "solution"}


def _ticket_due(rule: ReminderRule, ticket: Record, context: Context) -> Iterator[Reminder]:
    from plaincrm.support.tickets import due_at

    due = due_at(ticket)
    if due is None or not context.fact(ticket, "is:open"):
        return
    clock = f" {due:%H:%M}" if isinstance(due, datetime) else ""
    day = due.date() if isinstance(due, datetime) else due
    text = f"{ticket.text('priority')} ticket due {day}{clock}"
    remedy = f"plaincrm ticket solve {shlex.quote(ticket.id)}"
    yield rule.remind(ticket, context, day, text, remedy, urgent=_is_urgent(ticket))


def _unanswered(rule: ReminderRule, ticket: Record, context: Context) -> Iterator[Reminder]:
    if context.fact(ticket, "is:unanswered"):
        since = context.fact(ticket, "unanswered_since")
        text = ticket.text("priority")
        remedy = f"plaincrm ticket reply {shlex.quote(ticket.id)}"
        yield rule.remind(ticket, context, since, text, remedy, urgent=_is_urgent(ticket))


def _waiting(reminder: Reminder) -> str:
    return f"{reminder.detail} ticket unanswered since {reminder.day}"


def _promised(rule: ReminderRule, ticket: Record, context: Context) -> Iterator[Reminder]:
    from plaincrm.support.sla import local_time, service_of
    from plaincrm.support.sla_settings import CLOCKS

    service = service_of(ticket, context)
    if service.due is None:
        return
    clock = next(name for name in CLOCKS if service.clock(name).due == service.due)
    due = local_time(service.due, context)
    text = f"{_PROMISED[clock]} due {due:%a %H:%M}"
    verb = "solve" if clock == "resolution" else "reply"
    remedy = f"plaincrm ticket {verb} {shlex.quote(ticket.id)}"
    yield rule.remind(ticket, context, due.date(), text, remedy, urgent=_is_urgent(ticket))


def _promise(reminder: Reminder) -> str:
    was = "was due" if reminder.today > reminder.day else "due"
    return reminder.detail.replace("due", was, 1)


def _with_deadlines(kind: Kind, context: Context, day: date | None) -> list[Record]:
    """The tickets with a clock that runs towards a deadline that shows by `day`, from the column
    that the cache keeps.
    """
    if kind.name != "ticket":
        return []
    dues = [_next_due(promises) for _, promises in context.column("ticket", "_promises")]
    if not any(dues):
        return []
    from plaincrm.support.ticket_history import moment

    last = moment(_SEEN.clamped(day), context.settings.zone) if day else max(filter(None, dues))
    return context.store.collection("ticket").chosen(due and due <= last for due in dues)


def _next_due(promises: Sequence[tuple[bool, bool, int | None, bool]]) -> int | None:
    """The first deadline towards which a clock runs, of promises as the cache keeps them."""
    return min((due for _, _, due, _ in promises if due), default=None)


def _is_urgent(ticket: Record) -> bool:
    return ticket.text("priority").casefold() == "urgent"


TICKET_DUE = ReminderRule("ticket_due", _ticket_due, ("ticket",), lead=WEEK, follow_up=True)
UNANSWERED = ReminderRule(
    "unanswered", _unanswered, ("ticket",), follow_up=True, dated=False, words=_waiting
)
SLA_DUE = ReminderRule(
    "sla_due",
    _promised,
    ("ticket",),
    Needs.STORE,
    _with_deadlines,
    lead=_WARNING,
    follow_up=True,
    words=_promise,
)
