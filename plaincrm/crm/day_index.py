"""The index of absolute days: of each record, the day from which something about it may show in `today`.

It is a fact that the cache keeps, so that `today` looks only at the records whose day has come. What depends on
other records, the cadence, and what comes back every year, birthdays, are found by their own columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import compress
from typing import TYPE_CHECKING, Any

from plaincrm.core.facts import Fact, Needs, World
from plaincrm.core.record import Record
from plaincrm.core.schema import Kind
from plaincrm.core.value import changed
from plaincrm.errors import QueryError

if TYPE_CHECKING:
    from plaincrm.crm.matters import Matter


def _waits(record: Record, world: World) -> tuple[Any, ...] | None:
    """The first day on which a matter of the record may show; the numbers of its matters; and their reasons, each
    with its day.

    All is seen from the beginning of time: what shows at once shows on its first day, and nothing has lapsed.
    """
    from plaincrm.crm import handles, matters

    found = list(matters.steady(record, world.shared("beginning", _beginning)))
    days = [(matter.shows.isoformat(), matter.reason) for matter in found if matter.shows]
    first = min(days)[0] if days else "9999"
    return (first, tuple(handles.number(matter.key) for matter in found), tuple(days)) if found else None


def _beginning(world: World) -> World:
    return changed(world, now=datetime(1, 2, 1, tzinfo=world.now.tzinfo), memo={})


def shown(world: World) -> Iterator[Matter]:
    """The matters that show on this day."""
    from plaincrm.crm import matters, touches

    today = world.today.isoformat()
    for kind in world.store.schema.kinds.values():
        all_waits = world.column(kind.name, "_waits")
        due = [waits is not None and waits[0] <= today for waits in all_waits]
        records = world.store.stock(kind.name).chosen(due)
        for record, waits in zip(records, compress(all_waits, due), strict=True):
            reasons = {reason for day, reason in waits[2] if day <= today}
            yield from filter(_shows(world), matters.steady(record, world, reasons))
        in_rhythm = rhythmic(kind, world)
        touches.look_up(in_rhythm, world)
        for record in in_rhythm:
            yield from filter(_shows(world), matters.cadence(record, world))
        for record in _born_about_now(kind, world):
            yield from filter(_shows(world), matters.birthday(record, world))


def _shows(world: World) -> Any:
    return lambda matter: matter.shows is not None and matter.shows <= world.today


def numbers(world: World) -> Iterator[int]:
    """The number of every matter there is, for handles that are like no other."""
    from plaincrm.crm import handles

    for kind in world.store.schema.kinds.values():
        for waits in world.column(kind.name, "_waits"):
            if waits is not None:
                yield from waits[1]
        for record in rhythmic(kind, world):
            yield handles.number(handles.Key("cadence", kind.name, record.id))
        if "birthday" in kind.fields:
            for record in world.store.stock(kind.name).carrying("birthday"):
                yield handles.number(handles.Key("birthday", kind.name, record.id))


def rhythmic(kind: Kind, world: World) -> list[Record]:
    """The contacts and companies that have a cadence, their own or one of the settings; computed once in a world."""
    if kind.name not in ("contact", "company"):
        return []
    found: list[Record] = world.shared(f"rhythmic {kind.name}", lambda here: _rhythmic(kind, here))
    return found


def _rhythmic(kind: Kind, world: World) -> list[Record]:
    from plaincrm.crm.follow_up import meets, rules

    stock = world.store.stock(kind.name)
    found = {record.path: record for record in stock.carrying("cadence")}
    for query, _ in rules(world) if kind.name == "contact" else ():
        try:
            matching = query.all()
        except QueryError:  # a rate is missing for one of them
            matching = [record for record in stock if meets(query, record)]
        found |= {record.path: record for record in matching}
    return list(found.values())


def _born_about_now(kind: Kind, world: World) -> list[Record]:
    """Those with a birthday within the next week or so; one that is written oddly is looked at each time."""
    if "birthday" not in kind.fields:
        return []
    days = {f"{world.today + timedelta(days=n):%m-%d}" for n in range(-1, 9)}
    days |= {"02-29"} if days & {"02-28", "03-01"} else set()
    stock = world.store.stock(kind.name)
    return stock.chosen(
        raw is not None and not (isinstance(raw, str) and raw[-3:-2] == "-" and raw[-5:] not in days)
        for raw in stock.column("birthday")
    )


FACTS = (
    Fact("*", "_waits", "plain", Needs.SETTINGS, "The day from which it may show in `today`, and its codes", _waits),
)
