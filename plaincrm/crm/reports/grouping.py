"""Grouping records by a field, a fact, a link, or the month, quarter, year or weekday of a day."""

from __future__ import annotations

from calendar import day_abbr
from collections.abc import Callable
from datetime import date

from plaincrm.core import query
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.value_class import value
from plaincrm.core.values.periods import PeriodUnit, period_label
from plaincrm.crm.reports.report import NONE

_DAYS: dict[str, PeriodUnit] = {"month": "month", "quarter": "quarter", "year": "year"}
WORDS = (*_DAYS, "weekday")


@value
class Grouping:
    """`key(record, day)` gives the group of a record; `day` is the one that it counts on."""

    name: str
    key: Callable[[Record, date | None], str]
    dated: bool = False


def grouping(name: str, kind: Kind, context: Context) -> Grouping:
    """The grouping that `name` means. A record with several values is in the one group of all of
    them, so that groups add up. Raises QueryError for an unknown field.
    """
    if name in WORDS and name not in kind.fields:
        return Grouping(name, lambda _, day: label(name, day), dated=True)
    read = query.column(name, kind, context)

    def key(record: Record, _: date | None) -> str:
        texts = dict.fromkeys(str(each) for each in read(record))
        return ", ".join(texts) or NONE

    return Grouping(name, key)


def label(unit: str, day: date | None) -> str:
    """The name of the period that a day is in: `2026-11`, `2026-Q4`, `2026`, `Mon`."""
    if day is None:
        return NONE
    if unit == "weekday":
        return day_abbr[day.weekday()]
    return period_label(_DAYS[unit], day)


def order(grouping: Grouping) -> Callable[[str], tuple[int, int, str]]:
    """A key by which groups are listed: weekdays from Monday, all else by name, the nameless
    last.
    """
    weekdays = {name: n for n, name in enumerate(day_abbr)}

    def key(group: str) -> tuple[int, int, str]:
        place = weekdays.get(group, 0) if grouping.name == "weekday" else 0
        return group == NONE, place, group.casefold()

    return key
