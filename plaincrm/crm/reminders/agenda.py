"""What lies ahead, day by day, and all that is dated as entries of a calendar."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context
from plaincrm.core.records.reminder import NEVER, Reminder
from plaincrm.core.value_class import value
from plaincrm.core.values.dated import MonthDay
from plaincrm.core.values.duration import DAY
from plaincrm.crm.reminders import index
from plaincrm.crm.reminders.today import lines

if TYPE_CHECKING:
    from plaincrm.interchange.calendar.write import Event


_LEAP_YEAR = 2000
"""Where a birthday whose year nobody knows begins: 29 February has a day in it."""


@value
class Day:
    day: date
    reminders: tuple[Reminder, ...]


def agenda(context: Context, days: int = 14) -> list[Day]:
    """The days from today to `days` ahead on which something is due; what is overdue stands in
    `today`.
    """
    ahead: dict[date, list[Reminder]] = {}
    last = DAY.clamped(context.today, days)
    for each in index.reminders(context, last):
        day = _day(each)
        if day and context.today <= day <= last:
            ahead.setdefault(day, []).append(each)
    return [Day(day, _sorted(ahead[day])) for day in sorted(ahead)]


def _day(reminder: Reminder) -> date | None:
    """The day a reminder is due, or comes back from being snoozed if that is later."""
    if not reminder.rule.dated or reminder.shows == NEVER:
        return None
    return max(reminder.day, reminder.shows)


def _sorted(ahead: list[Reminder]) -> tuple[Reminder, ...]:
    return tuple(sorted(lines(ahead), key=lambda each: (each.title, each.text)))


def events(context: Context, refs: Collection[str] | None = None) -> list[Event]:
    """Every dated reminder, overdue ones too, for a calendar; an entry keeps its uid when its day
    moves. With `refs` only those of these records."""
    found = (each for each in index.reminders(context) if refs is None or each.ref in refs)
    dated = [(day, each) for each in found if (day := _day(each))]
    return [_event(day, each) for day, each in sorted(dated, key=lambda pair: pair[0])]


def _event(day: date, reminder: Reminder) -> Event:
    from plaincrm.interchange.calendar.write import Event, uid

    _, *place = index.key(reminder)
    record = reminder.record
    about = [record.first_id if record and each == record.id else each for each in place]
    known = uid(reminder.reason, *map(str, about))
    born = reminder.record.value("birthday") if reminder.record else None
    if reminder.reason == "birthday" and isinstance(born, MonthDay):
        # A rule that stays the same from year to year, so that no calendar sees it change.
        first = born.on(born.year or _LEAP_YEAR)
        text = f"{reminder.title}: birthday"
        return Event(known, first, text, category="birthday", yearly=True)
    # As it is on its day, so that the text does not change from one export to the next.
    text = f"{reminder.title}: {reminder.text_on(reminder.day)}"
    return Event(known, day, text, reminder.own_command, category=reminder.reason)
