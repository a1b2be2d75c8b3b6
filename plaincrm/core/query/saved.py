"""Segments in a query: finding one by its name, and what a snapshot holds."""

from __future__ import annotations

from collections.abc import Callable

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.segment import Segment
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.fold import fold
from plaincrm.errors import QueryError, did_you_mean


def find(name: str, kind: Kind, context: Context) -> Segment:
    """The saved segment of that name. Raises QueryError if there is none, or it is of another
    kind.
    """
    segment = context.segments.get(name)
    if segment is None:
        known = ", ".join(sorted(context.segments)) or "none yet"
        hint = did_you_mean(name, context.segments) or f"segments: {known}"
        raise QueryError(f'there is no segment "{name}"', hint)
    asked = context.store.schema.find(segment.kind)
    if segment.kind and (asked or kind) != kind:
        message = f"the segment {name} is of {segment.kind}, not of {kind.plural}"
        raise QueryError(message, f"use it with {segment.kind}")
    return segment


def listed(ids: tuple[str, ...]) -> Callable[[Record], bool]:
    """Whether a record is one of those ids, with or without their kind; former ids count."""
    wanted = frozenset(fold(id) for id in ids)

    def test(record: Record) -> bool:
        own = (record.id, *record.aliases())
        return any(fold(id) in wanted or fold(f"{record.kind.name}/{id}") in wanted for id in own)

    return test
