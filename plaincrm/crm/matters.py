"""What waits for the user: every reason that `today` and `agenda` know, of every record, computed afresh.

A matter has an absolute day on which it is due and one from which it shows. A reason that is snoozed
(`snoozed: {cadence: 2026-12-01}` in the record; `t:` of a task) shows from that day on.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from plaincrm.core.duration import Duration
from plaincrm.core.facts import World
from plaincrm.core.month_day import MonthDay
from plaincrm.core.record import Record
from plaincrm.core.timeline_facts import open_tasks, own_day
from plaincrm.core.types import Action
from plaincrm.core.value import value
from plaincrm.crm import day_index
from plaincrm.crm.follow_up import due_after, idle_since, rhythm, seen_last
from plaincrm.crm.handles import Handles, Key
from plaincrm.support.tickets import due_at

if TYPE_CHECKING:
    from plaincrm.core.tasks import Task

REASONS = (
    "ticket_due", "unanswered", "invoice", "task", "next", "close_date", "renewal", "rotting", "cadence",
    "sequence", "birthday", "no_next_step", "conflict", "draft",
)  # fmt: skip
FOLLOW_UP = frozenset(
    {"ticket_due", "unanswered", "next", "close_date", "rotting", "cadence", "no_next_step"}
)
WEEK = timedelta(days=7)
MONTH = timedelta(days=30)


@value
class Matter:
    """One reason about one record. `due` and `shows` are None for a task without a day.

    `command` deals with it; empty where `done HANDLE` does. `urgent` ones show while the user is away too.
    """

    record: Record
    reason: str
    due: date | None
    shows: date | None
    text: str
    command: str = ""
    urgent: bool = False
    task: Task | None = None

    @property
    def key(self) -> Key:
        if self.task:
            return task_key(self.record, self.task)
        return Key(self.reason, self.record.kind.name, self.record.id)

    @property
    def group(self) -> Key:
        """Matters of one group are one line of `today`: all that asks for one and the same step."""
        if self.reason in FOLLOW_UP:
            return Key("follow-up", self.record.kind.name, self.record.id)
        return self.key


def task_key(record: Record, task: Task) -> Key:
    """What the handle of a task is made from; `today` and `list tasks` show the same."""
    return Key("task", record.kind.name, record.id, task.text, task.ordinal)


def matters(world: World) -> list[Matter]:
    """Every matter of every record, due or not; computed once in a world."""
    found: list[Matter] = world.shared("matters", _all_matters)
    return found


def _all_matters(world: World) -> list[Matter]:
    return [matter for record in world.store.all() for matter in of_record(record, world)]


def all_handles(world: World) -> Handles:
    """The handle of every matter and open task; computed once in a world."""
    found: Handles = world.shared("handles", lambda here: Handles((), day_index.numbers(here)))
    return found


def of_record(record: Record, world: World) -> Iterator[Matter]:
    """Every matter of one record."""
    yield from steady(record, world)
    if record.kind.name in ("contact", "company"):
        yield from cadence(record, world)
        yield from birthday(record, world)


def steady(record: Record, world: World, reasons: Collection[str] = REASONS) -> Iterator[Matter]:
    """The matters of one record that rest on its file and the settings alone; the day only lets them show."""
    for source in (_tasks, _conflict, *_SOURCES.get(record.kind.name, (_next,))):
        if not _GIVEN[source].isdisjoint(reasons):
            yield from source(record, world)


def snoozed(record: Record) -> dict[str, date]:
    """Reason to the day until which it is snoozed; what can't be read is no snooze."""
    found = {}
    for item in record.items("snoozed"):
        try:
            found[item.label] = date.fromisoformat(item.text)
        except ValueError:
            continue
    return found


def _matter(
    record: Record,
    reason: str,
    due: date,
    text: str,
    command: str = "",
    lead: timedelta | date = timedelta(),
    urgent: bool = False,
) -> Matter:
    """`lead`: how long before it is due it shows, or the very day."""
    shows = lead if isinstance(lead, date) else due - lead
    until = snoozed(record).get(reason) if record.raw("snoozed") else None
    return Matter(record, reason, due, max(shows, until or shows), text, command, urgent)


def ref(record: Record) -> str:
    """The record as a word that any shell passes through."""
    return shlex.quote(record.ref)


def _tasks(record: Record, world: World) -> Iterator[Matter]:
    for task in open_tasks(record, world):
        invoice = bool(task.invoice)
        due = task.due or task.snoozed or (world.today if invoice else None)
        shows = due and max(due - WEEK, task.snoozed or due - WEEK)
        text = f"waiting for {task.waiting}: {task.text}" if task.waiting else task.text
        urgent = task.pri.casefold() in ("high", "urgent", "a")
        remind = invoice and due is not None and due < world.today and record.kind.name in ("contact", "deal")
        command = f"plaincrm email invoice-reminder {ref(record)}" if remind else ""
        yield Matter(record, "invoice" if invoice else "task", due, shows, text, command, urgent, task)


def _conflict(record: Record, world: World) -> Iterator[Matter]:
    conflicts = record.raw("_conflicts")
    if conflicts:
        names = ", ".join(conflicts) if isinstance(conflicts, dict) else "_conflicts"
        yield _matter(
            record,
            "conflict",
            world.today,
            f"a sync left to decide: {names}",
            f"plaincrm resolve {ref(record)}",
        )


def _next(record: Record, world: World) -> Iterator[Matter]:
    action = record.value("next")
    if isinstance(action, Action) and world.fact(record, "stage_status") not in ("won", "lost"):
        yield _matter(record, "next", action.due, action.text or "Next action", lead=WEEK)


def cadence(record: Record, world: World) -> Iterator[Matter]:
    """When to be in touch again."""
    every = rhythm(record, world)
    if every is None:
        return
    last = seen_last(record, world)
    due, soon = due_after(last, every, world.today)
    text = f"idle {_days(idle_since(last, world.today))}, every {every}" if last else "never in touch"
    yield _matter(record, "cadence", due, text, f"plaincrm log {ref(record)} call", soon)


def birthday(record: Record, world: World) -> Iterator[Matter]:
    """The next birthday."""
    due = world.fact(record, "next_birthday")
    if due is not None:
        born = record.value("birthday")
        age = born.age(due) if isinstance(born, MonthDay) else None
        yield _matter(record, "birthday", due, f"turns {age}" if age else "birthday",
                      f"plaincrm log {ref(record)} message", WEEK)  # fmt: skip


def _close_date(record: Record, world: World) -> Iterator[Matter]:
    due = own_day(record, "close_date")
    if due is not None and world.fact(record, "is:open"):
        late = (world.today - due).days
        text = (
            f"expected to close {_days(Duration(late, 'd'))} ago"
            if late > 0
            else f"expected to close on {due}"
        )
        yield _matter(record, "close_date", due, text, f"plaincrm set {ref(record)} close_date=+2w")


def _rotting(record: Record, world: World) -> Iterator[Matter]:
    due = world.fact(record, "rots_on")
    if due is not None:
        text = f"idle {_days(world.fact(record, 'idle'))} in {record.text('stage')}"
        yield _matter(record, "rotting", due, text, f"plaincrm log {ref(record)} call")


def _no_next_step(record: Record, world: World) -> Iterator[Matter]:
    if world.fact(record, "is:no_next"):
        parked = world.fact(record, "is:parked")
        text = "parked without a day to come back" if parked else "no next step"
        command = f'plaincrm task add {ref(record)} "Follow up" due:+3d'
        yield _matter(record, "no_next_step", world.today, text, command)


def _renewal(record: Record, world: World) -> Iterator[Matter]:
    due, ends = world.fact(record, "cancel_by"), own_day(record, "ends")
    renews = world.fact(record, "is:recurring") or record.text("notice")
    if due is None or ends is None or not renews or ends < world.today or world.fact(record, "is:lost"):
        return
    text = f"renews on {ends} unless cancelled by {due}"
    command = f"plaincrm set {ref(record)} ends={Duration(1, 'y').after(ends)}"
    yield _matter(record, "renewal", due, text, command, MONTH, urgent=True)


def _ticket_due(record: Record, world: World) -> Iterator[Matter]:
    due = due_at(record)
    if due is None or not world.fact(record, "is:open"):
        return
    clock = f" {due:%H:%M}" if isinstance(due, datetime) else ""
    day = due.date() if isinstance(due, datetime) else due
    yield _matter(record, "ticket_due", day, f"{record.text('priority')} ticket due {day}{clock}",
                  f"plaincrm ticket solve {shlex.quote(record.id)}", WEEK, _is_urgent(record))  # fmt: skip


def _unanswered(record: Record, world: World) -> Iterator[Matter]:
    if world.fact(record, "is:unanswered"):
        since = world.fact(record, "unanswered_since") or world.today
        text = f"{record.text('priority')} ticket unanswered since {since}"
        command = f"plaincrm ticket reply {shlex.quote(record.id)}"
        yield _matter(record, "unanswered", since, text, command, urgent=_is_urgent(record))


def _is_urgent(ticket: Record) -> bool:
    return ticket.text("priority").casefold() == "urgent"


def _days(duration: Duration) -> str:
    return "1 day" if duration.amount == 1 else f"{duration.amount} days"


Source = Callable[[Record, World], Iterator[Matter]]
_SOURCES: dict[str, tuple[Source, ...]] = {
    "contact": (_next,),
    "company": (_next,),
    "deal": (_next, _close_date, _rotting, _no_next_step, _renewal),
    "ticket": (_ticket_due, _unanswered),
    "article": (),
}
_GIVEN: dict[Source, frozenset[str]] = {
    _tasks: frozenset({"task", "invoice"}), _conflict: frozenset({"conflict"}), _next: frozenset({"next"}),
    _close_date: frozenset({"close_date"}), _rotting: frozenset({"rotting"}), _renewal: frozenset({"renewal"}),
    _no_next_step: frozenset({"no_next_step"}), _ticket_due: frozenset({"ticket_due"}),
    _unanswered: frozenset({"unanswered"}),
}  # fmt: skip
