"""A record's card: its fields, what is known of it, what it links to and what links to it, tasks,
log and notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.text import outline
from plaincrm.core.text.counted import counted
from plaincrm.core.timeline.log import Entry
from plaincrm.core.value_class import changed, value
from plaincrm.core.values.money import Money, Sums
from plaincrm.core.values.raw import Item
from plaincrm.crm.card import Link, RecordCard
from plaincrm.crm.card import card as card_of
from plaincrm.views import numbers
from plaincrm.views.json_text import Json
from plaincrm.views.layout import WIDTH, Layout, Paint, plain
from plaincrm.views.listing import columns_of_kind
from plaincrm.views.record_json import whole
from plaincrm.views.rows import ListColumn, Rows
from plaincrm.views.safe import line, safe
from plaincrm.views.table import columns, padded, table, wrapped

WIDEST = 100  # columns of a card on a wide terminal; longer lines are hard to read
LABEL = 14  # columns that the longest usual label takes
INDENT = "  "
BRIEF = (
    "name",
    "subject",
    "title",
    "company",
    "contact",
    "job",
    "email",
    "phone",
    "language",
    "timezone",
    "status",
    "stage",
    "value",
    "priority",
    "close_date",
    "next",
)
KNOWN = {
    "last_touch": "last touch",
    "idle": "idle",
    "cadence_due": "next touch by",
    "next_birthday": "birthday on",
    "weighted": "weighted",
    "chance": "chance",
    "age": "age",
    "rots_on": "rots on",
    "mrr": "a month",
    "cancel_by": "cancel by",
    "ended": "ended",
    "first_reply": "first reply",
    "resolution": "solved after",
    "wait": "waits since",
    "sequence": "sequence",
    "unanswered_since": "unanswered since",
    "sla.due": "promised by",
    "feedback.csat": "last rating",
    "feedback.nps": "recommends",
    "answered": "answered",
    "reopens": "reopened",
    "next_best": "do next",
}
_DEAL_RIGHT = (3,)  # of the cells of a deal: its value
_DEAL_WHOLE = (2, 3, 4)  # stage, value, date
_TICKET_WHOLE = (2, 3)  # status, priority
_BAD = frozenset(
    f"is:{name}"
    for name in ("rotting", "overdue", "unpaid", "quiet", "contested", "unanswered", "suppressed")
)


_RECORD = ListColumn("record", lambda record: record.ref)
_NAME = ListColumn("title", lambda record: record.title)


@value
class CardStyle:
    """How a card is laid out: into how many columns, in which colours, with how many log entries.

    `brief`: one page before a call. `capped`: long lists of links are shortened, as on a terminal.
    """

    width: int = WIDTH
    paint: Paint = plain
    log: int | None = 10
    brief: bool = False
    capped: bool = False


def cards(
    records: Sequence[Record], context: Context, style: CardStyle, asked: Sequence[str] = ()
) -> Rows:
    """Whole records: a card each on a terminal, all that JSON knows of them, a row each of the
    kind's usual columns, or those `asked` for, in tables.
    """

    def screen(rows: Rows, layout: Layout) -> str:
        room = min(layout.width or WIDTH, WIDEST)
        laid = changed(style, width=room, paint=layout.paint, capped=layout.width is not None)
        texts = (card(card_of(record, context), context, laid) for record in rows.records)
        return "\n".join(texts)

    def as_json(record: Record) -> Json:
        return whole(record, context, context.facts.of(record.kind.name))

    kinds = list({record.kind.name: record.kind for record in records}.values())
    columns = [_RECORD, _NAME]
    if len(kinds) == 1:
        columns = list(columns_of_kind(kinds[0], asked, context))
    return Rows("show", len(records), records, columns, as_json, screen=screen)


def card(found: RecordCard, context: Context, style: CardStyle) -> str:
    """The card as text that fits into the width, with its last line end."""
    parts = [
        _head(found, style),
        _fields(found, context, style),
        _section("People", () if style.brief else _people(found.people), style, whole=(2,)),
        _section("Open deals", _deals(found.deals, context), style, _DEAL_RIGHT, _DEAL_WHOLE),
        _won(() if style.brief else found.won, context, style),
        _section("Open tickets", _tickets(found.tickets), style, whole=_TICKET_WHOLE),
        _tasks(found, style),
        _log(found, style),
        *(
            []
            if style.brief
            else (_section("Linked from", _backlinks(found, style), style), _notes(found, style))
        ),
    ]
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part))) + "\n"


def _head(found: RecordCard, style: CardStyle) -> Iterator[str]:
    record = found.record
    titles = wrapped(record.title, style.width)
    ref = line(record.ref)
    space = style.width - columns(titles[-1]) - columns(ref) if titles else 0
    for title in titles[:-1]:
        yield style.paint(title, "head")
    last = style.paint(titles[-1], "head") if titles else ""
    if space >= 2:
        yield last + " " * space + style.paint(ref, "quiet")
    else:
        yield last
        yield style.paint(ref, "quiet")
    flags = [name[3:] for name in found.facts if name in _BAD]
    if flags:
        yield style.paint(", ".join(flags), "bad")


def _fields(found: RecordCard, context: Context, style: CardStyle) -> Iterator[str]:
    names = [(name, items) for name, items in found.fields if name != found.record.kind.title]
    if style.brief:
        names = [(name, items) for name, items in names if name in BRIEF]
    facts = [
        (label, _fact(name, found.facts[name]))
        for name, label in KNOWN.items()
        if found.facts.get(name)
    ]
    width = min(max([len(name) for name, _ in (*names, *facts)], default=0), LABEL)
    links = {(link.field, link.id): link for link in found.links}
    for name, items in names:
        texts = _values(found.record, name, items, links, style.brief) or _typed(
            found.record, name, items, context
        )
        yield from _row(line(name), texts, width, style)
    for label, text in facts:
        yield from _row(label, [text], width, style)


def _row(label: str, texts: Sequence[str], width: int, style: CardStyle) -> Iterator[str]:
    """A label and its texts, each on lines of its own, one under the other."""
    room = style.width - width - 2
    lines = [piece for text in texts for piece in wrapped(text, max(room, 10))]
    blank = " " * max(width, columns(label))
    for n, text in enumerate(lines):
        yield (style.paint(padded(label, width), "quiet") if n == 0 else blank) + INDENT + text


def _values(
    record: Record,
    name: str,
    items: Iterable[Item],
    links: dict[tuple[str, str], Link],
    brief: bool,
) -> list[str]:
    """The texts of a field that shows each on a line of its own: links and addresses; none of any
    other.
    """
    field = record.kind.fields.get(name)
    if field and field.value_type.links:
        return [
            _labelled(item.label, _linked(links.get((name, item.text)), item.text, brief))
            for item in items
        ]
    texts = [_labelled(item.label, item.text) for item in items]
    return texts if field and field.value_type.reaches else []


def _typed(record: Record, name: str, items: Sequence[Item], context: Context) -> list[str]:
    """A field on one line, as its type shows itself where it can be read."""
    values = record.values(name, context.settings.currency)
    if len(values) == len(items) and not any(item.label for item in items):
        return [", ".join(map(numbers.cell, values))]
    return [", ".join(_labelled(item.label, item.text) for item in items)]


def _fact(name: str, value: Any) -> str:
    return numbers.percent(value) if name == "chance" else numbers.cell(value)


def _labelled(label: str, text: str) -> str:
    return f"{label}: {text}" if label else text


def _linked(link: Link | None, id: str, brief: bool) -> str:
    target = link.target if link else None
    if target is None:
        return f"{id} (leads nowhere)"
    ways = (
        [item.text for name in ("phone", "email") for item in target.items(name)] if brief else []
    )
    return " · ".join((target.title, *ways)) if brief else f"{target.title} ({target.ref})"


def _section(
    title: str,
    rows: Sequence[Sequence[str]],
    style: CardStyle,
    right: Sequence[int] = (),
    whole: Sequence[int] = (),
) -> Iterator[str]:
    if not rows:
        return
    yield style.paint(title, "head")
    text = table((), rows, style.width - len(INDENT), right, whole=whole)
    yield from (INDENT + row for row in text.split("\n"))


def _deals(deals: Iterable[Record], context: Context) -> list[list[str]]:
    currency = context.settings.currency
    return [
        [
            deal.id,
            deal.title,
            deal.text("stage"),
            numbers.cell(deal.value("value", currency)),
            deal.text("close_date"),
        ]
        for deal in deals
    ]


def _people(people: Iterable[Record]) -> list[list[str]]:
    """The name, the job and the first address of each."""
    return [[each.title, _first_item(each, "job"), _first_item(each, "email")] for each in people]


def _first_item(record: Record, name: str) -> str:
    return next((item.text for item in record.items(name)), "")


def _won(deals: Sequence[Record], context: Context, style: CardStyle) -> Iterator[str]:
    """The deals that were won, the last one first, under a line that sums them up."""
    if not deals:
        return
    values = (deal.value("value", context.settings.currency) for deal in deals)
    sums = Sums()
    for amount in values:
        if isinstance(amount, Money):
            sums.add(amount)
    lines = list(_section("Won deals", _deals(deals, context), style, _DEAL_RIGHT, _DEAL_WHOLE))
    total = f"  {counted(len(deals), 'deal')}: {numbers.sums(sums, ', ')}"
    yield lines[0] + style.paint(total, "quiet")
    yield from lines[1:]


def _tickets(tickets: Iterable[Record]) -> list[list[str]]:
    return [[each.id, each.title, each.text("status"), each.text("priority")] for each in tickets]


def _backlinks(found: RecordCard, style: CardStyle) -> list[list[str]]:
    listed = (*found.deals, *found.tickets, *found.won, *found.people)
    shown = {record.ref for record in listed}
    rest = [(source, field) for source, field in found.backlinks if source.ref not in shown]
    rows = []
    for _, group in groupby(rest, key=lambda pair: pair[0].kind.name):
        several = list(group)
        kept = several[:10] if style.capped else several
        rows += [[source.ref, source.title, _state(source), field] for source, field in kept]
        if len(several) > len(kept):
            rows.append([f"and {len(several) - len(kept)} more", "", "", ""])
    return rows


def _state(record: Record) -> str:
    return next((text for name in ("stage", "status", "state") if (text := record.text(name))), "")


def _tasks(found: RecordCard, style: CardStyle) -> Iterator[str]:
    if found.tasks:
        yield style.paint("Tasks", "head")
    due = max((len(str(each.task.due)) for each in found.tasks if each.task.due), default=0)
    for each in found.tasks:
        day = padded(str(each.task.due or ""), due) + ("  " if due else "")
        head = f"{INDENT}{each.handle}  {day}"
        yield from _hanging(head, [each.task.text], style)


def _log(found: RecordCard, style: CardStyle) -> Iterator[str]:
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
        yield from _hanging(head, [first + people, *rest], style)


def _type(entry: Entry) -> str:
    return line(f"{entry.type} {entry.direction}".strip())


def _hanging(head: str, texts: Iterable[str], style: CardStyle) -> Iterator[str]:
    """Texts after a head, what does not fit beneath; under a head that takes half the width,
    further left.
    """
    indent = columns(head) if columns(head) <= style.width // 2 else 6
    lines = [piece for text in texts for piece in wrapped(text, style.width - columns(head))]
    if indent != columns(head) and len(lines) > 1:
        lines = [piece for text in texts for piece in wrapped(text, style.width - indent)]
        yield style.paint(head.rstrip(), "quiet")
        head = " " * indent
    for n, text in enumerate(lines or [""]):
        yield ((style.paint(head, "quiet") if n == 0 else " " * indent) + text).rstrip()


def _notes(found: RecordCard, style: CardStyle) -> Iterator[str]:
    text = prose(found.record)
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


def prose(record: Record) -> str:
    """The body without its log entries and tasks, nor the headings that are left with nothing under
    them.
    """
    found = outline.read(record.body.replace("\r\n", "\n"))
    first = record.document.body_line
    taken = {number for entry in record.log for number in range(entry.line, entry.end_line + 1)}
    taken |= {task.line for task in record.tasks}
    kept = {n for n in range(len(found.lines)) if n + first not in taken}
    for title in ("Log", "Tasks"):
        for start, end in found.sections(title):
            if not any(found.lines[n].strip() for n in range(start + 1, end) if n in kept):
                kept -= set(range(start, end))
    return _squeezed([found.lines[n] for n in sorted(kept)])


def _squeezed(lines: Iterable[str]) -> str:
    """Without the blank lines at the ends, and never two of them in a row."""
    out: list[str] = []
    for each in lines:
        if each.strip() or (out and out[-1].strip()):
            out.append(each)
    return "\n".join(out).strip("\n")
