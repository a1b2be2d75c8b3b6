"""One calendar entry of a file that another program changes too: what it says, and what of a task
comes back.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Any

from plaincrm.core.value_class import value

_SAID = ("SUMMARY", "DTSTART", "DTEND", "DUE", "STATUS", "DESCRIPTION", "RRULE", "PRIORITY")


@value
class TodoChange:
    """A task as its file has it. `done_on` is None while it is open."""

    summary: str
    due: date | None = None
    done_on: date | None = None


def said(data: bytes) -> Any:
    """What an entry says, without the stamps of programs; of anything else, its bytes."""
    component = _component(data)
    if component is None:
        return data
    values = {name: component[name].to_ical() for name in _SAID if name in component}
    values.setdefault("STATUS", b"NEEDS-ACTION" if component.name == "VTODO" else b"CONFIRMED")
    return component.name, values


def uid_of(data: bytes) -> str:
    component = _component(data)
    return str(component.get("UID", "")) if component is not None else ""


def todo(data: bytes, zone: tzinfo, today: date) -> TodoChange | None:
    """The task in a file; None for other entries, and for tasks that were cancelled."""
    component = _component(data)
    status = str(component.get("STATUS", "")) if component is not None else ""
    if component is None or component.name != "VTODO" or status == "CANCELLED":
        return None
    done = status == "COMPLETED" or "COMPLETED" in component
    return TodoChange(
        " ".join(str(component.get("SUMMARY", "")).split()),
        _day(component, "DUE", zone),
        (_day(component, "COMPLETED", zone) or today) if done else None,
    )


def _day(component: Any, name: str, zone: tzinfo) -> date | None:
    at = component.decoded(name, None)
    if isinstance(at, datetime):
        return (at.astimezone(zone) if at.tzinfo else at).date()
    return at if isinstance(at, date) else None


def _component(data: bytes) -> Any:
    """The one event or task of a file; None for several, and for what is no calendar."""
    import icalendar

    try:
        whole = icalendar.Calendar.from_ical(data)
    except (ValueError, IndexError, KeyError):
        return None
    found = [each for each in whole.subcomponents if each.name in ("VEVENT", "VTODO")]
    return found[0] if len(found) == 1 else None
