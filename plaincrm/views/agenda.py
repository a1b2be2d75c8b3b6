"""What lies ahead, day by day; and the rows of `today` and `agenda` for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from plaincrm.core.records.reminder import Reminder
from plaincrm.views.layout import Layout, Paint
from plaincrm.views.rows import Rows, text_columns
from plaincrm.views.safe import line
from plaincrm.views.table import NAME, columns, cut, padded

if TYPE_CHECKING:
    from plaincrm.crm.reminders.agenda import Day

Dated = tuple[date, Reminder]
COLUMNS = ("level", "due", "reason", "handle", "record", "title", "text", "command")


def agenda(dated: Sequence[Dated], start: date, width: int | None, paint: Paint) -> str:
    """The items day by day."""
    from plaincrm.core.values.dates import describe

    lines: list[str] = []
    handles = max((len(item.handle) for _, item in dated), default=0)
    for day, group in groupby(dated, key=lambda pair: pair[0]):
        lines.append(paint(describe(day, start), "head"))
        for _, item in group:
            lines.append(_line(item, day, handles, width, paint))
        lines.append("")
    return "\n".join(lines[:-1]) + "\n" if lines else "Nothing lies ahead.\n"


def _line(reminder: Reminder, day: date, handles: int, width: int | None, paint: Paint) -> str:
    """The line as it will be on that day; where it is too narrow the name gives way first."""
    lead = f"  {padded(reminder.handle, handles)}  "
    said = line(reminder.text_on(day))
    name = line(reminder.title)
    if width is not None:
        room = width - columns(lead) - columns(said) - 2
        name = cut(name, max(room, NAME))
    text = f"{name}: {said}"
    return paint(lead, "quiet") + (text if width is None else cut(text, width - columns(lead)))


def rows(items: Sequence[Reminder], as_of: date) -> Rows:
    """What `today` shows; its screen is in `views/today.py`."""
    return Rows(
        "today",
        len(items),
        items,
        text_columns(COLUMNS, _cells),
        reminder_json,
        path=_path,
        more={"asOf": as_of.isoformat()},
    )


def dated_rows(days: Iterable[Day], as_of: date) -> Rows:
    """What `agenda` shows: items with the day on which they stand, which snoozing may have moved
    past `due`.
    """
    dated = [(day.day, item) for day in days for item in day.reminders]

    def screen(rows: Rows, layout: Layout) -> str:
        return agenda(rows.records, as_of, layout.width, layout.paint)

    return Rows(
        "agenda",
        len(dated),
        dated,
        text_columns(("day", *COLUMNS), lambda pair: [pair[0].isoformat(), *_cells(pair[1])]),
        lambda pair: {"day": pair[0].isoformat(), **reminder_json(pair[1])},
        lambda pair: pair[1].ref,
        lambda pair: _path(pair[1]),
        {"asOf": as_of.isoformat()},
        screen=screen,
    )


def reminder_json(reminder: Reminder) -> dict[str, Any]:
    """The keys and order of `today --json`."""
    record = reminder.record
    return {
        "due": reminder.day.isoformat(),
        "days": reminder.days,
        "reason": reminder.reason,
        "level": reminder.level,
        "handle": reminder.handle,
        "kind": record.kind.name if record else "",
        "id": record.id if record else "",
        "title": reminder.title,
        "text": reminder.text,
        "command": reminder.command,
    }


def _path(item: Reminder) -> str:
    return item.record.path if item.record else ""


def _cells(item: Reminder) -> list[str]:
    return [
        item.level,
        item.day.isoformat(),
        item.reason,
        item.handle,
        item.ref,
        item.title,
        item.text,
        item.command,
    ]
