"""Facts of a record of any kind that its own log and tasks give.

Whoever needs a date or a task of many records asks for these and never for `record.log`: a cache
can answer them without reading a body. What a fact that needs only the file gives is therefore
plain: a typed one can be kept as its text (`str(value)`) and read back by `types.read`; those of
type `plain`, whose names begin with `_`, are tuples of text and numbers, for the rooms of the
program and not for queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.kept_row import KeptRow, day_of, iso_text
from plaincrm.core.records.record import Record

if TYPE_CHECKING:
    from plaincrm.core.timeline.log import Entry
    from plaincrm.core.timeline.tasks import Task

PUT_OFF = "close_date"  # the type of entries that say to which later day a deal was put off
TOUCHES = frozenset({"call", "email", "meeting", "message", "reply"})


def is_touch(entry: Entry) -> bool:
    """Whether somebody was in touch: a call, a meeting, a message, a mail; none to many at once."""
    return entry.type in TOUCHES and not entry.bulk


def chronological(record: Record) -> list[Entry]:
    """The log from the oldest entry on, by the clock of the book's zone. An entry without a time
    stays behind the one before it on its day, in the file's own direction.
    """
    entries = list(record.log)
    if entries and record.timeline.newest_first:
        entries.reverse()
    stands: list[tuple[datetime, int]] = []
    before: dict[date, datetime] = {}
    for number, entry in enumerate(entries):
        at = entry.at if entry.time else before.get(entry.date, entry.at)
        before[entry.date] = at
        stands.append((at, number))
    return [entries[number] for _, number in sorted(stands)]


def latest(entries: Iterable[Entry]) -> date | None:
    return max((entry.date for entry in entries), default=None)


def own_day(record: Record, name: str) -> date | None:
    """The date in field `name`; None where it is missing or can't be read."""
    value = record.value(name)
    return value if isinstance(value, date) else None


def last_entry(record: Record, _: Context) -> date | None:
    return latest(entry for entry in record.log if entry.type != PUT_OFF)


def began(record: Record, _: Context) -> date | None:
    return own_day(record, "created") or min((entry.date for entry in record.log), default=None)


def own_touch(record: Record, _: Context) -> date | None:
    return latest(filter(is_touch, record.log))


def touch_until(record: Record, day: date) -> date | None:
    """The latest touch in its own log that is not after `day`."""
    return latest(entry for entry in record.log if is_touch(entry) and entry.date <= day)


def touched_until(record: Record, day: date) -> dict[str, str]:
    """Who was touched `with` it by `day`, and when last."""
    found: dict[str, str] = {}
    for entry in record.log:
        counts = is_touch(entry) and entry.date <= day
        for person in entry.people if counts else ():
            found[person] = max(found.get(person, ""), entry.date.isoformat())
    return found


def _touched(record: Record, _: Context) -> tuple[tuple[str, str], ...]:
    return tuple(touched_until(record, date.max).items())


class KeptChange(KeptRow):
    """A change of stage, status or close date: its day, its type, and from what to what."""

    day: str
    type: str
    old: str
    new: str


class KeptTask(KeptRow):
    """An open task, without its line in the file; `due` and `snoozed` are days."""

    text: str
    ordinal: int
    due: str
    rec: str
    snoozed: str
    pri: str
    waiting: str

    @classmethod
    def of(cls, task: Task) -> KeptTask:
        due, snoozed = iso_text(task.due), iso_text(task.snoozed)
        return cls(task.text, task.ordinal, due, task.rec, snoozed, task.pri, task.waiting)

    def task(self) -> Task:
        from plaincrm.core.timeline.tasks import Task

        return Task(
            self.text,
            due=day_of(self.due),
            rec=self.rec,
            snoozed=day_of(self.snoozed),
            pri=self.pri,
            waiting=self.waiting,
            ordinal=self.ordinal,
        )


def _changes(record: Record, _: Context) -> tuple[tuple[str, ...], ...]:
    if not any(entry.change for entry in record.log):
        return ()
    return tuple(
        KeptChange(entry.date.isoformat(), entry.type, *entry.change).packed()
        for entry in chronological(record)
        if entry.change
    )


def _tasks(record: Record, _: Context) -> tuple[tuple[str | int, ...], ...]:
    return tuple(KeptTask.of(task).packed() for task in record.tasks if not task.done)


def open_tasks(record: Record, context: Context) -> Iterator[Task]:
    """The tasks of `record` that are to do, without their lines in the file."""
    for row in context.fact(record, "_tasks") or ():
        yield KeptTask.read(row).task()


def changes(record: Record, context: Context, type: str) -> list[tuple[date, str, str]]:
    """The `stage`, `status` or `close_date` changes of `record`, oldest first: `(day, old,
    new)`.
    """
    every = map(KeptChange.read, context.fact(record, "_changes") or ())
    found = (each for each in every if each.type == type)
    return [(date.fromisoformat(each.day), each.old, each.new) for each in found]


def next_task(record: Record, context: Context) -> date | None:
    return min((task.due for task in open_tasks(record, context) if task.due), default=None)


def unpaid(record: Record, context: Context) -> bool:
    return any(task.invoice for task in open_tasks(record, context))


def contested(record: Record, _: Context) -> bool:
    return bool(record.fields.get("_conflicts"))


def contested_fields(record: Record) -> frozenset[str]:
    """The names of the fields that a sync could not decide on; of a key of a map both its own and
    that of the map.
    """
    raw = record.fields.get("_conflicts")
    names = list(raw) if isinstance(raw, dict) else []
    return frozenset((*names, *(name.partition(".")[0] for name in names)))


FACTS = (
    Fact("*", "last_entry", "date", Needs.FILE, "The day of the latest log entry", last_entry),
    Fact("*", "began", "date", Needs.FILE, "`created`, else the earliest log entry", began),
    Fact("*", "own_touch", "date", Needs.FILE, "The latest touch in its own log", own_touch),
    Fact(
        "*", "next_task", "date", Needs.FILE, "The earliest due date of its open tasks", next_task
    ),
    Fact("*", "is:contested", "bool", Needs.FILE, "A sync left fields to decide on", contested),
    Fact(
        "*", "_touched", "plain", Needs.FILE, "Who was touched `with` it, and when last", _touched
    ),
    Fact(
        "*",
        "_changes",
        "plain",
        Needs.FILE,
        "Its changes of stage, status and close date: day, type, old, new",
        _changes,
    ),
    Fact("*", "_tasks", "plain", Needs.FILE, "Its open tasks", _tasks),
)
