"""Records as CSV in the shape that other CRMs import, so that leaving is easy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.timeline.prose import prose
from plaincrm.core.values.money import Money, plain
from plaincrm.interchange.cells import line, neutralise
from plaincrm.interchange.crm_shapes import SHAPES, Shape

_NUMBER = re.compile(r"[+-]?[\d\s().,/-]+(?:[Ee]?xt?\.?\s*\d+)?")


def write(shape: Shape, kind: str, records: Iterable[Record], context: Context) -> Iterator[str]:
    """The lines of the file. Raises KeyError for a kind that the shape does not have."""
    columns = SHAPES[shape][kind]
    yield line(header for header, _ in columns)
    for record in records:
        yield line(_safe(_cell(record, source, context)) for _, source in columns)


def _safe(cell: str) -> str:
    """A mark where the cell would begin a formula, blanks before it or not; phone numbers stay
    numbers, whose plus begins none.
    """
    start = len(cell) - len(cell.lstrip()) + 1
    return cell if _NUMBER.fullmatch(cell) else neutralise(cell[:start]) + cell[start:]


def _cell(record: Record, source: str, context: Context) -> str:
    if source.startswith("="):
        return source[1:]
    link, slash, name = source.partition("/")
    if slash:
        target = next(iter(context.store.follow(record, link)), None)
        return _cell(target, name, context) if target else ""
    match source:
        case "id":
            return record.id
        case "body":
            return prose(record.load()).strip()
        case "given" | "family":
            given, _, family = record.title.rpartition(" ")
            return given if source == "given" else family
        case "tags":
            return ", ".join(item.text for item in record.items("tags"))
        case "outcome":
            return str(context.fact(record, "stage_status") or "open").capitalize()
        case "ending":
            return record.text("closed") or record.text("close_date")
    return _value(record, source, context)


def _value(record: Record, source: str, context: Context) -> str:
    name, _, label = source.partition(".")
    field, _, part = name.partition(":")
    if part:
        money = record.value(field, context.settings.currency)
        if not isinstance(money, Money):
            return ""
        return plain(money.amount) if part == "amount" else money.currency
    found = [item for item in record.items(field) if not label or item.label == label]
    return found[0].text if found else ""
