"""Keeping in touch: when somebody was last touched, how often they should be, and who has gone quiet.

A touch is a call, e-mail, meeting, message or reply. It counts for a contact when it stands in the contact's
own log, in that of one of its deals or tickets, or names it with `with`; for a company when it counts for one
of its people, or stands in its own log or that of its deals and tickets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from plaincrm.core.duration import Duration
from plaincrm.core.facts import Fact, Needs, World
from plaincrm.core.month_day import MonthDay
from plaincrm.core.record import Record, items
from plaincrm.core.timeline_facts import unpaid as own_unpaid
from plaincrm.core.types import fold
from plaincrm.errors import QueryError

if TYPE_CHECKING:
    from plaincrm.core.query import Query

_SHARED = ("deal", "ticket")
Touches = dict[tuple[str, str], str]


def touches(world: World) -> Touches:
    """The last touch of every contact and company that has one, by kind and folded id; read once in a world."""
    found: Touches = world.shared("touches", _all_touches)
    return found


def _all_touches(world: World) -> Touches:
    found: Touches = {}
    for key, day in _credits(world):
        if day > found.get(key, ""):
            found[key] = day
    stock, lead = world.store.stock("contact"), world.store.leading("company")
    for id, raw in zip(stock.ids(), stock.column("company"), strict=True):
        touched = found.get(("contact", fold(id))) if raw else None
        for item in items(raw) if touched else ():
            key = ("company", lead(item.text))
            found[key] = max(found.get(key, ""), touched or "")
    return found


def _credits(world: World) -> Iterator[tuple[tuple[str, str], str]]:
    """Whom each touch counts for, people's companies apart: kind, folded id and day.

    It looks at columns and makes no record, since it goes through the whole book.
    """
    store = world.store
    lead_to = store.leading("contact")
    for kind in store.schema.kinds:
        days, stock = world.column(kind, "own_touch"), store.stock(kind)
        if kind in ("contact", "company"):
            yield from (((kind, fold(id)), day) for id, day in zip(stock.ids(), days, strict=True) if day)
        for name in ("contact", "company") if kind in _SHARED else ():
            lead = store.leading(name)
            for raw, day in zip(stock.column(name), days, strict=True):
                if day and raw:
                    yield from (((name, lead(item.text)), day) for item in items(raw))
        for touched in filter(None, world.column(kind, "_touched")):
            yield from ((("contact", lead_to(person)), at) for person, at in touched)


def last_touch(record: Record, world: World) -> date | None:
    found = touches(world).get((record.kind.name, fold(record.id)))
    return date.fromisoformat(found) if found else None


def idle(record: Record, world: World) -> Duration | None:
    last = last_touch(record, world) or world.fact(record, "began")
    return Duration(max((world.today - last).days, 0), "d") if last else None


def rhythm(record: Record, world: World) -> Duration | None:
    """The record's own `cadence`, else that of the first rule of the settings that it meets."""
    own = record.value("cadence")
    if isinstance(own, Duration):
        return own
    if record.kind.name != "contact":
        return None
    return next((every for query, every in rules(world) if meets(query, record)), None)


def rules(world: World) -> list[tuple[Query, Duration]]:
    """The cadence rules of the settings: whom each is for, and how often."""
    found: list[tuple[Query, Duration]] = world.shared("cadence", _compiled)
    return found


def _compiled(world: World) -> list[tuple[Query, Duration]]:
    from plaincrm.core import query

    rules, contact = [], world.store.schema.kinds["contact"]
    for rule in world.settings.cadence:
        with suppress(QueryError):
            rules.append((query.compile([rule.query], contact, world), rule.every))
    return rules


def meets(query: Query, record: Record) -> bool:
    """A rule that can't be read, or lacks a rate, selects nobody; `check` tells of it."""
    with suppress(QueryError):
        return query.matches(record)
    return False


def cadence_due(record: Record, world: World) -> date | None:
    """Last touch, else the beginning, plus the cadence; today where neither is known."""
    every = rhythm(record, world)
    if every is None:
        return None
    last = last_touch(record, world) or world.fact(record, "began")
    return every.after(last) if last else world.today


def cadence_soon(record: Record, world: World) -> date | None:
    """The day on which four fifths of the cadence have passed."""
    due = cadence_due(record, world)
    last = last_touch(record, world) or world.fact(record, "began")
    return last + (due - last) * 4 / 5 if due and last else due


def quiet(record: Record, world: World) -> bool:
    due = world.fact(record, "cadence_due")
    return due is not None and due < world.today


def next_birthday(record: Record, world: World) -> date | None:
    day = record.value("birthday")
    return day.next(world.today) if isinstance(day, MonthDay) else None


def suppressed(record: Record, _: World) -> bool:
    """Mail to its addresses is refused: unsubscribed, do_not_email, bounced or without consent."""
    from plaincrm.marketing import consent

    return bool(record.items("email")) and consent.refusal(record.fields, "bulk") is not None


def unpaid(record: Record, world: World) -> bool:
    """An invoice is open on it, or on one of its deals."""
    deals = world.store.linked_from(record, "deal", record.kind.name)
    return any(own_unpaid(each, world) for each in (record, *deals))


def _both(
    name: str, type: str, needs: Needs, doc: str, compute: Callable[[Record, World], Any]
) -> Iterator[Fact]:
    return (Fact(kind, name, type, needs, doc, compute) for kind in ("contact", "company"))


FACTS = (
    *_both("last_touch", "date", Needs.STORE, "The latest call, mail, meeting, message or reply", last_touch),
    *_both("idle", "duration", Needs.STORE, "Days since the last touch, else since it began", idle),
    *_both("rhythm", "duration", Needs.STORE, "Its own `cadence`, else the first rule that it meets", rhythm),
    *_both("cadence_due", "date", Needs.STORE, "The last touch plus the cadence", cadence_due),
    *_both("is:quiet", "bool", Needs.STORE, "Its cadence has run out", quiet),
    *_both("is:unpaid", "bool", Needs.STORE, "It, or one of its deals, has an open invoice", unpaid),
    Fact("contact", "next_birthday", "date", Needs.DAY, "The next birthday, today included", next_birthday),
    Fact("contact", "is:suppressed", "bool", Needs.FILE, "Gets no bulk mail", suppressed),
)  # fmt: skip
