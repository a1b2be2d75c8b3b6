"""Business hours: when somebody works, and arithmetic on that time alone.

A `Schedule` says it in words of the wall clock: a time zone, spans of each weekday, holidays, days
off. `WorkingTime` turns it into spans of the time line. A moment is a number of seconds since 1970
in UTC, as `datetime.timestamp` gives it. Counting and adding look two places up in a table, so
they cost the same for an hour and for a year.

A moment is working time if the wall clock of the schedule's zone shows a time within a span of
that day. So the hour that the spring skips counts nothing, and the one that the autumn repeats
counts twice.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from plaincrm.core.value_class import value
from plaincrm.core.values.duration import Duration
from plaincrm.core.values.public_holidays import public_holidays

# A ticket of the year 206 is a slip of the pen; no table is built for it.
FIRST_YEAR, LAST_YEAR = 1970, 2200
# Past so many years without enough working time there is no deadline.
_FARTHEST = 50
_DAY = 86400
# Zones lie between 12 hours behind UTC and 14 before it.
_ZONES = 15 * 3600
_EPOCH = date(1970, 1, 1).toordinal()
_EARLIEST = 2 * _DAY
_LATEST = (date(LAST_YEAR, 1, 1).toordinal() - _EPOCH) * _DAY


class TimeSpan(NamedTuple):
    """From `start` up to, and without, `end`; both in seconds since 1970 (UTC)."""

    start: int
    end: int


class DaySpan(NamedTuple):
    """From `start` up to, and without, `end`; both in minutes since midnight, 1440 at most."""

    start: int
    end: int


Week = tuple[tuple[DaySpan, ...], ...]
"""The spans of the seven weekdays, Monday first."""


@value
class Schedule:
    """When work is done. `holidays` names a country or region (`DE-BE`); empty: none are kept.
    `off` are further days without work, each as the first and the last of them.
    """

    name: str
    zone: str
    week: Week
    holidays: str = ""
    off: tuple[tuple[date, date], ...] = ()

    @property
    def day_length(self) -> int:
        """The seconds of a business day: the mean of the weekdays on which there is work."""
        lengths = [sum(span.end - span.start for span in day) for day in self.week]
        busy = [length for length in lengths if length]
        return sum(busy) * 60 // len(busy) if busy else 0

    def is_workday(self, day: date) -> bool:
        """Whether there is any work on `day`."""
        return bool(self.week[day.weekday()]) and not self.is_off(day)

    def is_off(self, day: date) -> bool:
        """Whether `day` is a holiday or a day off; its weekday does not matter."""
        if any(first <= day <= last for first, last in self.off):
            return True
        return bool(self.holidays) and day in public_holidays(self.holidays, day.year)

    def seconds(self, target: Duration) -> int:
        """The working seconds of a target: `90min`, `2h`, `3bd`. Raises ValueError for others."""
        sizes = {"min": 60, "h": 3600, "bd": self.day_length}
        if target.unit not in sizes:
            raise ValueError(f'"{target}" is no length of working time: write 90min, 4h or 2bd')
        return target.amount * sizes[target.unit]


class WorkingTime:
    """The working time of a schedule on the time line."""

    def __init__(
        self,
        schedule: Schedule,
        holidays: Callable[[str, int], Collection[date]] = public_holidays,
    ) -> None:
        self.schedule = schedule
        self._holidays = holidays
        self._years = (0, -1)
        self._known = (1, 0)  # the moments for which the table is sure to hold
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._before: list[int] = []  # the working seconds before each span

    def between(self, start: int, end: int, breaks: Iterable[TimeSpan] = ()) -> int:
        """The working seconds from `start` to `end` without those in `breaks`; 0 where `end` lies
        before. Breaks are in order and don't overlap.
        """
        if end <= start:
            return 0
        total = self._count(start, end)
        for pause in breaks:
            first, last = max(pause.start, start), min(pause.end, end)
            if first < last:
                total -= self._count(first, last)
        return total

    def add(self, start: int, seconds: int, breaks: Iterable[TimeSpan] = ()) -> int | None:
        """The first moment at which `seconds` of working time have passed since `start`, breaks cut
        out. None where there never is so much of it.
        """
        left = seconds
        for pause in breaks:
            if pause.end <= start:
                continue
            worked = self._count(start, max(pause.start, start))
            if worked >= left:
                break
            left -= worked
            start = pause.end
        return self._reach(start, left)

    def spans(self, start: int, end: int, breaks: Iterable[TimeSpan] = ()) -> list[TimeSpan]:
        """The spans of working time from `start` to `end`, breaks cut out."""
        self._cover(start, end)
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        places = range(first, last)
        found = [TimeSpan(max(self._starts[n], start), min(self._ends[n], end)) for n in places]
        for pause in breaks:
            found = [part for span in found for part in _without(span, pause)]
        return found

    def _count(self, start: int, end: int) -> int:
        self._cover(start, end)
        return self._passed(end) - self._passed(start)

    def _passed(self, moment: int) -> int:
        """The working seconds from the beginning of the table to `moment`."""
        place = bisect_right(self._starts, moment) - 1
        if place < 0:
            return 0
        return self._before[place] + min(moment, self._ends[place]) - self._starts[place]

    def _reach(self, start: int, seconds: int) -> int | None:
        if seconds <= 0:
            return start
        self._cover(start, start)
        wanted = self._passed(start) + seconds
        year = _year(start)
        while self._total < wanted:
            last = self._years[1]
            if last >= min(year + _FARTHEST, LAST_YEAR):
                return None
            self._extend(last + 1)
        place = bisect_left(self._before, wanted) - 1
        return self._starts[place] + wanted - self._before[place]

    @property
    def _total(self) -> int:
        """The working seconds of the whole table."""
        if not self._starts:
            return 0
        return self._before[-1] + self._ends[-1] - self._starts[-1]

    def _cover(self, start: int, end: int) -> None:
        """Have the table reach from the year of `start` to that of `end`, and a day beyond."""
        if self._known[0] <= start and end <= self._known[1]:
            return
        first, last = _year(start - 2 * _DAY), _year(end + 2 * _DAY)
        known = self._years
        if known[0] <= first and last <= known[1]:
            return
        if known[1] < known[0] or first < known[0]:
            last = max(last, known[1])
            self._starts, self._ends, self._before = [], [], []
            self._years = (first, first - 1)
        for year in range(self._years[1] + 1, last + 1):
            self._extend(year)
        self._known = (min(start, end), max(start, end))

    def _extend(self, year: int) -> None:
        """Put the spans of one more year to the end of the table."""
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        off = self._days_off(year)
        for ordinal in range(first, last + 1):
            day = date.fromordinal(ordinal)
            spans = self.schedule.week[day.weekday()]
            if spans and day not in off:
                self._put(self._of_day(ordinal, spans))
        self._years = (self._years[0], year)

    def _put(self, spans: Iterable[TimeSpan]) -> None:
        for span in spans:
            if self._ends and span.start <= self._ends[-1]:
                self._ends[-1] = max(span.end, self._ends[-1])
                continue
            self._before.append(self._total)
            self._starts.append(span.start)
            self._ends.append(span.end)

    def _days_off(self, year: int) -> set[date]:
        schedule = self.schedule
        off = set(self._holidays(schedule.holidays, year)) if schedule.holidays else set()
        start, end = date(year, 1, 1), date(year, 12, 31)
        for first, last in schedule.off:
            day = max(first, start)
            while day <= min(last, end):
                off.add(day)
                day += timedelta(days=1)
        return off

    def _of_day(self, ordinal: int, spans: Sequence[DaySpan]) -> list[TimeSpan]:
        """The spans of one day of the calendar on the time line, in order."""
        midnight = (ordinal - _EPOCH) * _DAY
        early, late = self._offset(midnight - _ZONES), self._offset(midnight + _DAY + _ZONES)
        if early == late:
            at = midnight - early
            return [TimeSpan(at + span.start * 60, at + span.end * 60) for span in spans]
        return self._of_changing_day(midnight, spans)

    def _of_changing_day(self, midnight: int, spans: Sequence[DaySpan]) -> list[TimeSpan]:
        """The same around a change of the clock: each span as seen by the clock before it and by
        the one after it.
        """
        start, end = midnight - _ZONES, midnight + _DAY + _ZONES
        before, after = self._offset(start), self._offset(end)
        change = self._change(start, end)
        found = []
        for offset, first, last in ((before, start, change), (after, change, end)):
            for span in spans:
                begins = max(midnight + span.start * 60 - offset, first)
                ends = min(midnight + span.end * 60 - offset, last)
                if begins < ends:
                    found.append(TimeSpan(begins, ends))
        return sorted(found)

    def _change(self, start: int, end: int) -> int:
        """The moment between `start` and `end` from which the clock shows another offset."""
        offset = self._offset(start)
        while end - start > 1:
            middle = (start + end) // 2
            if self._offset(middle) == offset:
                start = middle
            else:
                end = middle
        return end

    def _offset(self, moment: int) -> int:
        """Seconds that the zone's clock is ahead of UTC."""
        offset = datetime.fromtimestamp(moment, self._zone).utcoffset()
        return int(offset.total_seconds()) if offset else 0

    @cached_property
    def _zone(self) -> tzinfo:
        return ZoneInfo(self.schedule.zone)


def _without(span: TimeSpan, pause: TimeSpan) -> list[TimeSpan]:
    """What is left of `span` beside `pause`."""
    parts = (
        TimeSpan(span.start, min(span.end, pause.start)),
        TimeSpan(max(span.start, pause.end), span.end),
    )
    return [part for part in parts if part.start < part.end]


def _year(moment: int) -> int:
    lowest, highest = (date(year, 7, 1).toordinal() for year in (FIRST_YEAR, LAST_YEAR))
    ordinal = min(max(moment // _DAY + _EPOCH, lowest), highest)
    return date.fromordinal(ordinal).year


def moment_of(when: datetime) -> int:
    """The seconds since 1970 of a datetime that knows its zone, within the years of the tables."""
    return min(max(int(when.timestamp()), _EARLIEST), _LATEST)


def local(moment: int, zone: tzinfo) -> datetime:
    """The moment as the clock of `zone` shows it."""
    return datetime.fromtimestamp(moment, UTC).astimezone(zone)
