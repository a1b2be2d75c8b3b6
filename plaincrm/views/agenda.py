"""`today` and `agenda`: what waits, in groups, each line with its handle and the command that deals
with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from plaincrm.core.records.reminder import LEVELS, Reminder
from plaincrm.views.colour import Paint
from plaincrm.views.rows import Rows
from plaincrm.views.safe import line
from plaincrm.views.table import columns, padded, wrapped

if TYPE_CHECKING:
    from plaincrm.crm.reminders.agenda import Day

Dated = tuple[date, Reminder]
WIDTH = 80
COLUMNS = ("level", "due", "reason", "handle", "record", "title", "text", "command")
_STYLES = {"overdue": "bad", "today": "warn", "soon": "good"}
_NOTHING = "Nothing is due. plaincrm agenda shows what lies ahead."


def today(
    items: Sequence[Reminder], day: date, width: int | None, paint: Paint, total: int | None = None
) -> str:
    """The items by urgency, and a line that counts them; `total`: how many there are, shown or
    not.
    """
    room = width or WIDTH
    lines = [paint(f"{day:%A} {day.day} {day:%B %Y}", "head"), ""]
    handles = max((len(item.handle) for item in items), default=0)
    for level in LEVELS:
        group = [item for item in items if item.level == level]
        if group:
            lines.append(paint(level.capitalize(), _STYLES[level]))
        for item in group:
            lines += _item(item, handles, room, paint, f"{relative(item.days):<11}", item.command)
        lines += [""] if group else []
    help = (
        [paint("plaincrm done HANDLE ticks off, plaincrm snooze HANDLE DATE puts off", "quiet")]
        if items
        else []
    )
    return "\n".join([*lines, _count(items, total or len(items)), *help]) + "\n"


def agenda(dated: Sequence[Dated], start: date, width: int | None, paint: Paint) -> str:
    """The items day by day."""
    from plaincrm.core.values.dates import describe

    room = width or WIDTH
    lines: list[str] = []
    handles = max((len(item.handle) for _, item in dated), default=0)
    for day, group in groupby(dated, key=lambda pair: pair[0]):
        lines.append(paint(describe(day, start), "head"))
        for _, item in group:
            lines += _item(item, handles, room, paint)
        lines.append("")
    return "\n".join(lines[:-1]) + "\n" if lines else "Nothing lies ahead.\n"


def _item(
    item: Reminder, handles: int, width: int, paint: Paint, when: str = "", command: str = ""
) -> Iterator[str]:
    lead = f"  {padded(item.handle, handles)}  "
    head = lead + (f"{when}  " if when else "")
    title = line(item.title)
    for n, text in enumerate(wrapped(f"{title}: {item.text}", width - columns(head))):
        yield (paint(head, "quiet") if n == 0 else " " * columns(head)) + _titled(
            text, title if n == 0 else "", paint
        )
    if command:
        shown = line(command)
        yield " " * max(min(columns(lead), width - columns(shown)), 0) + paint(shown, "quiet")


def _titled(text: str, title: str, paint: Paint) -> str:
    return (
        paint(title, "head") + text.removeprefix(title)
        if title and text.startswith(title)
        else text
    )


def relative(days: int) -> str:
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")


def _count(items: Sequence[Reminder], total: int) -> str:
    if not items and not total:
        return _NOTHING
    if len(items) < total:
        return f"{len(items)} of {total} shown"
    parts = [
        f"{count} {level}"
        for level in LEVELS
        if (count := sum(item.level == level for item in items))
    ]
    return f"{len(items)} in all: {', '.join(parts)}"


def rows(items: Sequence[Reminder], as_of: date) -> Rows:
    """What `today` shows, in the forms for programs."""
    return Rows(
        "today",
        len(items),
        items,
        COLUMNS,
        _cells,
        reminder_json,
        ref=_ref,
        more={"asOf": as_of.isoformat()},
    )


def dated_rows(days: Iterable[Day], as_of: date) -> Rows:
    """What `agenda` shows: items with the day on which they stand, which snoozing may have moved
    past `due`.
    """
    dated = [(day.day, item) for day in days for item in day.reminders]
    return Rows(
        "agenda",
        len(dated),
        dated,
        ("day", *COLUMNS),
        lambda pair: [pair[0].isoformat(), *_cells(pair[1])],
        lambda pair: {"day": pair[0].isoformat(), **reminder_json(pair[1])},
        ref=lambda pair: _ref(pair[1]),
        more={"asOf": as_of.isoformat()},
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


def _ref(item: Reminder) -> str:
    return item.ref


def _cells(item: Reminder) -> list[str]:
    return [
        item.level,
        item.day.isoformat(),
        item.reason,
        item.handle,
        _ref(item),
        item.title,
        item.text,
        item.command,
    ]
