"""The morning screen: everything overdue, due today or soon, one line a reminder, most urgent
first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import overload

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.reminder import LEVELS, Reminder
from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import changed, value
from plaincrm.crm.reminders import index
from plaincrm.crm.reminders.rules import DRAFT, ranks
from plaincrm.errors import QueryError

Fits = Callable[[Record], bool]


@value
class Today:
    """What shows today. `undated` counts the tasks without a day, `hidden` the lines that wait
    until the user is back on the day after `away`, None where they are not away.
    """

    reminders: Sequence[Reminder]
    undated: int = 0
    hidden: int = 0
    away: date | None = None


class SortedReminders(Sequence[Reminder]):
    """Reminders, the most urgent first; put in order when one of them is looked at. Whoever only
    counts them pays for no order.
    """

    def __init__(self, found: list[Reminder]) -> None:
        self._found = found

    def __len__(self) -> int:
        return len(self._found)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    @overload
    def __getitem__(self, place: int) -> Reminder: ...
    @overload
    def __getitem__(self, place: slice) -> list[Reminder]: ...
    def __getitem__(self, place: int | slice) -> Reminder | list[Reminder]:
        return self._sorted[place]

    @cached_property
    def _sorted(self) -> list[Reminder]:
        """By urgency, day and reason; only of those that are equal in all three the words count."""
        alike: dict[tuple[int, date, int], list[Reminder]] = {}
        for each in self._found:
            level, rank = _pressing(each)
            alike.setdefault((level, each.day, rank), []).append(each)
        for some in alike.values():
            if len(some) > 1:
                some.sort(key=lambda each: (fold(each.title), each.text))
        return [each for order in sorted(alike) for each in alike[order]]


def today(
    context: Context,
    drafts: int = 0,
    dropped: int = 0,
    fits: Fits | None = None,
    *,
    everything: bool = False,
) -> Today:
    """What shows today; `drafts` is the number of mails that wait in the outbox, `dropped` of files
    in the inbox. With `fits` only what is about records that fit.

    While the user is away (`away:`) only what is urgent, unless `everything` is asked for: tasks
    with `pri:high`, urgent tickets, renewals.
    """
    shown = index.reminders(context, context.today)
    if fits is not None:
        shown = (each for each in shown if each.record is not None and fits(each.record))
    found = lines(shown)
    if fits is None:
        found += _waiting(drafts, dropped, context.today)
    away = None if everything else context.settings.away_until(context.today)
    kept = [each for each in found if each.urgent] if away else found
    undated = index.undated(context, fits)
    return Today(SortedReminders(kept), undated, len(found) - len(kept), away)


def fitting(words: Sequence[str], context: Context) -> Fits:
    """Whether a record fits a query, of the kind that its first word names, else of every kind that
    knows its fields. Raises QueryError where none does.
    """
    from plaincrm.core import query

    named = context.store.schema.find(words[0])
    kinds = [named] if named else list(context.store.schema.kinds.values())
    compiled, refused = {}, []
    for kind in kinds:
        try:
            compiled[kind.name] = query.compile(words[1:] if named else words, kind, context)
        except QueryError as error:
            refused.append(error)
    if not compiled:
        raise refused[0]

    def fits(record: Record) -> bool:
        asked = compiled.get(record.kind.name)
        return asked is not None and asked.matches(record)

    return fits


def lines(shown: Iterable[Reminder]) -> list[Reminder]:
    """One reminder for each line: the most pressing one of those that ask for the same step, with
    the others in `also`. A line is urgent if one of them is.
    """
    groups: dict[object, list[Reminder]] = {}
    for each in shown:
        groups.setdefault(group(each), []).append(each)
    return [_line(found) for found in groups.values()]


def group(reminder: Reminder) -> object:
    """Reminders of one group are one line of `today`: all that asks for one and the same step."""
    if reminder.rule.follow_up:
        return reminder.ref
    return reminder.ref, reminder.reason, reminder.task, reminder.ordinal


def _line(found: list[Reminder]) -> Reminder:
    if len(found) == 1:
        return found[0]
    first, *others = sorted(found, key=_pressing)
    urgent = any(each.urgent for each in found)
    return changed(first, also=tuple(others), urgent=urgent)


def _pressing(reminder: Reminder) -> tuple[int, int]:
    return LEVELS.index(reminder.level), ranks()[reminder.reason]


def _waiting(drafts: int, dropped: int, today: date) -> list[Reminder]:
    """What waits beside the records: mails to be sent, and files that are to become records."""
    found = []
    if drafts:
        text = "1 draft waits" if drafts == 1 else f"{drafts} drafts wait"
        found.append(_place("Outbox", text, "plaincrm outbox list", today))
    if dropped:
        waits = "1 file waits" if dropped == 1 else f"{dropped} files wait"
        found.append(_place("Inbox", f"{waits} to be imported", "plaincrm import", today))
    return found


def _place(place: str, text: str, remedy: str, today: date) -> Reminder:
    return Reminder(DRAFT, None, today, detail=text, remedy=remedy, place=place)
