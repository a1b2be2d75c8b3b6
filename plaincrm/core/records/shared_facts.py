"""Facts that need other records: worked out for all records at once, and kept.

A `SharedFact` gives its values by kind and folded id. Asked for a few records it looks up just
these, past a few it works out all. What it works out holds until the store changes; where the
context can keep it (`Context.keep`), until one of the kinds that it reads changes on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Protocol, TypeAlias

from plaincrm.core.records.collection import FEW
from plaincrm.core.records.record import Record
from plaincrm.core.records.store import Store
from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import value

Found: TypeAlias = dict[str, dict[str, Any]]
"""Kind to folded id to value. A record without a value is not there."""


@value
class SharedFact:
    """`of_all` works out the value of every record; values are plain: text, numbers, tuples.

    `of_few` does it for some, where that is cheaper. Both take the context of the facts. `reads`:
    the kinds that it looks at, all if empty. `daily`: whether it depends on the day, too.
    """

    name: str
    of_all: Callable[[Any], Found]
    of_few: Callable[[Iterable[Record], Any], Found] | None = None
    reads: tuple[str, ...] = ()
    daily: bool = False


class SharedFactCache(Protocol):
    """Where shared facts are kept between two commands."""

    def find(self, name: str, stamp: str) -> Found | None: ...
    def write(self, name: str, stamp: str, found: Found) -> None: ...


class FactContext(Protocol):
    """What this module needs of `facts.Context`."""

    @property
    def store(self) -> Store: ...
    @property
    def keep(self) -> SharedFactCache | None: ...
    @property
    def today(self) -> date: ...
    def shared(self, name: str, compute: Callable[[Any], Any]) -> Any: ...


def shared_value(source: SharedFact, record: Record, context: FactContext) -> Any:
    """The value of one record, None where it has none."""
    kind, id = record.kind.name, fold(record.id)
    some = _some(source, context)
    if id in some.get(kind, ()):
        return some[kind][id]
    if source.of_few is not None and len(some.get(kind, ())) < FEW:
        look_up(source, [record], context)
        return some[kind][id]
    return all_values(source, context).get(kind, {}).get(id)


def look_up(source: SharedFact, records: Iterable[Record], context: FactContext) -> None:
    """Work out the values of these records, for whoever asks for them next."""
    if source.of_few is None:
        return
    asked = list(records)
    found = source.of_few(asked, context) if asked else {}
    some = _some(source, context)
    for record in asked:
        kind, id = record.kind.name, fold(record.id)
        some.setdefault(kind, {})[id] = found.get(kind, {}).get(id)


def shared_column(source: SharedFact, kind: str, context: FactContext) -> list[Any]:
    """The value of every record of a kind, in the order of the store."""
    found = all_values(source, context).get(kind, {})
    return [found.get(fold(id)) for id in context.store.collection(kind).ids()]


def all_values(source: SharedFact, context: FactContext) -> Found:
    """The values of all records; worked out once in a context, and kept if it can be."""
    found: Found = context.shared(f"all {source.name}", lambda here: _kept(source, here))
    return found


def _some(source: SharedFact, context: FactContext) -> Found:
    """Of the records looked up singly; None stands for those without a value."""
    known: Found = context.shared(f"some {source.name}", lambda _: {})
    return known


def _kept(source: SharedFact, context: FactContext) -> Found:
    stamp = _stamp(source, context) if context.keep is not None else ""
    if context.keep is None or not stamp:
        return source.of_all(context)
    found = context.keep.find(source.name, stamp)
    if found is None:
        found = source.of_all(context)
        context.keep.write(source.name, stamp, found)
    return found


def _stamp(source: SharedFact, context: FactContext) -> str:
    """What the values rest on, as text; empty where it is not known."""
    kinds = source.reads or tuple(context.store.schema.kinds)
    states = [context.store.collection(kind).state for kind in kinds]
    if context.store.version or not all(states):
        return ""
    day = context.today.isoformat() if source.daily else ""
    return "\n".join((day, *(f"{kind} {state}" for kind, state in zip(kinds, states, strict=True))))


def by_kind(pairs: Iterable[tuple[tuple[str, str], Any]]) -> Found:
    """`Found` of pairs ((kind, folded id), value)."""
    found: Found = {}
    for (kind, id), each in pairs:
        found.setdefault(kind, {})[id] = each
    return found
