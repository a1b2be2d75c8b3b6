"""Why a record wants something, whatever the day: tasks, next steps, close dates, rotting deals,
waiting tickets.

A cause rests on the record's file and the settings alone, so that the cache can keep it; the day
only decides whether it shows, and what is said of it (`matters`). What depends on other records,
the cadence, and what comes back every year, birthdays, are no causes.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import open_tasks, own_day
from plaincrm.core.schema.types import Action
from plaincrm.core.value_class import value
from plaincrm.core.values.duration import WEEK, Duration
from plaincrm.sales.deals import stirred
from plaincrm.support.tickets import due_at

if TYPE_CHECKING:
    from plaincrm.core.timeline.tasks import Task

MONTH = Duration(30, "d")
AT_ONCE = date.min.isoformat()


@value
class Cause:
    """One reason. Days are ISO text, which compares as they do.

    `due` is empty where it is due on the day of looking; `shows`, the first day on which it shows,
    where it never does by itself; `until`, the last one, where it has none. `since` is what days
    are counted from. `command` deals with it; empty where `done HANDLE` does. `urgent` ones show
    while the user is away too.
    """

    reason: str
    due: str
    shows: str
    text: str
    command: str = ""
    urgent: bool = False
    since: str = ""
    until: str = ""
    task: Task | None = None

    @property
    def kept(self) -> tuple[Any, ...]:
        """The fields that the cache keeps, in order."""
        return (
            self.reason,
            self.due,
            self.shows,
            self.text,
            self.command,
            self.urgent,
            self.since,
            self.until,
        )


def causes(record: Record, context: Context) -> Iterator[Cause]:
    """Every cause of one record."""
    for source in (_tasks, _conflict, *_SOURCES.get(record.kind.name, (_next,))):
        yield from source(record, context)


def snoozed(record: Record) -> dict[str, date]:
    """Reason to the day until which it is snoozed; what can't be read is no snooze."""
    found = {}
    for item in record.items("snoozed"):
        try:
            found[item.label] = date.fromisoformat(item.text)
        except ValueError:
            continue
    return found


def ref(record: Record) -> str:
    """The record as a word that any shell passes through."""
    return shlex.quote(record.ref)


def _cause(
    record: Record,
    reason: str,
    due: date | None,
    text: str,
    command: str = "",
    lead: Duration | None = None,
    urgent: bool = False,
    since: date | None = None,
    until: date | None = None,
) -> Cause:
    """`lead`: how long before it is due it shows."""
    shows = _iso(lead.clamped(due, -1) if lead else due) if due else AT_ONCE
    put_off = snoozed(record).get(reason) if record.raw("snoozed") else None
    return Cause(
        reason,
        _iso(due),
        max(shows, _iso(put_off)),
        text,
        command,
        urgent,
        _iso(since),
        _iso(until),
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _tasks(record: Record, context: Context) -> Iterator[Cause]:
    for task in open_tasks(record, context):
        invoice = bool(task.invoice)
        due = task.due or task.snoozed
        shows = max(WEEK.clamped(due, -1), task.snoozed or date.min) if due else None
        text = f"waiting for {task.waiting}: {task.text}" if task.waiting else task.text
        urgent = task.pri.casefold() in ("high", "urgent", "a")
        reminded = invoice and record.kind.name in ("contact", "deal")
        command = f"plaincrm email invoice-reminder {ref(record)}" if reminded else ""
        first = _iso(shows) or (AT_ONCE if invoice else "")
        yield Cause(
            "invoice" if invoice else "task", _iso(due), first, text, command, urgent, task=task
        )


def _conflict(record: Record, _: Context) -> Iterator[Cause]:
    conflicts = record.raw("_conflicts")
    if conflicts:
        names = ", ".join(conflicts) if isinstance(conflicts, dict) else "_conflicts"
        command = f"plaincrm resolve {ref(record)}"
        yield _cause(record, "conflict", None, f"a sync left to decide: {names}", command)


def _next(record: Record, context: Context) -> Iterator[Cause]:
    action = record.value("next")
    if isinstance(action, Action) and context.fact(record, "stage_status") not in ("won", "lost"):
        yield _cause(record, "next", action.due, action.text or "Next action", lead=WEEK)


def _close_date(record: Record, context: Context) -> Iterator[Cause]:
    due = own_day(record, "close_date")
    if due is not None and context.fact(record, "is:open"):
        yield _cause(record, "close_date", due, "", f"plaincrm set {ref(record)} close_date=+2w")


def _rotting(record: Record, context: Context) -> Iterator[Cause]:
    due = context.fact(record, "rots_on")
    if due is not None:
        command = f"plaincrm log {ref(record)} call"
        yield _cause(
            record, "rotting", due, record.text("stage"), command, since=stirred(record, context)
        )


def _no_next_step(record: Record, context: Context) -> Iterator[Cause]:
    if context.fact(record, "is:no_next"):
        parked = context.fact(record, "is:parked")
        text = "parked without a day to come back" if parked else "no next step"
        yield _cause(
            record,
            "no_next_step",
            None,
            text,
            f'plaincrm task add {ref(record)} "Follow up" due:+3d',
        )


def _renewal(record: Record, context: Context) -> Iterator[Cause]:
    due, ends = context.fact(record, "cancel_by"), own_day(record, "ends")
    renews = context.fact(record, "is:recurring") or record.text("notice")
    if due is None or ends is None or not renews or context.fact(record, "is:lost"):
        return
    text = f"renews on {ends} unless cancelled by {due}"
    command = f"plaincrm set {ref(record)} ends={Duration(1, 'y').clamped(ends)}"
    yield _cause(record, "renewal", due, text, command, MONTH, urgent=True, until=ends)


def _ticket_due(record: Record, context: Context) -> Iterator[Cause]:
    due = due_at(record)
    if due is None or not context.fact(record, "is:open"):
        return
    clock = f" {due:%H:%M}" if isinstance(due, datetime) else ""
    day = due.date() if isinstance(due, datetime) else due
    command = f"plaincrm ticket solve {shlex.quote(record.id)}"
    yield _cause(
        record,
        "ticket_due",
        day,
        f"{record.text('priority')} ticket due {day}{clock}",
        command,
        WEEK,
        _is_urgent(record),
    )


def _unanswered(record: Record, context: Context) -> Iterator[Cause]:
    if context.fact(record, "is:unanswered"):
        since = context.fact(record, "unanswered_since")
        command = f"plaincrm ticket reply {shlex.quote(record.id)}"
        yield _cause(
            record, "unanswered", since, record.text("priority"), command, urgent=_is_urgent(record)
        )


def _is_urgent(ticket: Record) -> bool:
    return ticket.text("priority").casefold() == "urgent"


Source = Callable[[Record, Context], Iterator[Cause]]
_SOURCES: dict[str, tuple[Source, ...]] = {
    "contact": (_next,),
    "company": (_next,),
    "deal": (_next, _close_date, _rotting, _no_next_step, _renewal),
    "ticket": (_ticket_due, _unanswered),
    "article": (),
    "product": (),
    "campaign": (),
}
