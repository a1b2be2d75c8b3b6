"""Keeping in touch: when somebody was last touched, how often they should be, and who has gone
quiet.

A touch is a call, e-mail, meeting, message or reply. It counts for a contact when it stands in the
contact's own log, in that of one of its deals or tickets, or names it with `with`; for a company
when it counts for one of its people, or stands in its own log or that of its deals and tickets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.records.shared_facts import look_up, shared_value
from plaincrm.core.records.timeline_facts import unpaid as own_unpaid
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.values.duration import DaysOff, Duration
from plaincrm.crm.reminders.last_touch import LAST_TOUCH
from plaincrm.errors import QueryError
from plaincrm.sales.deals import days_between

if TYPE_CHECKING:
    from plaincrm.core.query import Query


def last_touch(record: Record, context: Context) -> date | None:
    found = shared_value(LAST_TOUCH, record, context)
    return date.fromisoformat(found) if found else None


def seen_last(record: Record, context: Context) -> date | None:
    """The last touch, else the beginning: what a cadence counts from."""
    return last_touch(record, context) or context.fact(record, "began")


def idle(record: Record, context: Context) -> Duration | None:
    last = seen_last(record, context)
    return days_between(last, context.today) if last else None


def rhythm(record: Record, context: Context) -> Duration | None:
    """The record's own `cadence`, else that of the first rule of the settings that it meets."""
    own = record.value("cadence")
    if isinstance(own, Duration):
        return own
    if record.kind.name != "contact":
        return None
    if record.path in (met := _met(context)):
        return met[record.path]
    return next((every for query, every in rules(context) if meets(query, record)), None)


def _met(context: Context) -> dict[str, Duration]:
    """Paths of contacts to how often the first rule that they meet says, of those that are known:
    whoever asks a rule for all contacts at once notes here what it said.
    """
    found: dict[str, Duration] = context.shared("cadence rules met", lambda _: {})
    return found


def rules(context: Context) -> list[tuple[Query, Duration]]:
    """The cadence rules of the settings: whom each is for, and how often."""
    found: list[tuple[Query, Duration]] = context.shared("cadence", _compiled)
    return found


def _compiled(context: Context) -> list[tuple[Query, Duration]]:
    from plaincrm.core import query

    rules, contact = [], context.store.schema.kinds["contact"]
    for rule in context.settings.cadence:
        with suppress(QueryError):
            rules.append((query.compile([rule.query], contact, context), rule.every))
    return rules


def meets(query: Query, record: Record) -> bool:
    """A rule that can't be read, or lacks a rate, selects nobody; `check` tells of it."""
    with suppress(QueryError):
        return query.matches(record)
    return False


def cadence_due(record: Record, context: Context) -> date | None:
    every = rhythm(record, context)
    return due_after(seen_last(record, context), every, context)[0] if every else None


def due_after(last: date | None, every: Duration, context: Context) -> tuple[date, date]:
    """The day when the cadence has passed since `last`, and the one when four fifths of it have;
    today where it is not known since when."""
    off: DaysOff = ()
    if every.unit == "bd":
        from plaincrm.core.schema.days_off import days_off

        off = days_off(context.settings)
    due = every.clamped(last, off=off) if last else context.today
    return due, last + (due - last) * 4 / 5 if last else due


def candidates(kind: Kind, context: Context, day: date | None = None) -> list[Record]:
    """The contacts and companies that have a cadence, their own or one of the settings; worked out
    once in a context. With a `day` their last touches are looked up too, all in one go.
    """
    found: list[Record] = context.shared(
        f"with a cadence: {kind.name}", lambda here: _with_cadence(kind, here)
    )
    if day is not None:
        look_up(LAST_TOUCH, found, context)
    return found


def _with_cadence(kind: Kind, context: Context) -> list[Record]:
    collection = context.store.collection(kind.name)
    found = {record.path: record for record in collection.carrying("cadence")}
    met = _met(context)
    for query, every in rules(context) if kind.name == "contact" else ():
        try:
            matching = query.all()
        except QueryError:  # a rate is missing for one of them
            matching = [record for record in collection if meets(query, record)]
        for record in matching:
            found[record.path] = record
            met.setdefault(record.path, every)
    return list(found.values())


def quiet(record: Record, context: Context) -> bool:
    due = context.fact(record, "cadence_due")
    return due is not None and due < context.today


def unpaid(record: Record, context: Context) -> bool:
    """An invoice is open on it, or on one of its deals."""
    deals = context.store.linked_from(record, "deal", record.kind.name)
    return any(own_unpaid(each, context) for each in (record, *deals))


def _both(
    name: str, type: str, needs: Needs, doc: str, compute: Callable[[Record, Context], Any]
) -> Iterator[Fact]:
    return (Fact(kind, name, type, needs, doc, compute) for kind in ("contact", "company"))


FACTS = (
    *(
        Fact.shared(kind, "date", "The latest call, mail, meeting, message or reply", LAST_TOUCH)
        for kind in ("contact", "company")
    ),
    *_both("idle", "duration", Needs.STORE, "Days since the last touch, else since it began", idle),
    *_both(
        "rhythm",
        "duration",
        Needs.STORE,
        "Its own `cadence`, else the first rule that it meets",
        rhythm,
    ),
    *_both("cadence_due", "date", Needs.STORE, "The last touch plus the cadence", cadence_due),
    *_both("is:quiet", "bool", Needs.STORE, "Its cadence has run out", quiet),
    *_both(
        "is:unpaid", "bool", Needs.STORE, "It, or one of its deals, has an open invoice", unpaid
    ),
)
