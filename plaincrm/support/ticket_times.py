"""The times of one ticket that figures are made of: to the first reply, further replies, the
solution; in business hours and by the calendar.

Here nothing is cut out: the first reply is from the opening to the first `reply out`, the
resolution from the opening to the last time it was solved. (Service levels cut out pauses; the
customer's wait counts the statuses new, open and hold.)
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.hours import working_time
from plaincrm.core.value_class import value
from plaincrm.support.sla import exchanges, target_of
from plaincrm.support.ticket_history import DONE_STATUSES, TicketHistory, history

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
    """The times of a ticket, as its log tells."""
    zone = context.settings.zone
    found = history(ticket, zone)
    time = working_time(context.settings, target_of(ticket, context).hours)

    def elapsed(start: int | None, end: int | None) -> Elapsed | None:
        if start is None or end is None:
            return None
        return Elapsed(time.between(start, end), end - start)

    answered = [elapsed(start, end) for start, end, by_answer in exchanges(found)[1] if by_answer]
    done = found.since(DONE_STATUSES)
    return TicketTimes(
        ticket,
        _day(found.opened, context),
        _day(done, context),
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


def was_open(ticket: Record, moment: int, context: Context) -> bool:
    """Whether it was open at a moment."""
    found = history(ticket, context.settings.zone)
    if found.opened is None or found.opened > moment:
        return False
    return found.until(moment).statuses()[-1].status not in DONE_STATUSES


def _day(moment: int | None, context: Context) -> date | None:
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, context.settings.zone).date()
