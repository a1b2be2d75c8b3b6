"""The health of a customer, from 0 to 10, and whether it is at risk; every term is shown.

| term | points |
|---|---|
| freshness | 3, 2 or 1 for a touch in the last 30, 60 or 90 days |
| follow-up | 1 while nothing that was to be done is overdue |
| activity | 1 for a day with a touch or an entry in the last 30 days, 2 for more |
| ratings | 2 for tickets rated 4 and better on average, 1 for 3 and better or none |
| deals | 1 for an open deal, 1 for one won in the last 180 days |
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import is_touch, open_tasks
from plaincrm.core.value_class import value
from plaincrm.core.values.dated import Action
from plaincrm.core.values.figure import Figure, Term
from plaincrm.core.values.quantile import quantile
from plaincrm.support.feedback import CSAT
from plaincrm.support.feedback import ratings as ratings_of

FRESH = ((30, 3), (60, 2), (90, 1))
ACTIVE = 30  # days in which entries of the log count as activity
RECENTLY_WON = 180
SILENT = 90  # days without a touch, past which a customer is at risk
LEAST_GAPS = 3  # gaps between touches that a usual gap needs
_KINDS = ("contact", "company")


@value
class Health:
    """The figure with its terms, and why the customer is at risk; empty if it is not."""

    figure: Figure
    risks: tuple[str, ...]


def own_records(record: Record, context: Context) -> list[Record]:
    """What tells of a customer: itself, its deals and tickets, and of a company its people."""
    kind, store = record.kind.name, context.store
    found = [record]
    for source in ("deal", "ticket"):
        found += store.linked_from(record, source, kind)
    if kind == "company":
        found += store.linked_from(record, "contact", "company")
    return list({each.ref: each for each in found}.values())


def health_of(record: Record, context: Context) -> Health:
    """The health of a contact or company."""
    own = own_records(record, context)
    days = sorted(day for each in own for day in touch_days(each, context))
    tickets = [each for each in own if each.kind.name == "ticket"]
    rated = [rating for each in tickets for rating in ratings_of(each, context)]
    ratings = [Decimal(rating.score) for rating in rated if rating.type == CSAT]
    touch = context.fact(record, "last_touch")
    idle = (context.today - touch).days if touch else None
    terms = (
        Term("freshness", _freshness(idle)),
        Term("follow-up", _follow_up(record, context)),
        Term("activity", _activity(own, context)),
        Term("ratings", _ratings(ratings)),
        Term("deals", _deals(own, context)),
    )
    total = sum(int(str(term.value)) for term in terms)
    figure = Figure("health", total, "score", terms=terms)
    return Health(figure, tuple(_risks(own, days, idle, ratings, context)))


def _freshness(idle: int | None) -> int:
    if idle is None:
        return 0
    return next((points for days, points in FRESH if idle <= days), 0)


def _follow_up(record: Record, context: Context) -> int:
    action = record.value("next")
    due = [task.due for task in open_tasks(record, context)]
    due += [action.due] if isinstance(action, Action) else []
    late = any(day is not None and day < context.today for day in due)
    return 0 if late or context.fact(record, "is:quiet") else 1


def _activity(own: Iterable[Record], context: Context) -> int:
    recent: set[tuple[str, date]] = set()
    for each in own:
        days = [*touch_days(each, context), context.fact(each, "last_entry")]
        recent |= {(each.ref, day) for day in days if _is_recent(day, context.today)}
    return min(len(recent), 2)


def _is_recent(day: date | None, today: date) -> bool:
    return day is not None and 0 <= (today - day).days <= ACTIVE


def _ratings(ratings: list[Decimal]) -> int:
    if not ratings:
        return 1
    average = sum(ratings, Decimal(0)) / len(ratings)
    if average >= 4:
        return 2
    return 1 if average >= 3 else 0


def _deals(own: Iterable[Record], context: Context) -> int:
    deals = [each for each in own if each.kind.name == "deal"]
    open = any(context.fact(deal, "is:open") for deal in deals)
    ended = (context.fact(d, "ended") for d in deals if context.fact(d, "is:won"))
    won = any(day is not None and (context.today - day).days <= RECENTLY_WON for day in ended)
    return int(open) + int(won)


def _risks(
    own: Iterable[Record],
    days: list[date],
    idle: int | None,
    ratings: list[Decimal],
    context: Context,
) -> Iterable[str]:
    usual = usual_gap(days)
    if usual is not None and idle is not None and idle > 2 * usual:
        yield f"silent for {idle} days, usually {usual.normalize():f}"
    elif idle is None or idle > SILENT:
        yield "never touched" if idle is None else f"silent for {idle} days"
    for each in own:
        urgent = each.kind.name == "ticket" and each.text("priority").casefold() == "urgent"
        if urgent and context.fact(each, "is:open"):
            yield f"an urgent ticket is open: {each.id}"
    if ratings and min(ratings) <= 2:
        yield f"a ticket was rated {min(ratings).normalize():f}"


def usual_gap(days: list[date]) -> Decimal | None:
    """The median of the days between touches; None while there are too few to say."""
    unique = sorted(set(days))
    gaps = [(later - earlier).days for earlier, later in pairwise(unique)]
    return quantile(gaps, "0.5") if len(gaps) >= LEAST_GAPS else None


def touch_days(record: Record, context: Context) -> list[date]:
    """The days on which somebody was touched by the log of a record."""
    return [date.fromisoformat(day) for day in context.fact(record, "_touch_days") or ()]


def _touch_days(record: Record, _: Context) -> tuple[str, ...] | None:
    days = {entry.date.isoformat() for entry in record.log if is_touch(entry)}
    return tuple(sorted(days)) or None


def _health(record: Record, context: Context) -> Decimal:
    return Decimal(str(health_of(record, context).figure.value))


def _at_risk(record: Record, context: Context) -> bool:
    return bool(health_of(record, context).risks)


FACTS = (
    Fact("*", "_touch_days", "plain", Needs.FILE, "The days of its touches", _touch_days),
    *(Fact(k, "health", "number", Needs.STORE, "Its health, 0 to 10", _health) for k in _KINDS),
    *(
        Fact(k, "is:at_risk", "bool", Needs.STORE, "A customer that may be lost", _at_risk)
        for k in _KINDS
    ),
)
