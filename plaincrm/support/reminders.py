"""What tickets ask for: an answer, and a solution in time."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import datetime

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.reminder import Reminder, ReminderRule
from plaincrm.core.values.duration import WEEK
from plaincrm.support.tickets import due_at


def _ticket_due(rule: ReminderRule, ticket: Record, context: Context) -> Iterator[Reminder]:
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


def _is_urgent(ticket: Record) -> bool:
    return ticket.text("priority").casefold() == "urgent"


TICKET_DUE = ReminderRule("ticket_due", _ticket_due, ("ticket",), lead=WEEK, follow_up=True)
UNANSWERED = ReminderRule(
    "unanswered", _unanswered, ("ticket",), follow_up=True, dated=False, words=_waiting
)
