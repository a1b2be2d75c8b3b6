"""The facts of service levels, for queries, columns, templates and JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.support.sla import (
    all_promises,
    kept_promises,
    kept_services,
    local_time,
    now_of,
    promise_of,
    service_of,
)
from plaincrm.support.sla_settings import CLOCKS
from plaincrm.support.ticket_history import kept_history

MINUTE = 60
_HUNDREDTH = Decimal("0.01")
_WORDS = {
    "first_reply": "first reply",
    "next_reply": "longest wait for a further reply",
    "resolution": "resolution",
}


def minutes(seconds: int | None) -> Decimal | None:
    """Seconds as minutes with two decimals at most."""
    if seconds is None:
        return None
    exact = (Decimal(seconds) / MINUTE).quantize(_HUNDREDTH)
    return exact.to_integral_value() if exact == exact.to_integral_value() else exact


def due(ticket: Record, context: Context) -> datetime | None:
    """The next deadline of the clocks that run."""
    moment = promise_of(ticket, context).due
    return None if moment is None else local_time(moment, context)


def breached(ticket: Record, context: Context) -> bool:
    return promise_of(ticket, context).is_broken(now_of(context))


def all_breached(context: Context) -> list[bool]:
    """`breached` of every ticket, from the promises that the cache keeps."""
    now = now_of(context)
    return [promise.is_broken(now) for promise in all_promises(context)]


def _worked(clock: str) -> Callable[[Record, Context], Any]:
    return lambda ticket, context: minutes(service_of(ticket, context).clock(clock).worked)


def _due(clock: str) -> Callable[[Record, Context], Any]:
    def compute(ticket: Record, context: Context) -> datetime | None:
        moment = service_of(ticket, context).clock(clock).due
        return None if moment is None else local_time(moment, context)

    return compute


def _state(clock: str) -> Callable[[Record, Context], Any]:
    return lambda ticket, context: service_of(ticket, context).clock(clock).state(now_of(context))


def _of_clock(clock: str) -> tuple[Fact, ...]:
    words = _WORDS[clock]
    return (
        Fact(
            "ticket",
            f"sla.{clock}",
            "number",
            Needs.MOMENT,
            f"Business minutes to the {words}, pauses cut out",
            _worked(clock),
        ),
        Fact(
            "ticket",
            f"sla.{clock}_due",
            "datetime",
            Needs.MOMENT,
            f"When the {words} is due",
            _due(clock),
        ),
        Fact(
            "ticket",
            f"sla.{clock}_state",
            "text",
            Needs.MOMENT,
            f"The {words}: met, breached, active, paused, none",
            _state(clock),
        ),
    )


FACTS = (
    Fact(
        "ticket",
        "_history",
        "plain",
        Needs.SETTINGS,
        "Its messages and changes of status on one time line",
        kept_history,
    ),
    Fact(
        "ticket",
        "_sla",
        "plain",
        Needs.SETTINGS,
        "Its last moment, and its clocks by each target that may be its own",
        kept_services,
    ),
    Fact(
        "ticket",
        "_promises",
        "plain",
        Needs.SETTINGS,
        "Its last moment, and what is left of the promises by each target that may be its own",
        kept_promises,
    ),
    *(fact for clock in CLOCKS for fact in _of_clock(clock)),
    Fact("ticket", "sla.due", "datetime", Needs.MOMENT, "The next deadline that runs", due),
    Fact(
        "ticket",
        "is:breached",
        "bool",
        Needs.MOMENT,
        "A promised time was not kept",
        breached,
        mask=all_breached,
    ),
)
