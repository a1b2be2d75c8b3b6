"""The figures of support in a period: how much came, how fast it was answered, how well.

Tickets that were opened in the period give the times to the first and further replies, the breaches
and the reopenings; those that were solved in it give resolution and one-touch. A reply or solution
that is dated before the opening is left out and counted in the terms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.core.values.figure import Figure, FigureColumn, FigureTable, Term, rate
from plaincrm.core.values.quantile import quantile
from plaincrm.support import feedback
from plaincrm.support.feedback import Rating
from plaincrm.support.sla import now_of, service_of
from plaincrm.support.sla_settings import CLOCKS
from plaincrm.support.ticket_history import moment
from plaincrm.support.ticket_times import Elapsed, TicketTimes, times_of, was_open

_HOUR = 3600
_DAY = 86400
_MEDIAN, _P90 = "0.5", "0.9"
# The longest ones, as terms: enough to see what made a median.
_SHOWN = 5


@value
class Promise:
    """Whether it is decided that what was promised for a ticket was kept, and whether it was
    broken.
    """

    decided: bool
    broken: bool


@value
class SupportPeriod:
    """The tickets of a period, measured. `until`: its last day, today at the latest. `earlier`:
    those that were opened in as many days before it. `promises` by the ref of those opened in it.
    """

    first: date
    last: date
    until: date
    opened: tuple[TicketTimes, ...]
    solved: tuple[TicketTimes, ...]
    backlog: tuple[TicketTimes, ...]
    earlier: tuple[TicketTimes, ...]
    promises: Mapping[str, Promise]
    ratings: tuple[Rating, ...]


def support_period(
    tickets: Iterable[Record], context: Context, first: date, last: date
) -> SupportPeriod:
    """Measure what was opened, solved or open in the period, both days in."""
    zone = context.settings.zone
    end = min(moment(datetime.combine(last, time.max), zone), now_of(context))
    opened, solved, backlog, earlier = [], [], [], []
    before = first - (last - first) - timedelta(days=1)
    ratings: list[Rating] = []
    for ticket in tickets:
        times = times_of(ticket, context)
        if times.opened is not None and first <= times.opened <= last:
            opened.append(times)
        elif times.opened is not None and before <= times.opened < first:
            earlier.append(times)
        if times.solved is not None and first <= times.solved <= last:
            solved.append(times)
        if was_open(times, end, context):
            backlog.append(times)
        ratings += (r for r in feedback.ratings(ticket, context) if first <= r.day <= last)
    return SupportPeriod(
        first,
        last,
        min(last, context.today),
        tuple(opened),
        tuple(solved),
        tuple(backlog),
        tuple(earlier),
        {each.ticket.ref: _promise(each.ticket, context) for each in opened},
        tuple(ratings),
    )


def support_figures(found: SupportPeriod, ratings: Sequence[Rating] = ()) -> list[Figure]:
    """Every figure of the period. `ratings`: further ones, of contacts and companies."""
    replies = [each for times in found.opened for each in times.next_replies]
    return [
        Figure("opened", len(found.opened)),
        Figure("solved", len(found.solved)),
        Figure("backlog", len(found.backlog), terms=_refs(found.backlog)),
        _backlog_age(found),
        *_times("first_reply", found.opened, lambda each: each.first_reply),
        *_lengths("next_reply", replies),
        *_times("resolution", found.solved, lambda each: each.resolution),
        _wait(found.solved),
        breach_rate(found.opened, found),
        _reopens(found.opened),
        one_touch(found.solved),
        feedback.csat((*found.ratings, *ratings)),
        feedback.nps((*found.ratings, *ratings)),
    ]


def _times(
    name: str, tickets: Sequence[TicketTimes], of: Callable[[TicketTimes], Elapsed | None]
) -> list[Figure]:
    """Median and 90th percentile, in business hours and by the calendar."""
    known = [(each, found) for each in tickets if (found := of(each)) is not None]
    longest = sorted(known, key=lambda pair: pair[1].business, reverse=True)[:_SHOWN]
    terms = [Term(each.ticket.title, hours(e.business), each.ticket.ref) for each, e in longest]
    left_out = sum(each.misplaced for each in tickets)
    if left_out:
        terms.append(Term("entries before the opening, left out", left_out))
    return _lengths(name, [elapsed for _, elapsed in known], tuple(terms))


def _lengths(name: str, found: Sequence[Elapsed], terms: tuple[Term, ...] = ()) -> list[Figure]:
    business = [each.business for each in found]
    calendar = [each.calendar for each in found]
    count = len(found)
    return [
        Figure(f"{name}_median", hours(quantile(business, _MEDIAN)), "hours", n=count, terms=terms),
        Figure(f"{name}_p90", hours(quantile(business, _P90)), "hours", n=count, terms=terms),
        Figure(f"{name}_median_calendar", hours(quantile(calendar, _MEDIAN)), "hours", n=count),
        Figure(f"{name}_p90_calendar", hours(quantile(calendar, _P90)), "hours", n=count),
    ]


def hours(seconds: Decimal | int | None) -> Decimal | None:
    return None if seconds is None else Decimal(seconds) / _HOUR


def _refs(tickets: Iterable[TicketTimes]) -> tuple[Term, ...]:
    return tuple(Term(each.ticket.title, 1, each.ticket.ref) for each in tickets)


def _backlog_age(found: SupportPeriod) -> Figure:
    """The median age of what is open, in days since it was opened."""
    ages = [(found.until - each.opened).days for each in found.backlog if each.opened]
    return Figure("backlog_age_median", quantile(ages, _MEDIAN), "days", n=len(ages))


def _wait(tickets: Sequence[TicketTimes]) -> Figure:
    """How long customers waited in all: the time as new, open or on hold, by the calendar."""
    waits = [each.wait for each in tickets]
    return Figure("wait_median", hours(quantile(waits, _MEDIAN)), "hours", n=len(waits))


def _promise(ticket: Record, context: Context) -> Promise:
    service, now = service_of(ticket, context), now_of(context)
    states = {service.clock(name).state(now) for name in CLOCKS}
    return Promise(bool(states & {"met", "breached"}), "breached" in states)


def breach_rate(tickets: Sequence[TicketTimes], found: SupportPeriod) -> Figure:
    """The share of the tickets with a promise that was kept or broken, that had one broken."""
    decided = sum(found.promises[each.ticket.ref].decided for each in tickets)
    broken = [each for each in tickets if found.promises[each.ticket.ref].broken]
    return rate("breach_rate", len(broken), decided, decided, _refs(broken))


def _broken_share(tickets: Sequence[TicketTimes], found: SupportPeriod) -> Decimal | None:
    """The breach rate of a row of a table, without its terms."""
    promises = [found.promises[each.ticket.ref] for each in tickets]
    decided = sum(each.decided for each in promises)
    return Decimal(sum(each.broken for each in promises)) / decided if decided else None


def _reopens(tickets: Sequence[TicketTimes]) -> Figure:
    again = [each for each in tickets if each.reopens]
    terms = tuple(Term(each.ticket.title, each.reopens, each.ticket.ref) for each in again)
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
    FigureColumn("reopens", "count"),
)


def support_table(
    found: SupportPeriod,
    name: str,
    group: Callable[[TicketTimes], Iterable[str]],
) -> FigureTable:
    """The figures by category, customer or whatever `group` names of a ticket."""
    groups: dict[str, tuple[list[TicketTimes], list[TicketTimes]]] = {}
    for place, tickets in enumerate((found.opened, found.solved)):
        for each in tickets:
            for key in group(each) or ("",):
                groups.setdefault(key, ([], []))[place].append(each)
    by_size = sorted(groups.items(), key=lambda pair: (-len(pair[1][0]), pair[0]))
    ordered = sorted(groups.items()) if group is by_month else by_size
    rows = tuple((key or "—", *_row(*both, found)) for key, both in ordered)
    refs = tuple(tuple(t.ticket.ref for t in both[0]) for _, both in ordered)
    return FigureTable(f"by {name}", (FigureColumn(name), *_COLUMNS), rows, refs)


def _row(
    opened: list[TicketTimes], solved: list[TicketTimes], found: SupportPeriod
) -> tuple[Decimal | int | None, ...]:
    replies = [each.first_reply.business for each in opened if each.first_reply]
    resolutions = [each.resolution.business for each in solved if each.resolution]
    return (
        len(opened),
        len(solved),
        hours(quantile(replies, _MEDIAN)),
        hours(quantile(resolutions, _MEDIAN)),
        _broken_share(opened, found),
        sum(each.reopens for each in opened),
    )


def by_field(name: str) -> Callable[[TicketTimes], Iterable[str]]:
    """The values of a field of the ticket, as a group."""
    return lambda each: [item.text for item in each.ticket.items(name)]


def by_month(each: TicketTimes) -> Iterable[str]:
    """The month in which a ticket was opened."""
    return [f"{each.opened:%Y-%m}"] if each.opened else []


def by_customer(context: Context) -> Callable[[TicketTimes], Iterable[str]]:
    """The name of the company, else of the contact."""
    known: dict[str, list[str]] = {}

    def names(each: TicketTimes) -> Iterable[str]:
        for field in ("company", "contact"):
            raw = each.ticket.raw(field)
            if raw is None:
                continue
            key = f"{field} {raw}"
            if key not in known:
                followed = context.store.follow(each.ticket, field)
                known[key] = [record.title for record in followed]
            if known[key]:
                return known[key]
        return []

    return names
