"""How the service levels of one ticket were worked out: `plaincrm sla explain TICKET`."""

from __future__ import annotations

from decimal import Decimal

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.values.figure import FigureColumn, FigureTable
from plaincrm.core.values.hours import TimeSpan
from plaincrm.support.sla import (
    ServiceClock,
    ServiceMeter,
    local_time,
    measured,
    now_of,
    target_of,
)
from plaincrm.support.sla_facts import minutes
from plaincrm.support.sla_settings import CLOCKS
from plaincrm.support.ticket_history import history
from plaincrm.views.doc import Doc, DocSection
from plaincrm.views.numbers import in_unit

_TITLES = {
    "first_reply": "First reply",
    "next_reply": "Next reply",
    "resolution": "Resolution",
}
_COLUMNS = (FigureColumn("from"), FigureColumn("to"), FigureColumn("minutes", "minutes"))
# Spans that are shown of one clock; a ticket that lay for years has thousands.
_SHOWN = 40


def explained(ticket: Record, context: Context) -> Doc:
    """The three clocks of a ticket, each with the spans of working time that count."""
    now = now_of(context)
    target = target_of(ticket, context)
    found = history(ticket, context.settings.zone).until(now)
    meter = measured(found, target, context.settings)
    service = meter.service()
    sections = [_rules(meter, context)]
    for name in CLOCKS:
        sections.append(_clock(name, service.clock(name), meter, now, context))
    results = [_json(name, service.clock(name), meter, now, context) for name in CLOCKS]
    return Doc("sla", ticket.title, tuple(sections), len(results), results=results)


def _rules(meter: ServiceMeter, context: Context) -> DocSection:
    schedule = meter.time.schedule
    words = [
        f"Target: {meter.target.name}" if meter.target.name else "Nothing is promised.",
        f"Hours: {schedule.name or 'Mon-Fri 09:00-17:00'}, {schedule.zone}",
    ]
    if schedule.holidays:
        words.append(f"Holidays: {schedule.holidays}")
    pauses = [f"{_at(s.start, context)} to {_at(s.end, context)}" for s in meter.breaks[:_SHOWN]]
    if pauses:
        words.append(f"Cut out: {', '.join(pauses)}")
    return DocSection("", (". ".join(word.rstrip(".") for word in words) + ".",))


def _clock(
    name: str, clock: ServiceClock, meter: ServiceMeter, now: int, context: Context
) -> DocSection:
    title = f"{_TITLES[name]}: {clock.state(now)}"
    spans = _spans(clock, meter, now)
    if not spans:
        return DocSection(
            title, ("It never ran.",) if clock.start is None else (_said(clock, context),)
        )
    rows = tuple(
        (_at(span.start, context), _at(span.end, context), Decimal(span.end - span.start) / 60)
        for span in spans[:_SHOWN]
    )
    return DocSection(title, (_said(clock, context), FigureTable(name, _COLUMNS, rows)))


def _said(clock: ServiceClock, context: Context) -> str:
    parts = []
    if clock.start is not None:
        parts.append(f"From {_at(clock.start, context)}")
    if clock.target is not None:
        parts.append(f"target {in_unit(minutes(clock.target), 'minutes')}")
    if clock.due is not None:
        parts.append(f"due {_at(clock.due, context)}")
    if clock.worked is not None:
        parts.append(f"took {in_unit(minutes(clock.worked), 'minutes')}")
    if clock.worked is not None and clock.target is not None:
        over = clock.worked - clock.target
        word = "over" if over > 0 else "to spare"
        parts.append(f"{in_unit(minutes(abs(over)), 'minutes')} {word}")
    return ", ".join(parts) + "."


def _spans(clock: ServiceClock, meter: ServiceMeter, now: int) -> list[TimeSpan]:
    """The working time that the clock counted, up to its end or now."""
    if clock.start is None:
        return []
    end = clock.end
    if end is None:
        end = meter.paused if meter.paused is not None else now
    return meter.time.spans(clock.start, end, meter.breaks)


def _json(
    name: str, clock: ServiceClock, meter: ServiceMeter, now: int, context: Context
) -> dict[str, object]:
    return {
        "clock": name,
        "state": clock.state(now),
        "target": _number(clock.target),
        "from": _iso(clock.start, context),
        "due": _iso(clock.due, context),
        "to": _iso(clock.end, context),
        "minutes": _number(clock.worked),
        "spans": [
            {"from": _iso(s.start, context), "to": _iso(s.end, context)}
            for s in _spans(clock, meter, now)
        ],
    }


def _number(seconds: int | None) -> float | None:
    found = minutes(seconds)
    return None if found is None else float(found)


def _at(moment: int, context: Context) -> str:
    return f"{local_time(moment, context):%a %Y-%m-%d %H:%M}"


def _iso(moment: int | None, context: Context) -> str | None:
    return None if moment is None else local_time(moment, context).isoformat()
