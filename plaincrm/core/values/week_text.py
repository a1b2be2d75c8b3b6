"""The week of a schedule as people write it: `Mon-Thu 09:00-17:00, Fri 09:00-12:00 13:00-15:00`."""

from __future__ import annotations

import re

from plaincrm.core.text.pattern import pattern
from plaincrm.core.values.hours import DaySpan, Week

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS = pattern(r"([0-9]{1,2})(?::([0-9]{2}))?[-–]([0-9]{1,2})(?::([0-9]{2}))?")
_MINUTES = 1440
_EXAMPLE = "write it as Mon-Thu 09:00-17:00, Fri 09:00-15:00"


def parse_week(text: str) -> Week:
    """The spans of each weekday. `daily` is every day; `22:00-06:00` runs into the next one;
    several spans of a day stand side by side. Raises ValueError.
    """
    week: list[list[DaySpan]] = [[] for _ in _DAYS]
    days: list[int] = []
    complete = True
    for part in text.casefold().split(","):
        for word in part.split():
            hours = _HOURS.fullmatch(word)
            if hours is None:
                days = [*([] if complete else days), *_days(word)]
                complete = False
                continue
            if not days:
                raise ValueError(f'"{text}" names no days before {word}; {_EXAMPLE}')
            complete = True
            for day in days:
                _place(week, day, *_minutes(hours, word))
    if not complete or not any(week):
        raise ValueError(f'"{text}" has days without hours; {_EXAMPLE}')
    return tuple(_merged(spans) for spans in week)


def _days(word: str) -> list[int]:
    if word in ("daily", "every"):
        return list(range(len(_DAYS)))
    first, _, last = word.replace("–", "-").partition("-")
    start, end = _day(first), _day(last or first)
    return [(start + n) % len(_DAYS) for n in range((end - start) % len(_DAYS) + 1)]


def _day(word: str) -> int:
    for names in (_DAYS, _FULL):
        if word in names:
            return names.index(word)
    raise ValueError(f'"{word}" is no weekday; {_EXAMPLE}')


def _minutes(hours: re.Match[str], word: str) -> tuple[int, int]:
    start = int(hours[1]) * 60 + int(hours[2] or 0)
    end = int(hours[3]) * 60 + int(hours[4] or 0)
    wrong_minutes = int(hours[2] or 0) > 59 or int(hours[4] or 0) > 59
    if wrong_minutes or start >= _MINUTES or end > _MINUTES or start == end:
        raise ValueError(f'"{word}" are no hours of a day; {_EXAMPLE}')
    return start, end


def _place(week: list[list[DaySpan]], day: int, start: int, end: int) -> None:
    """Put hours into the week; those over midnight are of two days."""
    if start < end:
        week[day].append(DaySpan(start, end))
        return
    week[day].append(DaySpan(start, _MINUTES))
    if end:
        week[(day + 1) % len(week)].append(DaySpan(0, end))


def _merged(spans: list[DaySpan]) -> tuple[DaySpan, ...]:
    """In order, those that touch as one."""
    found: list[DaySpan] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = DaySpan(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)
