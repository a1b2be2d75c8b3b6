"""The lower part of a card: open tasks, the log, and what is written freely."""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.prose import prose
from plaincrm.crm.card import RecordCard
from plaincrm.views.card_layout import INDENT, CardStyle, hanging
from plaincrm.views.safe import line, safe
from plaincrm.views.table import columns, padded, wrapped


def tasks(found: RecordCard, style: CardStyle) -> Iterator[str]:
    if found.tasks:
        yield style.paint("Tasks", "head")
    due = max((len(str(each.task.due)) for each in found.tasks if each.task.due), default=0)
    for each in found.tasks:
        day = padded(str(each.task.due or ""), due) + ("  " if due else "")
        head = f"{INDENT}{each.handle}  {day}"
        yield from hanging(head, [each.task.text], style)


def log(found: RecordCard, style: CardStyle) -> Iterator[str]:
    shown = found.log[: 3 if style.brief else style.log]
    if not found.log or not shown:
        return
    more = f"  {len(shown)} of {len(found.log)}" if len(shown) < len(found.log) else ""
    yield style.paint("Log", "head") + style.paint(more, "quiet")
    timed = any(entry.time for entry in shown)
    blank = " " * 6 if timed else ""
    kinds = max(len(_type(entry)) for entry in shown)
    for entry in shown:
        clock = f" {entry.time:%H:%M}" if entry.time else blank
        head = f"{INDENT}{entry.date}{clock}  {padded(_type(entry), kinds)}  "
        people = f" (with {', '.join(entry.people)})" if entry.people else ""
        # The id of a mail is for programs; it stands in the file.
        text = entry.text.removesuffix(entry.message_id).rstrip() or entry.text
        first, *rest = text.split("\n")
        yield from hanging(head, [first + people, *rest], style)


def _type(entry: Entry) -> str:
    return line(f"{entry.type} {entry.direction}".strip())


def notes(found: RecordCard, style: CardStyle) -> Iterator[str]:
    text = prose(found.record.load(), headings=True)
    if text:
        yield style.paint("Notes", "head")
    for each in text.split("\n") if text else ():
        whole = INDENT + safe(each.expandtabs(4)).rstrip()
        margin = " " * min(len(whole) - len(whole.lstrip()), style.width // 3)
        pieces = (
            wrapped(each, style.width - len(margin))
            if columns(whole) > style.width
            else [whole.strip()]
        )
        yield from ((margin + piece).rstrip() for piece in pieces)
