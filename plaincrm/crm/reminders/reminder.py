"""What wants something on a day: the causes of the records as that day sees them, cadences and
birthdays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.core.values.duration import WEEK, Duration
from plaincrm.core.values.month_day import MonthDay
from plaincrm.crm.reminders import index
from plaincrm.crm.reminders.cadence import due_after, rhythm, seen_last
from plaincrm.crm.reminders.handles import Handles, Key, number
from plaincrm.crm.reminders.rules import Cause, causes, ref, snoozed
from plaincrm.sales.deals import days_between

if TYPE_CHECKING:
    from plaincrm.core.timeline.tasks import Task

REASONS = (
    "ticket_due",
    "unanswered",
    "invoice",
    "task",
    "next",
    "close_date",
    "renewal",
    "rotting",
    "cadence",
    "sequence",
    "birthday",
    "no_next_step",
    "conflict",
    "draft",
)
FOLLOW_UP = frozenset(
    {"ticket_due", "unanswered", "next", "close_date", "rotting", "cadence", "no_next_step"}
)


@value
class Matter:
    """One reason about one record, on a day. `due` and `shows` are None for a task without a day.

    `command` deals with it; empty where `done HANDLE` does. `urgent` ones show while the user is
    away too. `number` is that of its handle, 0 where it is still to be made from the key.
    """

    record: Record
    reason: str
    due: date | None
    shows: date | None
    text: str
    command: str = ""
    urgent: bool = False
    task: Task | None = None
    number: int = 0

    @property
    def key(self) -> Key:
        if self.task:
            return task_key(self.record, self.task)
        return Key(self.reason, self.record.kind.name, self.record.id)

    @property
    def code(self) -> int:
        """The number that its handle is made from."""
        return self.number or number(self.key)

    @property
    def group(self) -> object:
        """Matters of one group are one line of `today`: all that asks for one and the same step."""
        return (self.record.kind.name, self.record.id) if self.reason in FOLLOW_UP else self.code


def task_key(record: Record, task: Task) -> Key:
    """What the handle of a task is made from; `today` and `list tasks` show the same."""
    return Key("task", record.kind.name, record.id, task.text, task.ordinal)


def matters(context: Context) -> list[Matter]:
    """Every matter of every record, due or not; computed once in a context."""
    found: list[Matter] = context.shared("matters", _all_matters)
    return found


def _all_matters(context: Context) -> list[Matter]:
    return [matter for record in context.store.all() for matter in of_record(record, context)]


def all_handles(context: Context) -> Handles:
    """The handle of every matter and open task; computed once in a context."""
    found: Handles = context.shared("handles", lambda here: Handles((), index.numbers(here)))
    return found


def of_record(record: Record, context: Context) -> Iterator[Matter]:
    """Every matter of one record."""
    today = context.today.isoformat()
    yield from (
        seen(cause, record, context.today)
        for cause in causes(record, context)
        if is_live(cause.until, today)
    )
    if record.kind.name in ("contact", "company"):
        yield from cadence(record, context)
        yield from birthday(record, context)


def is_live(until: str, today: str) -> bool:
    """Whether something that shows no longer than `until` has not lapsed."""
    return not until or until >= today


def seen(cause: Cause, record: Record, today: date, number: int = 0) -> Matter:
    """A cause on a day."""
    due = date.fromisoformat(cause.due) if cause.due else today if cause.shows else None
    shows = date.fromisoformat(cause.shows) if cause.shows else None
    said = _SAID.get(cause.reason)
    text = said(cause, due, today) if said and due else cause.text
    late = cause.reason != "invoice" or (due is not None and due < today)
    command = cause.command if late else ""
    return Matter(record, cause.reason, due, shows, text, command, cause.urgent, cause.task, number)


def _expected(_: Cause, due: date, today: date) -> str:
    late = (today - due).days
    return (
        f"expected to close {_days(Duration(late, 'd'))} ago"
        if late > 0
        else f"expected to close on {due}"
    )


def _idle(cause: Cause, _: date, today: date) -> str:
    since = date.fromisoformat(cause.since) if cause.since else today
    return f"idle {_days(days_between(since, today))} in {cause.text}"


def _waiting(cause: Cause, due: date, _: date) -> str:
    return f"{cause.text} ticket unanswered since {due}"


_SAID: dict[str, Callable[[Cause, date, date], str]] = {
    "close_date": _expected,
    "rotting": _idle,
    "unanswered": _waiting,
}


def cadence(record: Record, context: Context) -> Iterator[Matter]:
    """When to be in touch again."""
    every = rhythm(record, context)
    if every is None:
        return
    last = seen_last(record, context)
    due, soon = due_after(last, every, context.today)
    text = (
        f"idle {_days(days_between(last, context.today))}, every {every}"
        if last
        else "never in touch"
    )
    yield _matter(record, "cadence", due, soon, text, f"plaincrm log {ref(record)} call")


def birthday(record: Record, context: Context) -> Iterator[Matter]:
    """The next birthday."""
    due = context.fact(record, "next_birthday")
    if due is not None:
        born = record.value("birthday")
        age = born.age(due) if isinstance(born, MonthDay) else None
        text = f"turns {age}" if age else "birthday"
        yield _matter(
            record,
            "birthday",
            due,
            WEEK.clamped(due, -1),
            text,
            f"plaincrm log {ref(record)} message",
        )


def _matter(record: Record, reason: str, due: date, shows: date, text: str, command: str) -> Matter:
    until = snoozed(record).get(reason) if record.raw("snoozed") else None
    return Matter(record, reason, due, max(shows, until or shows), text, command)


def _days(duration: Duration) -> str:
    return "1 day" if duration.amount == 1 else f"{duration.amount} days"
