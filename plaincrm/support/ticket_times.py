"""The times of one ticket that figures are made of: to the first reply, further replies, the
solution; in business hours and by the calendar.

Here nothing is cut out: the first reply is from the opening to the first `reply out`, the
resolution from the opening to the last time it was solved. (Service levels cut out pauses; the
customer's wait counts the statuses new, open and hold.)
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.schema.hours import working_time
from plaincrm.core.text.pattern import pattern
from plaincrm.core.values.raw import Raw, items
from plaincrm.support.common_words import COMMON_WORDS
from plaincrm.support.sla import exchanges, target_of
from plaincrm.support.sla_settings import SLA
from plaincrm.support.ticket_history import DONE_STATUSES, TicketHistory, history_of

# Statuses in which the customer waits for you, or for somebody whom you wait for.
WAITING = frozenset({"new", "open", "hold"})
WORDS = "_words"
_BESIDE = 3  # fields of `TicketTimes` that other columns have: its id, its title, its words
_SHORTEST = 4  # letters of a word that tells something
_WORD = pattern(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class Elapsed(NamedTuple):
    """A length of time in seconds: of business hours, and by the calendar."""

    business: int
    calendar: int


class TicketTimes(NamedTuple):
    """The times of a ticket.

    `words`: the telling ones of its subject. Days are those of the book's zone, as numbers
    (`date.toordinal`); `solved` is None while it is open. `first`, `following`, `resolved`: each
    `Elapsed`, as a plain pair. `began`: the moment of the opening. `turns`: the moments at which it
    was solved, opened again, and so on.
    """

    id: str
    title: str
    words: tuple[str, ...]
    opened: int | None
    solved: int | None
    first: tuple[int, int] | None
    following: tuple[tuple[int, int], ...]
    resolved: tuple[int, int] | None
    wait: int
    replies: int
    reopens: int
    misplaced: int
    began: int | None
    turns: tuple[int, ...]

    @property
    def ref(self) -> str:
        return f"ticket/{self.id}"

    @property
    def first_reply(self) -> Elapsed | None:
        return Elapsed(*self.first) if self.first else None

    @property
    def resolution(self) -> Elapsed | None:
        return Elapsed(*self.resolved) if self.resolved else None


def times_of(ticket: Record, context: Context) -> TicketTimes:
    """The times of a ticket, as its log tells; from the cache where its hours are the book's
    first.
    """
    hours = target_of(ticket, context).hours
    if hours:
        return _measured(ticket, context, hours)
    kept = context.fact(ticket, "_times")
    return TicketTimes(ticket.id, ticket.title, context.fact(ticket, WORDS) or (), *kept)


def all_times(context: Context) -> list[TicketTimes]:
    """The times of every ticket, in the order of the store; no record is made."""
    levels = context.settings.section(SLA)
    if any(target.hours for target in (*levels.by_query, *levels.by_priority.values())):
        return [times_of(ticket, context) for ticket in context.store.records("ticket")]
    collection = context.store.collection("ticket")
    ids = collection.ids()
    subjects = collection.column(context.store.schema.kinds["ticket"].title)
    kept = context.column("ticket", "_times"), context.column("ticket", WORDS)
    return [
        TicketTimes(id, _title(raw, id), words or (), *fields)
        for id, raw, fields, words in zip(ids, subjects, *kept, strict=True)
    ]


def _title(raw: Raw | None, id: str) -> str:
    """As `Record.title`."""
    if isinstance(raw, str) and raw:
        return raw
    return next((item.text for item in items(raw)), id)


def kept_words(ticket: Record, _: Context) -> tuple[str, ...] | None:
    """The telling words of a subject, each once."""
    found = (word.casefold() for word in _WORD.findall(ticket.title))
    telling = (word for word in found if len(word) >= _SHORTEST and word not in COMMON_WORDS)
    return tuple(dict.fromkeys(telling)) or None


def kept_times(ticket: Record, context: Context) -> tuple[Any, ...]:
    """The times of a ticket in the form that the cache keeps, by the hours that are the book's
    first.
    """
    return tuple(_measured(ticket, context, "")[_BESIDE:])


def _measured(ticket: Record, context: Context, hours: str) -> TicketTimes:
    found = history_of(ticket, context)
    time = working_time(context.settings, hours)

    def elapsed(start: int | None, end: int | None) -> tuple[int, int] | None:
        if start is None or end is None:
            return None
        return time.between(start, end), end - start

    answered = [elapsed(start, end) for start, end, by_answer in exchanges(found)[1] if by_answer]
    done = found.since(DONE_STATUSES)
    return TicketTimes(
        id=ticket.id,
        title=ticket.title,
        words=context.fact(ticket, WORDS) or (),
        opened=_ordinal(found.opened, context),
        solved=_ordinal(done, context),
        first=elapsed(found.opened, found.first_reply()),
        following=tuple(each for each in answered if each is not None),
        resolved=None if found.untimed else elapsed(found.opened, done),
        wait=_wait(found),
        replies=found.replies(),
        reopens=max(found.times_solved() - 1, 0),
        misplaced=len(found.misplaced),
        began=found.opened,
        turns=tuple(_turns(found)),
    )


def _turns(found: TicketHistory) -> Iterator[int]:
    """When it went from open to solved and back; a ticket is born open, if only for a moment."""
    done = False
    for span in found.statuses():
        if (span.status in DONE_STATUSES) is not done:
            done = not done
            yield span.start


def _wait(found: TicketHistory) -> int:
    """The seconds in which the customer waited, up to the last change of the status."""
    spans = found.statuses()
    return sum(s.end - s.start for s in spans if s.end is not None and s.status in WAITING)


def was_open(times: TicketTimes, moment: int) -> bool:
    """Whether the ticket was open at a moment."""
    if times.began is None or times.began > moment:
        return False
    return bisect_right(times.turns, moment) % 2 == 0


def _ordinal(moment: int | None, context: Context) -> int | None:
    """The day of a moment in the book's zone, as a number."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, context.settings.zone).toordinal()


FACTS = (
    Fact(
        "ticket",
        "_times",
        "plain",
        Needs.SETTINGS,
        "Its times in business hours and by the calendar",
        kept_times,
    ),
    Fact("ticket", WORDS, "plain", Needs.FILE, "The telling words of its subject", kept_words),
)
