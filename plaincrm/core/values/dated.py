"""Values that have a day: what to do next and when, and a day of the year, such as a birthday."""

from __future__ import annotations

from datetime import date
from functools import total_ordering

from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value

_TEXT = pattern(r"(?:([0-9]{4})-|--)?([0-9]{2})-([0-9]{2})")


@total_ordering
@value
class Action:
    """What to do next and when: `2026-12-01 Send the contract`. Compares by its date."""

    due: date
    text: str = ""

    def __str__(self) -> str:
        return f"{self.due} {self.text}".rstrip()

    def __lt__(self, other: Action) -> bool:
        return (self.due, self.text) < (other.due, other.text)


@value
class MonthDay:
    """`year` is the year of the first occurrence, None when unknown."""

    month: int
    day: int
    year: int | None = None

    def __str__(self) -> str:
        start = f"{self.year:04}-" if self.year is not None else ""
        return f"{start}{self.month:02}-{self.day:02}"

    def on(self, year: int) -> date:
        """The day in `year`; 29 February falls on the 28th in years without one."""
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        clamped = self.day == 29 and self.month == 2 and not leap
        return date(year, self.month, 28 if clamped else self.day)

    def next(self, today: date) -> date:
        """The first occurrence on or after `today`."""
        this_year = self.on(today.year)
        return (
            this_year
            if this_year >= today or today.year == date.max.year
            else self.on(today.year + 1)
        )

    def age(self, day: date) -> int | None:
        """Full years from the first occurrence to `day`, None when the year is unknown."""
        if self.year is None:
            return None
        return day.year - self.year - (day < self.on(day.year))


def parse_monthday(text: str) -> MonthDay:
    """`12-10`, `--12-10` or `1985-12-10`. Raises DateError."""
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        from plaincrm.core.values.date_words import DateError

        raise DateError(
            f'"{text}" is not a day of the year', "write 12-10, or 1985-12-10 with the year"
        )
    month, day = int(match[2]), int(match[3])
    year = int(match[1]) if match[1] else None
    try:
        date(2000 if year is None else year, month, day)
    except ValueError:
        from plaincrm.core.values.date_words import impossible

        raise impossible(text, year, month, day) from None
    return MonthDay(month, day, year)
