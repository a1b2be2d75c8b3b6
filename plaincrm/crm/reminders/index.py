"""The one enumeration of reminders, for `today`, `agenda`, calendars, `done`, `snooze`, completion.

What a record asks for by its own file and the settings is a fact that the cache keeps, beside the
first day on which any of it shows. So `today` looks only at the records whose day has come. Rules
that need the day or other records name the records to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date
from functools import partial
from itertools import chain, compress
from typing import TYPE_CHECKING, Any

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.kept_row import KeptRow, day_of, iso_text
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind

if TYPE_CHECKING:
    from plaincrm.core.records.reminder import Reminder, ReminderRule
    from plaincrm.core.timeline.tasks import Task
    from plaincrm.crm.reminders.handles import HandleKey, Handles

NAME = "_reminders"


class KeptReminder(KeptRow):
    """A reminder, without its record and its handle; `due` to `until` are days."""

    reason: str
    due: str
    shows: str
    since: str
    until: str
    detail: str
    remedy: str
    urgent: bool
    task: str
    ordinal: int

    @classmethod
    def of(cls, found: Reminder) -> KeptReminder:
        return cls(
            reason=found.reason,
            due=iso_text(found.due),
            shows=found.shows.isoformat(),
            since=iso_text(found.since),
            until=iso_text(found.until),
            detail=found.detail,
            remedy=found.remedy,
            urgent=found.urgent,
            task=found.task,
            ordinal=found.ordinal,
        )


def _reminder(
    row: tuple[Any, ...], record: Record, today: date, code: Callable[[], str]
) -> Reminder:
    """The reminder of a `KeptReminder`; unpacked in one go, since there may be thousands."""
    from plaincrm.core.records.reminder import Reminder
    from plaincrm.crm.reminders.rules import by_reason

    reason, due, shows, since, until, detail, remedy, urgent, task, ordinal = row
    return Reminder(
        by_reason()[reason],
        record,
        today,
        day_of(due),
        date.fromisoformat(shows),
        detail,
        remedy,
        urgent,
        day_of(since),
        day_of(until),
        task,
        ordinal,
        code,
    )


class ReminderRow(KeptRow):
    """Of one record: the `first` day on which a reminder shows, its reminders, the numbers of their
    handles, and how many of them have no day on which they show by themselves.
    """

    first: str
    reminders: tuple[tuple[Any, ...], ...]
    numbers: tuple[int, ...]
    undated: int


_first = ReminderRow.getter("first")
_shows = KeptReminder.getter("shows")
_numbers_of = ReminderRow.getter("numbers")
_undated = ReminderRow.getter("undated")


def reminders(context: Context, by: date | None = None) -> Iterator[Reminder]:
    """Every reminder of the book that has not lapsed, each with its handle; with `by` those that
    show on that day.
    """
    from plaincrm.crm.reminders import cadence

    cadence.rules(context)  # compiled first, while others may still look for what changed
    for kind in context.store.schema.kinds.values():
        found = chain(_kept(kind, context, by), _asked(kind, context, by))
        yield from (each for each in found if each.live)


def _kept(kind: Kind, context: Context, by: date | None) -> Iterator[Reminder]:
    column = context.column(kind.name, NAME)
    day = (by or date.max).isoformat()
    keep = [row is not None and _first(row) <= day for row in column]
    records = context.store.collection(kind.name).chosen(keep)
    for record, row in zip(records, compress(column, keep), strict=True):
        found = ReminderRow.read(row)
        for kept, number in zip(found.reminders, found.numbers, strict=True):
            if by is None or _shows(kept) <= day:
                yield _reminder(kept, record, context.today, partial(_handle, context, number))


def _asked(kind: Kind, context: Context, by: date | None) -> Iterator[Reminder]:
    from plaincrm.core.value_class import changed

    for rule in _asking(kind):
        for record in rule.candidates(kind, context, by) if rule.candidates else ():
            for found in rule.of(record, context):
                if by is None or found.shows <= by:
                    yield changed(found, code=partial(_handle_of, context, found))


def _handle(context: Context, number: int) -> str:
    return all_handles(context).of(number)


def _handle_of(context: Context, reminder: Reminder) -> str:
    return all_handles(context)[key(reminder)]


def _asking(kind: Kind) -> list[ReminderRule]:
    """The rules of a kind whose reminders the cache does not keep."""
    from plaincrm.crm.reminders.rules import RULES

    return [rule for rule in RULES if not rule.kept and (not rule.kinds or kind.name in rule.kinds)]


def undated(context: Context, fits: Callable[[Record], bool] | None = None) -> int:
    """How many tasks have no day, and so show nowhere by themselves; of the records that fit."""
    count = 0
    for kind in context.store.schema.kinds.values():
        counts = [_undated(row) if row else 0 for row in context.column(kind.name, NAME)]
        if fits is not None and any(counts):
            holders = context.store.collection(kind.name).chosen(counts)
            held = zip(filter(None, counts), holders, strict=True)
            counts = [number for number, record in held if fits(record)]
        count += sum(counts)
    return count


def of_record(record: Record, context: Context) -> Iterator[Reminder]:
    """Every reminder of one record that has not lapsed, without handles; the cache is not asked."""
    from plaincrm.crm.reminders.rules import RULES

    for rule in RULES:
        yield from (found for found in rule.of(record, context) if found.live)


def named(words: Collection[str], context: Context) -> dict[str, list[Reminder]]:
    """The reminders that each handle, or beginning of one, may mean; one look at the book."""
    handles = all_handles(context)
    meant = {word: handles.starting(word) for word in words}
    wanted = frozenset(chain.from_iterable(meant.values()))
    by_number: dict[int, list[Reminder]] = {}
    for record in _holding(wanted, context) if wanted else ():
        for found in of_record(record, context):
            by_number.setdefault(_number(found), []).append(found)
    return {
        word: [each for number in numbers for each in by_number.get(number, ())]
        for word, numbers in meant.items()
    }


def _holding(wanted: frozenset[int], context: Context) -> list[Record]:
    """The records whose reminders have one of these numbers."""
    from plaincrm.crm.reminders.handles import HandleKey, number

    found: dict[str, Record] = {}
    for kind in context.store.schema.kinds.values():
        column = context.column(kind.name, NAME)
        keep = (row is not None and not wanted.isdisjoint(_numbers_of(row)) for row in column)
        holders = context.store.collection(kind.name).chosen(keep)
        for rule in _asking(kind):
            asked = rule.candidates(kind, context, None) if rule.candidates else ()
            holders += [
                record
                for record in asked
                if number(HandleKey(rule.reason, kind.name, record.id)) in wanted
            ]
        found |= {record.path: record for record in holders}
    return list(found.values())


def all_handles(context: Context) -> Handles:
    """The handle of every reminder and open task; worked out once in a context."""
    from plaincrm.crm.reminders.handles import Handles

    found: Handles = context.shared(
        "handles", lambda here: Handles(_asked_keys(here), _numbers(here))
    )
    return found


def _numbers(context: Context) -> Iterator[int]:
    """The numbers that the cache keeps."""
    for kind in context.store.schema.kinds:
        rows = filter(None, context.column(kind, NAME))
        yield from chain.from_iterable(map(_numbers_of, rows))


def _asked_keys(context: Context) -> Iterator[HandleKey]:
    """The keys of the rules whose reminders the cache does not keep."""
    from plaincrm.crm.reminders.handles import HandleKey

    for kind in context.store.schema.kinds.values():
        for rule in _asking(kind):
            for record in rule.candidates(kind, context, None) if rule.candidates else ():
                yield HandleKey(rule.reason, kind.name, record.id)


def key(reminder: Reminder) -> HandleKey:
    """What the handle of a reminder is made from."""
    from plaincrm.crm.reminders.handles import HandleKey

    record = reminder.record
    assert record is not None
    if reminder.task:
        return HandleKey("task", record.kind.name, record.id, reminder.task, reminder.ordinal)
    return HandleKey(reminder.reason, record.kind.name, record.id)


def task_key(record: Record, task: Task) -> HandleKey:
    """What the handle of a task is made from; `today` and `list tasks` show the same."""
    from plaincrm.crm.reminders.handles import HandleKey

    return HandleKey("task", record.kind.name, record.id, task.text, task.ordinal)


def _number(reminder: Reminder) -> int:
    from plaincrm.crm.reminders.handles import number

    return number(key(reminder))


def _row(record: Record, context: Context) -> tuple[Any, ...] | None:
    """What the cache keeps of a record."""
    from plaincrm.core.records.reminder import NEVER
    from plaincrm.crm.reminders.rules import kept_of

    found = [each for rule in kept_of(record.kind.name) for each in rule.of(record, context)]
    if not found:
        return None
    return ReminderRow(
        first=min(each.shows for each in found).isoformat(),
        reminders=tuple(KeptReminder.of(each).packed() for each in found),
        numbers=tuple(map(_number, found)),
        undated=sum(each.shows == NEVER for each in found),
    ).packed()


FACTS = (
    Fact(
        "*",
        NAME,
        "plain",
        Needs.SETTINGS,
        "What it asks for, and from which day it may show in `today`",
        _row,
    ),
)
