"""The days on which a book does no business: weekends, public holidays, own days off, `away:`.
Dates and lengths that count business days pass over them (`+3bd`, `rec:3bd`, `rots_after: 10bd`).

Few commands count business days, so the hours of the book are read when the first day is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

from plaincrm.core.schema.settings import Settings


def days_off(settings: Settings) -> Callable[[date], bool]:
    """Whether a day is no business day of the book."""

    def is_off(day: date) -> bool:
        from plaincrm.core.schema.hours import working_time

        return not working_time(settings).schedule.is_workday(day)

    return is_off


def closed_days(settings: Settings) -> Callable[[date], bool]:
    """Whether a day is a holiday or a day off, or lies within `away:`; its weekday does not
    matter.
    """

    @cache
    def is_closed(day: date) -> bool:
        from plaincrm.core.schema.hours import working_time

        return working_time(settings).schedule.is_off(day)

    return is_closed
