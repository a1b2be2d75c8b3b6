"""What is left of the promises for a ticket, in the short form that lists and reports need: whether
one was broken or kept, and when the next one is due.

`sla.py` has the clocks in full. This is the same, made of them once and kept by the cache, so that
twenty thousand tickets cost a column of four fields each.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.support.sla import (
    Service,
    ServiceClock,
    now_of,
    service_of,
    target_of,
)
from plaincrm.support.sla_settings import CLOCKS, SLA

NAME = "_promises"
# The kept form: the last moment of the ticket, and a `Promise` for each target that may be its own.
Kept = tuple[int | None, tuple[tuple[bool, bool, int | None, bool], ...]]


class Promise(NamedTuple):
    """`broken` and `met`: whether a clock was late, or ended in time, whoever looks when. `due`:
    the next deadline of the clocks that run. `paused`: whether one stands still.
    """

    broken: bool
    met: bool
    due: int | None
    paused: bool

    def is_broken(self, now: int) -> bool:
        return self.broken or (self.due is not None and now > self.due)

    def is_decided(self, now: int) -> bool:
        """Whether anything promised was kept or broken by now."""
        return self.met or self.is_broken(now)


def promise_of(ticket: Record, context: Context) -> Promise:
    """The promises for a ticket at this moment; what is dated later is not there yet."""
    last, kept = context.fact(ticket, NAME)
    if last is not None and last > now_of(context):
        return of_service(service_of(ticket, context))
    return Promise(*kept[_place(ticket, context)])


def all_promises(context: Context) -> list[Promise]:
    """The promises for every ticket, in the order of the store."""
    rows: list[Kept] = context.column("ticket", NAME)
    if context.settings.section(SLA).by_query:
        return [promise_of(ticket, context) for ticket in context.store.records("ticket")]
    now, tickets = now_of(context), context.store.collection("ticket")
    return [
        Promise(*kept[-1])
        if last is None or last <= now
        else of_service(service_of(tickets[place], context))
        for place, (last, kept) in enumerate(rows)
    ]


def next_dues(context: Context) -> list[int | None]:
    """The first deadline of each ticket towards which a clock runs, by whichever target may be its
    own.
    """
    rows: list[Kept] = context.column("ticket", NAME)
    return [min((due for _, _, due, _ in kept if due), default=None) for _, kept in rows]


def of_service(service: Service) -> Promise:
    """The short form of all clocks."""
    return _of_clocks(service.clock(name) for name in CLOCKS)


def _of_clocks(clocks: Iterable[ServiceClock]) -> Promise:
    found = list(clocks)
    running = (each.due for each in found if each.phase == "running" and each.due)
    in_time = any(
        each.phase == "ended" and each.target is not None and each.due is not None and not each.late
        for each in found
    )
    return Promise(
        any(each.late for each in found),
        in_time,
        min(running, default=None),
        any(each.phase == "paused" for each in found),
    )


def _place(ticket: Record, context: Context) -> int:
    """Which of the kept promises is that of the ticket's target; that of its priority is the
    last.
    """
    by_query = context.settings.section(SLA).by_query
    target = target_of(ticket, context) if by_query else None
    return by_query.index(target) if target in by_query else -1


def kept_promises(ticket: Record, context: Context) -> tuple[Any, ...]:
    """The promises in the form that the cache keeps."""
    last, services = context.fact(ticket, "_sla")
    promises = (
        tuple(_of_clocks(ServiceClock(*clock) for clock in clocks)) for _, *clocks in services
    )
    return last, tuple(promises)


FACTS = (
    Fact(
        "ticket",
        NAME,
        "plain",
        Needs.SETTINGS,
        "Its last moment, and what is left of the promises by each target that may be its own",
        kept_promises,
    ),
)
