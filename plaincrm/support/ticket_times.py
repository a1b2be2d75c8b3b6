"""The times of one ticket that figures are made of: to the first reply, further replies, the
solution; in business hours and by the calendar.

Here nothing is cut out: the first reply is from the opening to the first `reply out`, the
resolution from the opening to the last time it was solved. (Service levels cut out pauses; the
customer's wait counts the statuses new, open and hold.)
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.schema.hours import working_time
from plaincrm.core.value_class import value
from plaincrm.support.sla import exchanges, target_of
from plaincrm.support.ticket_history import DONE_STATUSES, TicketHistory, history_of

# Statuses in which the customer waits for you, or for somebody whom you wait for.
WAITING = frozenset({"new", "open", "hold"})


class Elapsed(NamedTuple):
    """A length of time in seconds: of business hours, and by the calendar."""

    business: int
    calendar: int


@value
class TicketTimes:
    """The times of a ticket. Days are those of the book's zone; `solved` is None while it is
    open.
    """

    ticket: Record
    opened: date | None
    solved: date | None
    first_reply: Elapsed | None
    next_replies: tuple[Elapsed, ...]
    resolution: Elapsed | None
    wait: int
    replies: int
    reopens: int
    misplaced: int


def times_of(ticket: Record, context: Context) -> TicketTimes:
    """The times of a ticket, as its log tells; from the cache where its hours are the book's
    first.
    """
    hours = target_of(ticket, context).hours
    fields = context.fact(ticket, "_times") if not hours else _measured(ticket, context, hours)
    opened, solved, first, following, resolution, *counts = fields
    return TicketTimes(
        ticket,
        _day(opened),
        _day(solved),
        Elapsed(*first) if first else None,
        tuple(Elapsed(*each) for each in following),
        Elapsed(*resolution) if resolution else None,
        *counts,
    )


def kept_times(ticket: Record, context: Context) -> tuple[Any, ...]:
    """The times of a ticket in the form that the cache keeps, by the hours that are the book's
    first.
    """
    return _measured(ticket, context, "")


def _measured(ticket: Record, context: Context, hours: str) -> tuple[Any, ...]:
    """The fields of `TicketTimes` after the ticket, with days as numbers and spans as pairs."""
    found = history_of(ticket, context)
    time = working_time(context.settings, hours)

    def elapsed(start: int | None, end: int | None) -> tuple[int, int] | None:
        if start is None or end is None:
            return None
        return time.between(start, end), end - start

    answered = [elapsed(start, end) for start, end, by_answer in exchanges(found)[1] if by_answer]
    done = found.since(DONE_STATUSES)
    return (
        _ordinal(found.opened, context),
        _ordinal(done, context),
        elapsed(found.opened, found.first_reply()),
        tuple(each for each in answered if each is not None),
        elapsed(found.opened, done),
        _wait(found),
        found.replies(),
        max(found.times_solved() - 1, 0),
        len(found.misplaced),
    )


def _wait(found: TicketHistory) -> int:
    """The seconds in which the customer waited, up to the last change of the status."""
    spans = found.statuses()
    return sum(s.end - s.start for s in spans if s.end is not None and s.status in WAITING)


def was_open(times: TicketTimes, moment: int, context: Context) -> bool:
    """Whether the ticket was open at a moment."""
    found = history_of(times.ticket, context)
    if found.opened is None or found.opened > moment:
        return False
    if found.last is None or found.last <= moment:
        return times.solved is None
    return found.until(moment).statuses()[-1].status not in DONE_STATUSES


def _ordinal(moment: int | None, context: Context) -> int | None:
    """The day of a moment in the book's zone, as a number."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, context.settings.zone).toordinal()


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


FACTS = (
    Fact(
        "ticket",
        "_times",
        "plain",
        Needs.SETTINGS,
        "Its times in business hours and by the calendar",
        kept_times,
    ),
)
