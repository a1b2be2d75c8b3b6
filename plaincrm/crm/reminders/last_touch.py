"""Whom the touches of a book count for, and when the last one was: of all contacts and companies,
or of a few.

It looks at columns and makes no record, since a touch may stand in any log of the book.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import compress
from typing import Any

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.shared_facts import Found, SharedFact
from plaincrm.core.records.store import leading_to
from plaincrm.core.records.timeline_facts import touch_until, touched_until
from plaincrm.core.text.fold import fold
from plaincrm.core.values.raw import items

_SHARED = ("deal", "ticket")
Key = tuple[str, str]  # kind and folded id
Pairs = tuple[tuple[str, str], ...] | None  # person and day
Wanted = dict[str, frozenset[str]]  # of each kind the spellings that lead to the records wanted


def _of_all(context: Context) -> Found:
    return _found(context, None)


def _of_few(records: Iterable[Record], context: Context) -> Found:
    keys = [(record.kind.name, fold(record.id)) for record in records]
    wanted = {
        kind: frozenset(id for each, id in keys if each == kind) for kind in ("contact", "company")
    }
    return _found(context, _spelled(context, wanted))


LAST_TOUCH = SharedFact("last_touch", _of_all, _of_few, daily=True)
"""The day of the last touch of each contact and company, as ISO text. An entry of a day to come is
no touch yet, so it depends on the day."""


def _spelled(context: Context, wanted: Wanted) -> Wanted:
    """All spellings that lead to the records wanted, and to the people of the companies among
    them.
    """
    store, people = context.store, wanted["contact"]
    companies = store.spellings("company", wanted["company"])
    if companies:
        collection = store.collection("contact")
        theirs = compress(collection.ids(), leading_to(companies, collection.column("company")))
        people |= frozenset(map(fold, theirs))
    return {"contact": store.spellings("contact", people), "company": companies}


def _found(context: Context, wanted: Wanted | None) -> Found:
    people: dict[str, str] = {}
    companies: dict[str, str] = {}
    found: Found = {"contact": people, "company": companies}
    for (kind, id), day in _credits(context, wanted):
        if day > found[kind].get(id, ""):
            found[kind][id] = day
    collection, lead = context.store.collection("contact"), context.store.leading("company")
    for id, raw in _chosen(collection.column("company"), collection.ids(), _of(wanted, "company")):
        touched = people.get(fold(id))
        for item in items(raw) if touched else ():
            key = lead(item.text)
            companies[key] = max(companies.get(key, ""), touched or "")
    return found


def _credits(context: Context, wanted: Wanted | None) -> Iterator[tuple[Key, str]]:
    """Whom each touch counts for, people's companies apart; with `wanted` at least all that count
    for these.
    """
    store = context.store
    lead_to = store.leading("contact")
    for kind in store.schema.kinds:
        days, collection = _own_touches(kind, context), store.collection(kind)
        if kind in ("contact", "company"):
            own = _chosen(collection.ids(), days, _of(wanted, kind))
            yield from (((kind, fold(id)), day) for day, id in own)
        for name in ("contact", "company") if kind in _SHARED else ():
            lead = store.leading(name)
            for day, raw in _chosen(collection.column(name), days, _of(wanted, name)):
                yield from (((name, lead(item.text)), day) for item in items(raw))
        for touched in filter(None, _touched_with(kind, context)):
            yield from ((("contact", lead_to(person)), at) for person, at in touched)


def _own_touches(kind: str, context: Context) -> list[str | None]:
    """The day of the last touch in each own log. One of a day to come is none yet; where a log has
    such, it is read again.
    """
    days: list[str | None] = context.column(kind, "own_touch")
    today = context.today.isoformat()
    ahead = [n for n, day in enumerate(days) if day and day > today]
    if not ahead:
        return days
    found = list(days)
    for n in ahead:
        day = touch_until(context.store.collection(kind)[n], context.today)
        found[n] = day.isoformat() if day else None
    return found


def _touched_with(kind: str, context: Context) -> list[Pairs]:
    """Who was touched `with` each record by today, and when last."""
    rows: list[Pairs] = context.column(kind, "_touched")
    today = context.today.isoformat()
    found = list(rows)
    for n, row in enumerate(rows):
        if row and any(day > today for _, day in row):
            people = touched_until(context.store.collection(kind)[n], context.today)
            found[n] = tuple(people.items())
    return found


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
