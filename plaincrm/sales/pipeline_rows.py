"""What rows a deal of the pipeline stands in: a field, a fact, a path, or a period of time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from plaincrm.core import query
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.values.periods import PeriodUnit, period_label

PERIODS: dict[str, PeriodUnit] = {"month": "month", "quarter": "quarter", "year": "year"}


def is_period(by: str, kind: Kind) -> bool:
    """Whether `by` means a period; a field of that name goes before."""
    return by in PERIODS and by not in kind.fields


def row_reader(context: Context, by: str) -> Callable[[Record], list[str]]:
    """What rows a deal stands in: the values of a field, a fact or a path. A link is the id that
    its record has now, whatever alias is written. A period is that in which the deal ended, or is
    expected to close. Raises QueryError.
    """
    kind = context.store.schema.kinds["deal"]
    field = kind.fields.get(by)
    if field is not None and field.to:
        return lambda deal: [_id(context, field.to, item.text) for item in deal.items(by)] or [""]
    if field is not None:
        return lambda deal: [item.text for item in deal.items(by)] or [""]
    unit = PERIODS.get(by)
    if unit is not None:
        return lambda deal: [_period(unit, _closing_day(deal, context))]
    read = query.column(by, kind, context)
    return lambda deal: [str(value) for value in read(deal)] or [""]


def _period(unit: PeriodUnit, day: date | None) -> str:
    return period_label(unit, day) if day is not None else ""


def _id(context: Context, kind: str, id: str) -> str:
    found = context.store.get(kind, id)
    return found.id if found else id


def _closing_day(deal: Record, context: Context) -> date | None:
    """The day on which it was won or lost; of a deal that is still to come the expected one."""
    ended: date | None = context.fact(deal, "ended")
    if ended is not None:
        return ended
    expected = deal.value("close_date")
    return expected if isinstance(expected, date) else None
