"""What an event of a calendar says that no entry of a log has a place for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_PLACED = frozenset(
    [
        *("UID", "DTSTART", "SUMMARY", "LOCATION", "DESCRIPTION", "ORGANIZER", "ATTENDEE"),
        *("STATUS", "METHOD", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"),
    ]
)
_OF_PROGRAMS = frozenset(
    [
        *("DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "TRANSP", "X-LIC-ERROR"),
        *("X-MOZ-GENERATION", "X-MOZ-LASTACK", "X-MICROSOFT-CDO-APPT-SEQUENCE"),
    ]
)
"""What calendar programs note for themselves; it says nothing of the meeting."""
_READ = frozenset({"VEVENT", "VTIMEZONE"})


def of_event(event: Any) -> Iterator[tuple[str, str]]:
    """The names, in small letters, and texts of its alarms and properties without a place."""
    for inner in event.subcomponents:
        yield str(inner.name).casefold(), _source(inner)
    for name, values in event.items():
        if name.upper() in _PLACED | _OF_PROGRAMS:
            continue
        for value in values if isinstance(values, list) else [values]:
            yield name.casefold(), _source(value)
    for name, problem in getattr(event, "errors", ()):
        yield f"an unreadable {str(name or 'line').casefold()}", str(problem)


def of_calendar(calendar: Any) -> Iterator[tuple[str, str]]:
    """Its to-dos, journals and the like, which are no meetings."""
    for inner in calendar.subcomponents:
        if inner.name not in _READ:
            yield str(inner.name).casefold(), str(inner.get("SUMMARY", ""))


def _source(value: Any) -> str:
    """A value or component as it stands in the file, on one line."""
    try:
        return " ".join(value.to_ical().decode("utf-8", "replace").split())
    except Exception:  # of a property that the library could not read
        return " ".join(str(value).split())
