"""What lies ahead, day by day, and all that is dated as entries of a calendar."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context
from plaincrm.core.value_class import value
from plaincrm.core.values.duration import DAY
from plaincrm.crm.reminders.reminder import Matter, matters
from plaincrm.crm.reminders.today import Item, lines

if TYPE_CHECKING:
    from plaincrm.interchange.calendar import Event

UNDATED = frozenset({"unanswered", "no_next_step", "conflict"})


@value
class Day:
    day: date
    items: tuple[Item, ...]


def agenda(context: Context, days: int = 14) -> list[Day]:
    """The days from today to `days` ahead on which something is due; what is overdue stands in
    `today`.
    """
    ahead: dict[date, list[Matter]] = {}
    last = DAY.clamped(context.today, days)
    for matter in matters(context):
        day = _day(matter)
        if day and context.today <= day <= last:
            ahead.setdefault(day, []).append(matter)
    return [Day(day, _items(ahead[day], context)) for day in sorted(ahead)]


def _day(matter: Matter) -> date | None:
    """The day a matter is due, or comes back from being snoozed if that is later."""
    if matter.due is None or matter.reason in UNDATED:
        return None
    return max(matter.due, matter.shows or matter.due)


def _items(ahead: list[Matter], context: Context) -> tuple[Item, ...]:
    return tuple(sorted(lines(ahead, context), key=lambda item: (item.title, item.text)))


def events(context: Context, refs: Collection[str] | None = None) -> list[Event]:
    """Every dated matter, overdue ones too, for a calendar; an entry keeps its uid when its day
    moves. With `refs` only those of these records."""
    wanted = (matter for matter in matters(context) if refs is None or matter.record.ref in refs)
    dated = ((_day(matter), matter) for matter in wanted)
    return [
        _event(day, matter) for day, matter in sorted(dated, key=lambda pair: str(pair[0])) if day
    ]


def _event(day: date, matter: Matter) -> Event:
    from plaincrm.interchange.calendar import Event, uid

    known = uid(matter.reason, *map(str, matter.key[1:]))
    return Event(known, day, f"{matter.record.title}: {matter.text}", matter.command)
