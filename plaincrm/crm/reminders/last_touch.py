"""Whom the touches of a book count for, and when the last one was: of all contacts and companies,
or of a few.

It looks at columns and makes no record, since a touch may stand in any log of the book.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import compress
from typing import Any

from plaincrm.core.records.collection import FEW
from plaincrm.core.records.facts import World
from plaincrm.core.records.record import Record, items
from plaincrm.core.records.store import leading_to
from plaincrm.core.schema.types import fold

_SHARED = ("deal", "ticket")
Key = tuple[str, str]  # kind and folded id
Touches = dict[Key, str]  # to the day
Wanted = dict[str, frozenset[str]]  # of each kind the spellings that lead to the records wanted


def last(record: Record, world: World) -> str | None:
    """The day of the last touch of a contact or company. Past a few records it is worked out for
    all at once.
    """
    key, known = (record.kind.name, fold(record.id)), _known(world)
    if key not in known and len(known) < FEW:
        look_up([record], world)
    return (known if key in known else _all(world)).get(key) or None


def look_up(records: Iterable[Record], world: World) -> None:
    """Work out the last touch of these contacts and companies, for whoever asks for it next."""
    keys = [(record.kind.name, fold(record.id)) for record in records]
    wanted = {
        kind: frozenset(id for each, id in keys if each == kind) for kind in ("contact", "company")
    }
    found = _found(world, _spelled(world, wanted)) if keys else {}
    _known(world).update({key: found.get(key, "") for key in keys})


def _known(world: World) -> Touches:
    """Of the records looked up singly; empty where there is none."""
    known: Touches = world.shared("some touches", lambda _: {})
    return known


def _all(world: World) -> Touches:
    found: Touches = world.shared("touches", lambda here: _found(here, None))
    return found


def _spelled(world: World, wanted: Wanted) -> Wanted:
    """All spellings that lead to the records wanted, and to the people of the companies among
    them.
    """
    store, people = world.store, wanted["contact"]
    companies = store.spellings("company", wanted["company"])
    if companies:
        stock = store.stock("contact")
        theirs = compress(stock.ids(), leading_to(companies, stock.column("company")))
        people |= frozenset(map(fold, theirs))
    return {"contact": store.spellings("contact", people), "company": companies}


def _found(world: World, wanted: Wanted | None) -> Touches:
    found: Touches = {}
    for key, day in _credits(world, wanted):
        if day > found.get(key, ""):
            found[key] = day
    stock, lead = world.store.stock("contact"), world.store.leading("company")
    for id, raw in _chosen(stock.column("company"), stock.ids(), _of(wanted, "company")):
        touched = found.get(("contact", fold(id)))
        for item in items(raw) if touched else ():
            key = ("company", lead(item.text))
            found[key] = max(found.get(key, ""), touched or "")
    return found


def _credits(world: World, wanted: Wanted | None) -> Iterator[tuple[Key, str]]:
    """Whom each touch counts for, people's companies apart; with `wanted` at least all that count
    for these.
    """
    store = world.store
    lead_to = store.leading("contact")
    for kind in store.schema.kinds:
        days, stock = world.column(kind, "own_touch"), store.stock(kind)
        if kind in ("contact", "company"):
            own = _chosen(stock.ids(), days, _of(wanted, kind))
            yield from (((kind, fold(id)), day) for day, id in own)
        for name in ("contact", "company") if kind in _SHARED else ():
            lead = store.leading(name)
            for day, raw in _chosen(stock.column(name), days, _of(wanted, name)):
                yield from (((name, lead(item.text)), day) for item in items(raw))
        for touched in filter(None, world.column(kind, "_touched")):
            yield from ((("contact", lead_to(person)), at) for person, at in touched)


def _of(wanted: Wanted | None, kind: str) -> Set[str] | None:
    return None if wanted is None else wanted[kind]


def _chosen(
    column: Sequence[Any], beside: Sequence[Any], spellings: Set[str] | None
) -> list[tuple[Any, Any]]:
    """What stands `beside` the values of a column, and these, where both are there and lead to one
    of `spellings`.
    """
    pairs = zip(beside, column, strict=True)
    if spellings is None:
        return [pair for pair in pairs if pair[0] and pair[1]]
    return (
        [pair for pair in compress(pairs, leading_to(spellings, column)) if pair[0]]
        if spellings
        else []
    )
