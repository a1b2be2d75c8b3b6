"""`today` and `agenda`: what waits, in groups, each line with its handle and the command that deals with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from plaincrm.core.dates import describe
from plaincrm.crm.agenda import Day
from plaincrm.crm.today import LEVELS, Item
from plaincrm.views.output import Rows
from plaincrm.views.paint import Paint
from plaincrm.views.safe import line
from plaincrm.views.table import columns, padded, wrapped

WIDTH = 80
COLUMNS = ("level", "due", "reason", "handle", "record", "title", "text", "command")
_STYLES = {"overdue": "bad", "today": "warn", "soon": "good"}
_NOTHING = "Nothing is due. plaincrm agenda shows what lies ahead."


def today(items: Sequence[Item], day: date, width: int | None, paint: Paint) -> str:
    """The items by urgency, and a line that counts them."""
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
    help = [paint("plaincrm done HANDLE ticks off, plaincrm snooze HANDLE DATE puts off", "quiet")] if items else []
    return "\n".join([*lines, _count(items), *help]) + "\n"


def agenda(days: Sequence[Day], start: date, width: int | None, paint: Paint) -> str:
    """The items day by day."""
    room = width or WIDTH
    lines: list[str] = []
    handles = max((len(item.handle) for day in days for item in day.items), default=0)
    for day in days:
        lines.append(paint(describe(day.day, start), "head"))
        for item in day.items:
            lines += _item(item, handles, room, paint)
        lines.append("")
    return "\n".join(lines[:-1]) + "\n" if lines else "Nothing lies ahead.\n"


def _item(item: Item, handles: int, width: int, paint: Paint, when: str = "", command: str = "") -> Iterator[str]:
    lead = f"  {padded(item.handle, handles)}  "
    head = lead + (f"{when}  " if when else "")
    title = line(item.title)
    for n, text in enumerate(wrapped(f"{title}: {item.text}", width - columns(head))):
        yield (paint(head, "quiet") if n == 0 else " " * columns(head)) + _titled(text, title if n == 0 else "", paint)
    if command:
        shown = line(command)
        yield " " * max(min(columns(lead), width - columns(shown)), 0) + paint(shown, "quiet")


def _titled(text: str, title: str, paint: Paint) -> str:
    return paint(title, "head") + text.removeprefix(title) if title and text.startswith(title) else text


def relative(days: int) -> str:
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")


def _count(items: Sequence[Item]) -> str:
    if not items:
        return _NOTHING
    parts = [f"{count} {level}" for level in LEVELS if (count := sum(item.level == level for item in items))]
    return f"{len(items)} in all: {', '.join(parts)}"


def rows(kind: str, items: Iterable[Item], as_of: date) -> Rows:
    """The items in the forms for programs."""
    found = list(items)
    return Rows(
        kind, len(found), found, COLUMNS, _cells, Item.as_json,
        ref=lambda item: f"{item.kind}/{item.id}" if item.id else "", more={"asOf": as_of.isoformat()},
    )  # fmt: skip


def _cells(item: Item) -> list[str]:
    ref = f"{item.kind}/{item.id}" if item.id else ""
    return [item.level, item.due.isoformat(), item.reason, item.handle, ref, item.title, item.text, item.command]
