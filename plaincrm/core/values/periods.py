"""Calendar periods: week (ISO, from Monday), month, quarter and year, and the day as the shortest
of them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from plaincrm.core.value_class import value
from plaincrm.core.values.duration import add_months

PeriodUnit = Literal["day", "week", "month", "quarter", "year"]
_MONTHS: dict[PeriodUnit, int] = {"month": 1, "quarter": 3, "year": 12}


@value
class Period:
    """All days from `first` to `last`, both in. `word` is what the user wrote."""

    first: date
    last: date
    word: str
    unit: PeriodUnit = "day"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def period_of(unit: PeriodUnit, day: date, word: str = "", offset: int = 0) -> Period:
    """The period that holds `day`, or the one `offset` periods later. Raises OverflowError past
    year 9999.
    """
    first = _first(unit, day, offset)
    if unit in _MONTHS:
        # The last month of year 9999 has no day after it.
        final = add_months(first, _MONTHS[unit] - 1, anchor=31)
        return Period(first, final, word, unit)
    return Period(first, first + timedelta(days=6 if unit == "week" else 0), word, unit)


def period_label(unit: PeriodUnit, day: date) -> str:
    """The name of the month, quarter or year that holds `day`: `2026-11`, `2026-Q4`, `2026`."""
    if unit == "year":
        return f"{day:%Y}"
    return f"{day:%Y}-Q{(day.month + 2) // 3}" if unit == "quarter" else f"{day:%Y-%m}"


def _first(unit: PeriodUnit, day: date, offset: int) -> date:
    if unit == "day":
        return day + timedelta(days=offset)
    if unit == "week":
        return day + timedelta(days=7 * offset - day.weekday())
    size = _MONTHS[unit]
    return add_months(day.replace(day=1), size * offset - (day.month - 1) % size)
