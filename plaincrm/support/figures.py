"""The figures of support in a period: how much came, how fast it was answered, how well.

Tickets that were opened in the period give the times to the first and further replies, the breaches
and the reopenings; those that were solved in it give resolution and one-touch. A reply or solution
that is dated before the opening is left out and counted in the terms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from heapq import nlargest

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.core.values.figure import Figure, FigureColumn, FigureTable, Term, rate
from plaincrm.core.values.quantile import quantile
from plaincrm.core.values.raw import items
from plaincrm.support import feedback
from plaincrm.support.feedback import Rating
from plaincrm.support.sla import Promise, all_promises, now_of, promise_of
from plaincrm.support.ticket_history import moment
from plaincrm.support.ticket_times import TicketTimes, all_times, times_of, was_open

_HOUR = 3600
_MEDIAN, _P90 = "0.5", "0.9"
# The longest ones, as terms: enough to see what made a median.
_SHOWN = 5
_CUSTOMERS = ("company", "contact")
# Seconds of business hours, and by the calendar.
Length = tuple[int, int]
TicketGroup = Callable[[TicketTimes], Iterable[str]]
"""Gives the groups of a ticket."""


@value
class SupportPeriod:
    """The tickets of a period, measured. `until`: its last day, today at the latest. `earlier`:
    those that were opened in as many days before it. `decided` and `broken`: of the ids of those
    opened in it, whether it is known that what was promised was kept, and whether it was broken.
    """

    first: date
    last: date
    until: date
    opened: tuple[TicketTimes, ...]
    solved: tuple[TicketTimes, ...]
    backlog: tuple[TicketTimes, ...]
    earlier: tuple[TicketTimes, ...]
    decided: Set[str]
    broken: Set[str]
    ratings: tuple[Rating, ...]


def support_period(
    tickets: Sequence[Record] | None, context: Context, first: date, last: date
) -> SupportPeriod:
    """Measure what was opened, solved or open in the period, both days in; of `tickets`, without
    them of all in the book.
    """
    zone = context.settings.zone
    end = min(moment(datetime.combine(last, time.max), zone), now_of(context))
    days = range(first.toordinal(), last.toordinal() + 1)
    before = range(days.start - len(days), days.start)
    every, promises = _measured(tickets, context)
    now = now_of(context)
    pairs = zip(every, promises, strict=True)
    promised = [(each, promise) for each, promise in pairs if each.opened in days]
    return SupportPeriod(
        first,
        last,
        min(last, context.today),
        tuple(each for each, _ in promised),
        tuple(each for each in every if each.solved in days),
        tuple(each for each in every if was_open(each, end)),
        tuple(each for each in every if each.opened in before),
        {each.id for each, promise in promised if promise.is_decided(now)},
        {each.id for each, promise in promised if promise.is_broken(now)},
        tuple(feedback.all_of("ticket", context, first, last, tickets)),
    )


def _measured(
    tickets: Sequence[Record] | None, context: Context
) -> tuple[Sequence[TicketTimes], Sequence[Promise]]:
    if tickets is None:
        return all_times(context), all_promises(context)
    return (
        [times_of(ticket, context) for ticket in tickets],
        [promise_of(ticket, context) for ticket in tickets],
    )


def support_figures(
    found: SupportPeriod, ratings: Sequence[Rating] = (), *, why: bool = True
) -> list[Figure]:
    """Every figure of the period. `ratings`: further ones, of contacts and companies; `why`:
    whether terms name the tickets.
    """
    replies = [each for times in found.opened for each in times.following]
    return [
        Figure("opened", len(found.opened)),
        Figure("solved", len(found.solved)),
        Figure("backlog", len(found.backlog), terms=_refs(found.backlog, why)),
        _backlog_age(found),
        *_times("first_reply", found.opened, lambda each: each.first),
        *_lengths("next_reply", replies),
        *_times("resolution", found.solved, lambda each: each.resolved),
        _wait(found.solved),
        breach_rate(found.opened, found, why),
        _reopens(found.opened, why),
        one_touch(found.solved),
        feedback.csat((*found.ratings, *ratings)),
        feedback.nps((*found.ratings, *ratings)),
    ]


def _times(
    name: str, tickets: Sequence[TicketTimes], of: Callable[[TicketTimes], Length | None]
) -> list[Figure]:
    """Median and 90th percentile, in business hours and by the calendar."""
    known = [(each, found) for each in tickets if (found := of(each)) is not None]
    longest = nlargest(_SHOWN, known, key=lambda pair: pair[1][0])
    terms = [Term(each.title, hours(length[0]), each.ref) for each, length in longest]
    left_out = sum(each.misplaced for each in tickets)
    if left_out:
        terms.append(Term("entries before the opening, left out", left_out))
    return _lengths(name, [length for _, length in known], tuple(terms))


def _lengths(name: str, found: Sequence[Length], terms: tuple[Term, ...] = ()) -> list[Figure]:
    business = sorted(length for length, _ in found)
    calendar = sorted(length for _, length in found)
    count = len(found)
    return [
        Figure(f"{name}_median", hours(quantile(business, _MEDIAN)), "hours", n=count, terms=terms),
        Figure(f"{name}_p90", hours(quantile(business, _P90)), "hours", n=count, terms=terms),
        Figure(f"{name}_median_calendar", hours(quantile(calendar, _MEDIAN)), "hours", n=count),
        Figure(f"{name}_p90_calendar", hours(quantile(calendar, _P90)), "hours", n=count),
    ]


def hours(seconds: Decimal | int | None) -> Decimal | None:
    return None if seconds is None else Decimal(seconds) / _HOUR


def _refs(tickets: Iterable[TicketTimes], why: bool) -> tuple[Term, ...]:
    return tuple(Term(each.title, 1, each.ref) for each in tickets) if why else ()


def _backlog_age(found: SupportPeriod) -> Figure:
    """The median age of what is open, in days since it was opened."""
    until = found.until.toordinal()
    ages = [until - each.opened for each in found.backlog if each.opened]
    return Figure("backlog_age_median", quantile(ages, _MEDIAN), "days", n=len(ages))


def _wait(tickets: Sequence[TicketTimes]) -> Figure:
    """How long customers waited in all: the time as new, open or on hold, by the calendar."""
    waits = [each.wait for each in tickets]
    return Figure("wait_median", hours(quantile(waits, _MEDIAN)), "hours", n=len(waits))


def breach_rate(tickets: Sequence[TicketTimes], found: SupportPeriod, why: bool = True) -> Figure:
    """The share of the tickets with a promise that was kept or broken, that had one broken."""
    decided = sum(each.id in found.decided for each in tickets)
    broken = [each for each in tickets if each.id in found.broken]
    return rate("breach_rate", len(broken), decided, decided, _refs(broken, why))


def _reopens(tickets: Sequence[TicketTimes], why: bool) -> Figure:
    again = [each for each in tickets if each.reopens]
    terms = tuple(Term(each.title, each.reopens, each.ref) for each in again) if why else ()
    return Figure("reopens", sum(each.reopens for each in again), n=len(tickets), terms=terms)


def one_touch(tickets: Sequence[TicketTimes]) -> Figure:
    """The share of the solved tickets that needed one answer."""
    once = sum(each.replies == 1 for each in tickets)
    return rate("one_touch", once, len(tickets), len(tickets))


_COLUMNS = (
    FigureColumn("opened", "count"),
    FigureColumn("solved", "count"),
    FigureColumn("first_reply_median", "hours"),
    FigureColumn("resolution_median", "hours"),
    FigureColumn("breach_rate", "percent"),
    FigureColumn("n", "count"),
    FigureColumn("reopens", "count"),
)


class _GroupSums:
    """What a row adds up while its tickets pass: those that were opened, and those solved."""

    __slots__ = (
        "broken",
        "decided",
        "opened",
        "refs",
        "reopens",
        "replies",
        "resolutions",
        "solved",
    )

    def __init__(self) -> None:
        self.opened = self.solved = self.decided = self.broken = self.reopens = 0
        self.replies: list[int] = []
        self.resolutions: list[int] = []
        self.refs: dict[str, None] = {}

    def open(self, each: TicketTimes, found: SupportPeriod) -> None:
        """A ticket that was opened in the period."""
        self.opened += 1
        self.reopens += each.reopens
        self.refs[each.id] = None
        if each.first:
            self.replies.append(each.first[0])
        if each.id in found.decided:
            self.decided += 1
            self.broken += each.id in found.broken

    def solve(self, each: TicketTimes) -> None:
        """A ticket that was solved in it."""
        self.solved += 1
        self.refs[each.id] = None
        if each.resolved:
            self.resolutions.append(each.resolved[0])

    def row(self) -> tuple[Decimal | int | None, ...]:
        """The cells of `_COLUMNS`."""
        return (
            self.opened,
            self.solved,
            hours(quantile(self.replies, _MEDIAN)),
            hours(quantile(self.resolutions, _MEDIAN)),
            Decimal(self.broken) / self.decided if self.decided else None,
            self.decided,
            self.reopens,
        )


def support_table(
    found: SupportPeriod,
    name: str,
    group: TicketGroup,
    *,
    why: bool = True,
) -> FigureTable:
    """The figures by category, customer or whatever `group` names of a ticket; `n` is that of the
    breach rate.
    """
    groups: defaultdict[str, _GroupSums] = defaultdict(_GroupSums)
    for each in found.opened:
        for key in group(each) or ("",):
            groups[key].open(each, found)
    for each in found.solved:
        for key in group(each) or ("",):
            groups[key].solve(each)
    by_size = sorted(groups.items(), key=lambda pair: (-pair[1].opened, pair[0]))
    ordered = sorted(groups.items()) if group is by_month else by_size
    rows = tuple((key or "—", *sums.row()) for key, sums in ordered)
    refs = tuple(tuple(f"ticket/{id}" for id in sums.refs) for _, sums in ordered) if why else ()
    return FigureTable(f"by {name}", (FigureColumn(name), *_COLUMNS), rows, refs)


def by_field(name: str, context: Context) -> TicketGroup:
    """The values of a field of the ticket, as a group."""
    values = field_values(name, context)
    return lambda each: values(each.id)


def field_values(name: str, context: Context) -> Callable[[str], Iterable[str]]:
    """A function that gives the values of a field of the ticket of that id."""
    collection = context.store.collection("ticket")
    if name not in collection.names():
        return lambda _: ()
    raws = dict(zip(collection.ids(), collection.column(name), strict=True))

    def values(id: str) -> Iterable[str]:
        raw = raws.get(id)
        if isinstance(raw, str):
            return (raw,) if raw else ()
        return [item.text for item in items(raw)] if raw else ()

    return values


def by_month(each: TicketTimes) -> Iterable[str]:
    """The month in which a ticket was opened."""
    return (_month(each.opened),) if each.opened else ()


@cache
def _month(day: int) -> str:
    return f"{date.fromordinal(day):%Y-%m}"


def by_customer(context: Context) -> TicketGroup:
    """The name of the company, else of the contact."""
    fields = [(field_values(kind, context), _titles(kind, context)) for kind in _CUSTOMERS]

    @cache
    def names(id: str) -> Sequence[str]:
        for values, title in fields:
            found = [name for each in values(id) if (name := title(each))]
            if found:
                return found
        return ()

    return lambda each: names(each.id)


def _titles(kind: str, context: Context) -> Callable[[str], str]:
    """A function that gives the name of the record that an id or alias leads to."""
    collection = context.store.collection(kind)
    column = collection.column(context.store.schema.kinds[kind].title)
    known = {id: raw for id, raw in zip(collection.ids(), column, strict=True) if raw}

    @cache
    def title(id: str) -> str:
        raw = known.get(id)
        if isinstance(raw, str):
            return raw
        found = context.store.get(kind, id)
        return found.title if found else ""

    return title
