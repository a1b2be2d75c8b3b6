"""The lower part of a card: open tasks, the log, and what is written freely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.prose import prose
from plaincrm.core.value_class import value
from plaincrm.crm.card import RecordCard
from plaincrm.views.card_layout import INDENT, CardStyle, hanging
from plaincrm.views.safe import line, safe
from plaincrm.views.table import columns, padded, wrapped

_DAY = 10  # columns of a date


def tasks(found: RecordCard, style: CardStyle) -> Iterator[str]:
    if found.tasks:
        yield style.paint("Tasks", "head")
    due = max((len(str(each.task.due)) for each in found.tasks if each.task.due), default=0)
    for each in found.tasks:
        day = padded(str(each.task.due or ""), due) + ("  " if due else "")
        head = f"{INDENT}{each.handle}  {day}"
        yield from hanging(head, [each.task.text], style)


def paid_invoices(found: RecordCard, style: CardStyle) -> Iterator[str]:
    """The invoices that were ticked, the last one first."""
    paid = [task for task in found.done if task.invoice is not None]
    if paid:
        yield style.paint("Paid invoices", "head")
    for task in sorted(paid, key=lambda each: str(each.done_on or each.due or ""), reverse=True):
        day = str(task.done_on or task.due or "")
        yield from hanging(f"{INDENT}{padded(day, _DAY)}  ", [task.text], style)


def log(found: RecordCard, style: CardStyle) -> Iterator[str]:
    shown = found.log[: 3 if style.brief else style.log]
    if not found.log or not shown:
        return
    more = f"  {len(shown)} of {len(found.log)}" if len(shown) < len(found.log) else ""
    yield style.paint("Log", "head") + style.paint(more, "quiet")
    yield from entries([CardEntry(entry) for entry in shown], style)
    touched = found.facts.get("last_touch")
    if touched and touched > found.log[0].date and not style.brief:
        said = f"last touch {touched}, in another log: plaincrm show {found.record.ref} --timeline"
        yield from hanging(INDENT, [said], style)


@value
class CardEntry:
    """An entry, and the record in whose log it stands where that is another one."""

    entry: Entry
    ref: str = ""


def entries(told: Sequence[CardEntry], style: CardStyle) -> Iterator[str]:
    """Entries below each other: when, of which type, what was said, with whom, on which record."""
    timed = any(each.entry.time for each in told)
    blank = " " * 6 if timed else ""
    kinds = max((len(_type(each.entry)) for each in told), default=0)
    for each in told:
        entry = each.entry
        clock = f" {entry.time:%H:%M}" if entry.time else blank
        head = f"{INDENT}{entry.date}{clock}  {padded(_type(entry), kinds)}  "
        behind = [f"with {', '.join(entry.people)}"] if entry.people else []
        behind += [each.ref] if each.ref else []
        # The id of a mail is for programs; it stands in the file.
        text = entry.text.removesuffix(entry.message_id).rstrip() or entry.text
        first, *rest = text.split("\n")
        if behind:
            first += f" ({'; '.join(behind)})"
        yield from hanging(head, [first, *rest], style)


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
