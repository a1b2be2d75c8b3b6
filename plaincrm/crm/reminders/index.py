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

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.values.duration import DAY
from plaincrm.errors import QueryError

if TYPE_CHECKING:
    from plaincrm.crm.reminders.reminder import Matter


def _causes(record: Record, context: Context) -> tuple[Any, ...] | None:
    """The first day on which a cause of the record may show, its causes, and the numbers of their
    handles.
    """
    from plaincrm.crm.reminders import handles, reminder, rules

    found = list(rules.causes(record, context))
    first = min((each.shows for each in found if each.shows), default="9999")
    numbers = (handles.number(reminder.seen(each, record, context.today).key) for each in found)
    return (first, tuple(each.kept for each in found), tuple(numbers)) if found else None


def shown(context: Context) -> Iterator[Matter]:
    """The matters that show on this day."""
    from plaincrm.crm.reminders import last_touch, reminder
    from plaincrm.crm.reminders.cadence import rules

    rules(
        context
    )  # compiled before a record is needed, while others may still look for what changed
    for kind in context.store.schema.kinds.values():
        yield from _due(kind, context)
        in_rhythm = rhythmic(kind, context)
        last_touch.look_up(in_rhythm, context)
        for record in in_rhythm:
            yield from filter(_shows(context), reminder.cadence(record, context))
        for record in _born_about_now(kind, context):
            yield from filter(_shows(context), reminder.birthday(record, context))


def _due(kind: Kind, context: Context) -> Iterator[Matter]:
    """What shows of the causes that are kept."""
    from plaincrm.crm.reminders.reminder import is_live, seen
    from plaincrm.crm.reminders.rules import Cause

    day, today = context.today, context.today.isoformat()
    column = context.column(kind.name, "_causes")
    due = [found is not None and found[0] <= today for found in column]
    for record, (_, kept, numbers) in zip(
        context.store.collection(kind.name).chosen(due), compress(column, due), strict=True
    ):
        for fields, number in zip(kept, numbers, strict=True):
            cause = Cause(*fields)
            if cause.shows and cause.shows <= today and is_live(cause.until, today):
                yield seen(cause, record, day, number)


def _shows(context: Context) -> Any:
    return lambda matter: matter.shows is not None and matter.shows <= context.today


def numbers(context: Context) -> Iterator[int]:
    """The number of every matter there is, for handles that are like no other."""
    from plaincrm.crm.reminders import handles

    for kind in context.store.schema.kinds.values():
        yield from chain.from_iterable(
            map(itemgetter(2), filter(None, context.column(kind.name, "_causes")))
        )
        for record in rhythmic(kind, context):
            yield handles.number(handles.Key("cadence", kind.name, record.id))
        if "birthday" in kind.fields:
            for record in context.store.collection(kind.name).carrying("birthday"):
                yield handles.number(handles.Key("birthday", kind.name, record.id))


def rhythmic(kind: Kind, context: Context) -> list[Record]:
    """The contacts and companies that have a cadence, their own or one of the settings; computed
    once in a context.
    """
    if kind.name not in ("contact", "company"):
        return []
    found: list[Record] = context.shared(
        f"rhythmic {kind.name}", lambda here: _rhythmic(kind, here)
    )
    return found


def _rhythmic(kind: Kind, context: Context) -> list[Record]:
    from plaincrm.crm.reminders.cadence import meets, rules

    collection = context.store.collection(kind.name)
    found = {record.path: record for record in collection.carrying("cadence")}
    for query, _ in rules(context) if kind.name == "contact" else ():
        try:
            matching = query.all()
        except QueryError:  # a rate is missing for one of them
            matching = [record for record in collection if meets(query, record)]
        found |= {record.path: record for record in matching}
    return list(found.values())


def _born_about_now(kind: Kind, context: Context) -> list[Record]:
    """Those with a birthday within the next week or so; one that is written oddly is looked at each
    time.
    """
    if "birthday" not in kind.fields:
        return []
    days = {f"{DAY.clamped(context.today, n):%m-%d}" for n in range(-1, 9)}
    days |= {"02-29"} if days & {"02-28", "03-01"} else set()
    collection = context.store.collection(kind.name)
    return collection.chosen(
        raw is not None
        and not (isinstance(raw, str) and raw[-3:-2] == "-" and raw[-5:] not in days)
        for raw in collection.column("birthday")
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
