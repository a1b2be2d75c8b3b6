"""The one table of reminders: every reason, the most urgent first.

A new reason is a `ReminderRule` in the room that it belongs to, and a line in `RULES` here. Then
`today`, `agenda`, calendars, `done`, `snooze`, completion and `watch` know it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.records.reminder import (
    AT_ONCE,
    NEVER,
    Reminder,
    ReminderRule,
    counted_days,
    hide,
    shell_ref,
)
from plaincrm.core.records.timeline_facts import open_tasks
from plaincrm.core.values.dated import Action, MonthDay
from plaincrm.core.values.duration import DAY, WEEK, Duration
from plaincrm.crm.reminders import birthdays, cadence
from plaincrm.sales.reminders import (
    CLOSE_DATE,
    NO_CONTACT,
    NO_NEXT_STEP,
    PUSHED,
    QUIET_BUYER,
    RENEWAL,
    ROTTING,
    VALID,
    next_invoice,
    pay_invoice,
)
from plaincrm.support.reminders import SLA_DUE, TICKET_DUE, UNANSWERED

if TYPE_CHECKING:
    from plaincrm.core.records.edits import Edit
    from plaincrm.core.schema.kinds import Kind
    from plaincrm.core.timeline.tasks import Task

_ENROLMENTS = "_enrolments"  # a fact of `marketing/enrolment_facts`, which few mornings need
_PRESSING = ("high", "urgent", "a")  # `pri:`; A is the first priority of todo.txt


def _tasks(rule: ReminderRule, record: Record, context: Context) -> Iterator[Reminder]:
    for task in open_tasks(record, context):
        if not task.invoice:
            shows = AT_ONCE if task.due or task.snoozed else NEVER
            yield _of_task(rule, record, context, task, shows=shows)


def _invoices(rule: ReminderRule, record: Record, context: Context) -> Iterator[Reminder]:
    reminded = record.kind.name in ("contact", "deal")
    remedy = f"plaincrm email invoice-reminder {shell_ref(record)}" if reminded else ""
    for task in open_tasks(record, context):
        if task.invoice:
            yield _of_task(rule, record, context, task, remedy)
    if record.kind.name == "deal":
        yield from next_invoice(rule, record, context)


def _of_task(
    rule: ReminderRule,
    record: Record,
    context: Context,
    task: Task,
    remedy: str = "",
    shows: date = AT_ONCE,
) -> Reminder:
    text = f"waiting for {task.waiting}: {task.text}" if task.waiting else task.text
    return rule.remind(
        record,
        context,
        task.due or task.snoozed,
        text,
        remedy,
        shows=max(shows, task.snoozed or AT_ONCE),
        urgent=task.pri.casefold() in _PRESSING,
        task=(task.text, task.ordinal),
    )


def _tick(reminder: Reminder, context: Context) -> list[Edit]:
    from plaincrm.core.records.edits import TickTask
    from plaincrm.core.schema.days_off import days_off
    from plaincrm.core.timeline.tasks import Task

    task = Task(reminder.task, ordinal=reminder.ordinal)
    return [TickTask(task, context.today, off=days_off(context.settings))]


def _snooze_task(reminder: Reminder, until: date, _: Context) -> list[Edit]:
    from plaincrm.core.records.edits import SnoozeTask
    from plaincrm.core.timeline.tasks import Task

    return [SnoozeTask(Task(reminder.task, ordinal=reminder.ordinal), until)]


def _put_off(reminder: Reminder, until: date, context: Context) -> list[Edit]:
    """An invoice, or the proposal of one."""
    if not reminder.task:
        return hide(reminder, until, context)
    return _snooze_task(reminder, until, context)


def _next(rule: ReminderRule, record: Record, context: Context) -> Iterator[Reminder]:
    action = record.value("next")
    over = context.fact(record, "stage_status") in ("won", "lost")
    if isinstance(action, Action) and not over:
        yield rule.remind(record, context, action.due, action.text or "Next action")


def _log_next(reminder: Reminder, context: Context) -> list[Edit]:
    from plaincrm.core.records.edits import DeleteField, logged

    return [logged(context.now, "task", reminder.detail), DeleteField("next")]


def _move_next(reminder: Reminder, until: date, context: Context) -> list[Edit]:
    from plaincrm.core.records.edits import SetField

    action = reminder.record.value("next") if reminder.record else None
    if not isinstance(action, Action):
        return hide(reminder, until, context)
    return [SetField("next", str(Action(until, action.text)))]


def _cadence(rule: ReminderRule, record: Record, context: Context) -> Iterator[Reminder]:
    """When to be in touch again: in sight at four fifths of the time."""
    every = cadence.rhythm(record, context)
    if every is None:
        return
    last = cadence.seen_last(record, context)
    due, soon = cadence.due_after(last, every, context)
    remedy = f"plaincrm log {shell_ref(record)} call"
    lead = Duration((due - soon).days, "d")
    yield rule.remind(record, context, due, f"every {every}", remedy, lead=lead, since=last)


def _idle(reminder: Reminder) -> str:
    if reminder.since is None:
        return "never in touch"
    return f"idle {counted_days(reminder.since, reminder.today)}, {reminder.detail}"


def _kept_in_touch(_: Reminder, context: Context) -> list[Edit]:
    from plaincrm.core.records.edits import logged

    return [logged(context.now, "message", "Kept in touch")]


def _birthday(rule: ReminderRule, record: Record, context: Context) -> Iterator[Reminder]:
    due = context.fact(record, "next_birthday")
    if due is not None:
        born = record.value("birthday")
        age = born.age(due) if isinstance(born, MonthDay) else None
        text = f"turns {age}" if age else "birthday"
        yield rule.remind(record, context, due, text, f"plaincrm log {shell_ref(record)} message")


def _hide_until_next_year(reminder: Reminder, context: Context) -> list[Edit]:
    return hide(reminder, DAY.clamped(reminder.day), context)


def _sequence(rule: ReminderRule, record: Record, context: Context) -> Iterator[Reminder]:
    """Steps that are to be written; once it is written, a task reminds of itself."""
    from plaincrm.crm.sequence_standings import of_contact

    for each in of_contact(record, context):
        step, due = each.standing.step, each.standing.due
        if each.standing.state in ("due", "late") and step is not None and due is not None:
            detail = f"{each.name}, step {step.number}: {step.type} {step.what}"
            remedy = f"plaincrm sequence due {shlex.quote(each.name)} --outbox"
            yield rule.remind(record, context, due.date(), detail, remedy)


def _enrolled(kind: Kind, context: Context, _: date | None) -> list[Record]:
    column = context.column(kind.name, _ENROLMENTS)
    return context.store.collection(kind.name).chosen(column) if any(column) else []


def _conflict(rule: ReminderRule, record: Record, context: Context) -> Iterator[Reminder]:
    conflicts = record.raw("_conflicts")
    if conflicts:
        names = ", ".join(conflicts) if isinstance(conflicts, dict) else "_conflicts"
        remedy = f"plaincrm resolve {shell_ref(record)}"
        yield rule.remind(record, context, None, f"a sync left to decide: {names}", remedy)


TASK = ReminderRule("task", _tasks, lead=WEEK, done=_tick, snooze=_snooze_task)
INVOICE = ReminderRule(
    "invoice", _invoices, lead=WEEK, remedy_when_late=True, done=pay_invoice, snooze=_put_off
)
NEXT = ReminderRule("next", _next, lead=WEEK, follow_up=True, done=_log_next, snooze=_move_next)
CADENCE = ReminderRule(
    "cadence",
    _cadence,
    ("contact", "company"),
    Needs.STORE,
    cadence.candidates,
    follow_up=True,
    words=_idle,
    done=_kept_in_touch,
)
BIRTHDAY = ReminderRule(
    "birthday",
    _birthday,
    ("contact",),
    Needs.DAY,
    birthdays.candidates,
    lead=WEEK,
    done=_hide_until_next_year,
)
SEQUENCE = ReminderRule("sequence", _sequence, ("contact",), Needs.STORE, _enrolled)
CONFLICT = ReminderRule("conflict", _conflict, dated=False)
DRAFT = ReminderRule("draft")  # what waits in the outbox and the inbox, which are no records

RULES: tuple[ReminderRule, ...] = (
    TICKET_DUE,
    SLA_DUE,
    UNANSWERED,
    INVOICE,
    TASK,
    NEXT,
    SEQUENCE,
    CLOSE_DATE,
    VALID,
    RENEWAL,
    ROTTING,
    CADENCE,
    BIRTHDAY,
    PUSHED,
    QUIET_BUYER,
    NO_NEXT_STEP,
    NO_CONTACT,
    CONFLICT,
    DRAFT,
)


@cache
def by_reason() -> dict[str, ReminderRule]:
    return {rule.reason: rule for rule in RULES}


@cache
def kept_of(kind: str) -> tuple[ReminderRule, ...]:
    """The rules of a kind of record whose reminders the cache keeps."""
    return tuple(rule for rule in RULES if rule.kept and rule.asks(kind))


@cache
def ranks() -> dict[str, int]:
    """How urgent each reason is, 0 the most."""
    return {rule.reason: rank for rank, rule in enumerate(RULES)}
