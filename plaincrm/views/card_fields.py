"""The top of a card: the record's name and flags, its fields, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import contested_fields
from plaincrm.core.values.raw import RawItem
from plaincrm.crm.card import Link, RecordCard
from plaincrm.views import numbers
from plaincrm.views.card_layout import CardStyle, labelled_lines
from plaincrm.views.safe import line
from plaincrm.views.table import columns, wrapped

LABEL = 20  # columns that the longest usual label takes
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
    "invoiced": "invoiced",
    "paid": "paid",
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
_BAD = frozenset(
    f"is:{name}"
    for name in ("rotting", "overdue", "unpaid", "quiet", "contested", "unanswered", "suppressed")
)


def head(found: RecordCard, style: CardStyle) -> Iterator[str]:
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
    yield from _contested(record, style)


def _contested(record: Record, style: CardStyle) -> Iterator[str]:
    """A line for each field that two machines set differently, with the command that decides."""
    if not contested_fields(record):
        return
    from plaincrm.crm.actions.resolve import words  # hardly any record has a contested field
    from plaincrm.crm.contested import contested

    for each in contested(record):
        others = " or ".join(map(words, each.others))
        said = f"{each.name}: here {words(each.shown) or 'nothing'}, elsewhere {others}"
        decide = f"plaincrm resolve {record.ref} {each.name}"
        for text in wrapped(f"{said}; {decide}", style.width):
            yield style.paint(text, "bad")


def fields(found: RecordCard, context: Context, style: CardStyle) -> Iterator[str]:
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
        yield from labelled_lines(line(name), texts, width, style)
    for label, text in facts:
        yield from labelled_lines(label, [text], width, style)


def _values(
    record: Record,
    name: str,
    items: Iterable[RawItem],
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


def _typed(record: Record, name: str, items: Sequence[RawItem], context: Context) -> list[str]:
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
