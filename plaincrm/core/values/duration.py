"""Lengths of time as people write them: `30min 2h 10d 3bd 2w 1m 1y` (m is a month, bd a business
day).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Literal, TypeVar

from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value

Unit = Literal["min", "h", "d", "bd", "w", "m", "y"]
DaysOff = Collection[date] | Callable[[date], bool]
Day = TypeVar("Day", date, datetime)

_DAYS: dict[Unit, float] = {
    "min": 1 / 1440,
    "h": 1 / 24,
    "d": 1.0,
    "bd": 7 / 5,
    "w": 7.0,
    "m": 365.25 / 12,
    "y": 365.25,
}
_NAMES: dict[Unit, str] = {
    "min": "mins minute minutes",
    "h": "hr hrs hour hours",
    "d": "day days",
    "bd": "workday workdays",
    "w": "wk wks week weeks",
    "m": "month months",
    "y": "yr yrs year years",
}
UNITS: dict[str, Unit] = {
    name: unit for unit, names in _NAMES.items() for name in (unit, *names.split())
}
_TEXT = pattern(r"([0-9]{1,5}) ?([a-z]+)")
_LONGEST_BREAK = 400  # days off in a row, past which there is no next business day


@value
class Duration:
    """`amount` units. Equal when written alike; ordered by approximate length (12m and 1y tie)."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    @property
    def days(self) -> float:
        """Approximate length in days, for comparison only: a month is 30.4375, a business day
        1.4.
        """
        return self.amount * _DAYS[self.unit]

    def __lt__(self, other: Duration) -> bool:
        return self.days < other.days

    def __le__(self, other: Duration) -> bool:
        return self.days <= other.days

    def __gt__(self, other: Duration) -> bool:
        return self.days > other.days

    def __ge__(self, other: Duration) -> bool:
        return self.days >= other.days

    def after(self, day: Day, times: int = 1, off: DaysOff = ()) -> Day:
        """The day that lies `times` durations after `day`; calendar months clamp (31 Jan + 1m = 28
        Feb).

        Business days skip Saturdays, Sundays and `off`. Hours and minutes move a datetime; of a
        plain date they move whole days only. Raises ValueError past the years 1 to 9999.
        """
        try:
            return self._moved(day, self.amount * times, off)
        except OverflowError:
            raise ValueError(
                f"{self} from {day:%Y-%m-%d} lies outside the years 1 to 9999"
            ) from None

    def clamped(self, day: date, times: int = 1, off: DaysOff = ()) -> date:
        """`after` for days that stand in files, where any year may: outside the years 1 to 9999
        their first or last day."""
        try:
            return self.after(day, times, off)
        except ValueError:
            return date.max if times > 0 else date.min

    def before(self, day: Day, times: int = 1, off: DaysOff = ()) -> Day:
        """The mirror of `after`."""
        return self.after(day, -times, off)

    def _moved(self, day: Day, amount: int, off: DaysOff) -> Day:
        if self.unit == "bd":
            return _business_days(day, amount, off)
        if self.unit in ("m", "y"):
            return add_months(day, amount * (12 if self.unit == "y" else 1))
        if self.unit in ("d", "w"):
            return day + timedelta(days=amount * (7 if self.unit == "w" else 1))
        minutes = amount * (60 if self.unit == "h" else 1)
        if isinstance(day, datetime):
            return day + timedelta(minutes=minutes)
        return day + timedelta(days=int(minutes / 1440))


DAY = Duration(1, "d")
WEEK = Duration(7, "d")


def parse(text: str) -> Duration:
    """`2w`, `30 min`, `3 days`. Raises ValueError with a sentence."""
    match = _TEXT.fullmatch(text.strip().casefold())
    unit = UNITS.get(match[2]) if match else None
    if match is None or unit is None:
        raise ValueError(
            f'"{text}" is not a duration: write one such as 30min, 2h, 10d, 3bd, 2w, 1m or 1y'
        )
    return Duration(int(match[1]), unit)


def add_months(day: Day, months: int, anchor: int = 0) -> Day:
    """`months` calendar months on, on day `anchor` of the month (else the same day), clamped to its
    end.

    Raises OverflowError past the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    last = _last_day(year, month + 1)
    return day.replace(year=year, month=month + 1, day=min(anchor or day.day, last))


def _last_day(year: int, month: int) -> int:
    """The last day of a month. `calendar` knows it too, but imports `locale` for its names."""
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return 29 if leap else 28
    return 30 if month in (4, 6, 9, 11) else 31


def is_business_day(day: date, off: DaysOff = ()) -> bool:
    """Monday to Friday, and not one of the days off. A function that is asked decides alone, so
    that somebody may work on Saturdays.
    """
    plain = day.date() if isinstance(day, datetime) else day
    if callable(off):
        return not off(plain)
    return plain.weekday() < 5 and plain not in off


def _business_days(day: Day, amount: int, off: DaysOff) -> Day:
    step = timedelta(days=1 if amount > 0 else -1)
    left, idle = abs(amount), 0
    while left:
        day += step
        idle = 0 if is_business_day(day, off) else idle + 1
        left -= idle == 0
        if idle > _LONGEST_BREAK:
            raise ValueError(f"no business day within {_LONGEST_BREAK} days of {day:%Y-%m-%d}")
    return day
