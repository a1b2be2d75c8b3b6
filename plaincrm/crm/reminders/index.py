"""The index of absolute days: of each record, what it wants and the day from which that may show in
`today`.

It is a fact that the cache keeps, so that `today` looks only at the records whose day has come.
What depends on other records, the cadence, and what comes back every year, birthdays, are found by
their own columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, compress
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from plaincrm.core.records.facts import Fact, Needs, World
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.values.duration import DAY
from plaincrm.errors import QueryError

if TYPE_CHECKING:
    from plaincrm.crm.reminders.reminder import Matter


def _causes(record: Record, world: World) -> tuple[Any, ...] | None:
    """The first day on which a cause of the record may show, its causes, and the numbers of their
    handles.
    """
    from plaincrm.crm.reminders import handles, reminder, rules

    found = list(rules.causes(record, world))
    first = min((each.shows for each in found if each.shows), default="9999")
    numbers = (handles.number(reminder.seen(each, record, world.today).key) for each in found)
    return (first, tuple(each.kept for each in found), tuple(numbers)) if found else None


def shown(world: World) -> Iterator[Matter]:
    """The matters that show on this day."""
    from plaincrm.crm.reminders import last_touch, reminder
    from plaincrm.crm.reminders.cadence import rules

    rules(world)  # compiled before a record is needed, while others may still look for what changed
    for kind in world.store.schema.kinds.values():
        yield from _due(kind, world)
        in_rhythm = rhythmic(kind, world)
        last_touch.look_up(in_rhythm, world)
        for record in in_rhythm:
            yield from filter(_shows(world), reminder.cadence(record, world))
        for record in _born_about_now(kind, world):
            yield from filter(_shows(world), reminder.birthday(record, world))


def _due(kind: Kind, world: World) -> Iterator[Matter]:
    """What shows of the causes that are kept."""
    from plaincrm.crm.reminders.reminder import is_live, seen
    from plaincrm.crm.reminders.rules import Cause

    day, today = world.today, world.today.isoformat()
    column = world.column(kind.name, "_causes")
    due = [found is not None and found[0] <= today for found in column]
    for record, (_, kept, numbers) in zip(
        world.store.stock(kind.name).chosen(due), compress(column, due), strict=True
    ):
        for fields, number in zip(kept, numbers, strict=True):
            cause = Cause(*fields)
            if cause.shows and cause.shows <= today and is_live(cause.until, today):
                yield seen(cause, record, day, number)


def _shows(world: World) -> Any:
    return lambda matter: matter.shows is not None and matter.shows <= world.today


def numbers(world: World) -> Iterator[int]:
    """The number of every matter there is, for handles that are like no other."""
    from plaincrm.crm.reminders import handles

    for kind in world.store.schema.kinds.values():
        yield from chain.from_iterable(
            map(itemgetter(2), filter(None, world.column(kind.name, "_causes")))
        )
        for record in rhythmic(kind, world):
            yield handles.number(handles.Key("cadence", kind.name, record.id))
        if "birthday" in kind.fields:
            for record in world.store.stock(kind.name).carrying("birthday"):
                yield handles.number(handles.Key("birthday", kind.name, record.id))


def rhythmic(kind: Kind, world: World) -> list[Record]:
    """The contacts and companies that have a cadence, their own or one of the settings; computed
    once in a world.
    """
    if kind.name not in ("contact", "company"):
        return []
    found: list[Record] = world.shared(f"rhythmic {kind.name}", lambda here: _rhythmic(kind, here))
    return found


def _rhythmic(kind: Kind, world: World) -> list[Record]:
    from plaincrm.crm.reminders.cadence import meets, rules

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
    """Those with a birthday within the next week or so; one that is written oddly is looked at each
    time.
    """
    if "birthday" not in kind.fields:
        return []
    days = {f"{DAY.clamped(world.today, n):%m-%d}" for n in range(-1, 9)}
    days |= {"02-29"} if days & {"02-28", "03-01"} else set()
    stock = world.store.stock(kind.name)
    return stock.chosen(
        raw is not None
        and not (isinstance(raw, str) and raw[-3:-2] == "-" and raw[-5:] not in days)
        for raw in stock.column("birthday")
    )


FACTS = (
    Fact(
        "*",
        "_causes",
        "plain",
        Needs.SETTINGS,
        "What it wants, and from which day it may show in `today`",
        _causes,
    ),
)
