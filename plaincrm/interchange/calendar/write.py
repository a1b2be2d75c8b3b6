"""iCalendar (RFC 5545): dated things out, for any calendar program to subscribe to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from plaincrm.core.values.duration import DAY

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Event:
    """One entry. `when`: a day makes it all day, a datetime is a moment. `alarm`: how long before
    it to ring.

    `uid` says what the entry is about and never when, so that a calendar moves it instead of
    doubling it.
    """

    uid: str
    when: date | datetime
    summary: str
    description: str = ""
    alarm: timedelta | None = None
    category: str = ""
    yearly: bool = False


@dataclass(frozen=True, slots=True)
class Todo:
    """A task, for programs that know tasks. `priority` is 1 for the most urgent, 0 for none."""

    uid: str
    summary: str
    due: date | None = None
    description: str = ""
    priority: int = 0
    category: str = ""


def uid(*about: str) -> str:
    """A stable identity made from what an entry is about, such as its reason, kind and id."""
    return (
        hashlib.sha256("\0".join(about).encode("utf-8", "replace")).hexdigest()[:32] + "@plaincrm"
    )


def calendar(entries: Iterable[Event | Todo], stamp: datetime) -> bytes:
    """The entries as one VCALENDAR; `stamp` is the moment it is made. A naive one is taken for UTC.

    Entries of one uid come once, the first of them.
    """
    import icalendar

    whole = icalendar.Calendar()
    whole.add("prodid", "-//plaincrm//plaincrm//EN")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    first: dict[str, Event | Todo] = {}
    for entry in entries:
        first.setdefault(entry.uid, entry)
    at = _utc(stamp)
    for entry in first.values():
        made = _todo(entry, at) if isinstance(entry, Todo) else _event(entry, at)
        whole.add_component(made)
    return bytes(whole.to_ical())


def _todo(todo: Todo, stamp: datetime) -> Any:
    import icalendar

    found = _described(icalendar.Todo(), todo, stamp)
    found.add("status", "NEEDS-ACTION")
    if todo.due is not None:
        found.add("due", todo.due)
    if todo.priority:
        found.add("priority", todo.priority)
    return found


def _described(component: Any, entry: Event | Todo, stamp: datetime) -> Any:
    component.add("uid", entry.uid)
    component.add("dtstamp", stamp)
    component.add("summary", printable(entry.summary))
    if entry.description:
        component.add("description", printable(entry.description))
    if entry.category:
        component.add("categories", [entry.category])
    return component


def _event(event: Event, stamp: datetime) -> Any:
    import icalendar

    found = _described(icalendar.Event(), event, stamp)
    found.add("dtstart", _utc(event.when) if _aware(event.when) else event.when)
    if not isinstance(event.when, datetime):
        found.add("dtend", DAY.clamped(event.when))
        found.add("transp", "TRANSPARENT")
    if event.yearly:
        found.add("rrule", _every_year(event.when))
    if event.alarm is not None:
        found.add_component(_alarm(event))
    return found


def _every_year(first: date) -> dict[str, Any]:
    """A day that comes each year; 29 February falls on the last of the month."""
    if (first.month, first.day) == (2, 29):
        return {"freq": "yearly", "bymonth": 2, "bymonthday": -1}
    return {"freq": "yearly"}


def _alarm(event: Event) -> Any:
    import icalendar

    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", printable(event.summary))
    alarm.add("trigger", -(event.alarm or timedelta()))
    return alarm


def printable(text: str) -> str:
    """Without what no calendar may hold; the library escapes the rest."""
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _aware(when: date | datetime) -> bool:
    return isinstance(when, datetime) and when.tzinfo is not None


def _utc(when: date | datetime) -> Any:
    if not isinstance(when, datetime):
        return when
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
