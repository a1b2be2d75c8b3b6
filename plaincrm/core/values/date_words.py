"""The vocabulary of date words, each read as a Period. The grammar stands in `dates`, which is the
way in.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import Enum
from typing import cast

from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value
from plaincrm.core.values.duration import UNITS, DaysOff, Duration, parse
from plaincrm.core.values.periods import Period, PeriodUnit, period_of
from plaincrm.errors import did_you_mean


class DateError(ValueError):
    """A date word that can't be read: `message` says why, `hint` what to type."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Leaning(Enum):
    """Where a word without a year or direction falls.

    DAY_AHEAD is that of questions about the future: a day without a year is the next one, but a
    month's name or its edge is this one's, so that `som..eom` is this month.
    """

    PAST = -1
    NEAREST = 0
    FUTURE = 1
    DAY_AHEAD = 2


_MONTH_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DAY_NAMES = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MONTHS = {short: n for n, name in enumerate(_MONTH_NAMES, 1) for short in (name, name[:3])} | {
    "sept": 9
}
WEEKDAYS = {short: n for n, name in enumerate(_DAY_NAMES) for short in (name, name[:3])} | {
    "tues": 1,
    "thur": 3,
    "thurs": 3,
}
_LETTERS: dict[str, PeriodUnit] = {"w": "week", "m": "month", "q": "quarter", "y": "year"}
_SIMPLE = {"today": 0, "now": 0, "tomorrow": 1, "yesterday": -1}
_EXAMPLES = "2026-11-20, today, fri, +3d, 2 weeks ago, eom, 10-31 or oct 31"
_VOCABULARY = [
    *_SIMPLE,
    *MONTHS,
    *WEEKDAYS,
    *(edge + letter for edge in ("so", "eo") for letter in _LETTERS),
    *(f"{side}-{unit}" for side in ("last", "this", "next") for unit in _LETTERS.values()),
]


def unknown(word: str) -> DateError:
    """The error for a word that is no date at all, with the nearest that is."""
    hint = did_you_mean(word, _VOCABULARY) or f"write a date such as {_EXAMPLES}"
    return DateError(f'"{word}" is not a date', hint)


def impossible(word: str, year: int | None, month: int, day: int) -> DateError:
    """The error for a day that no calendar has; without a year, that no year has."""
    length = monthrange(year or 2000, month)[1] if 1 <= month <= 12 else 0
    if not 1 <= month <= 12:
        reason = f"there is no month {month}"
    elif year == 0:
        reason = "years begin at 1"
    elif not 1 <= day <= length:
        reason = f"{_MONTH_NAMES[month - 1].title()}{f' {year}' if year else ''} has {length} days"
    else:
        reason = "its time is impossible"
    return DateError(f"{word} does not exist: {reason}", "write a date such as 2026-11-20")


@value
class DateWords:
    """Reads date words as seen from `today`. `order` is how the book's country writes `12/11`:
    `dmy`, `mdy`; empty where that is not known.
    """

    today: date
    leaning: Leaning = Leaning.NEAREST
    off: DaysOff = ()
    order: str = ""

    def read(self, word: str) -> Period:
        """The period that `word` stands for. Raises DateError."""
        text = " ".join(word.casefold().split())
        for form, rule in _RULES:
            match = form.fullmatch(text)
            if match is not None:
                return self._apply(rule, match, word)
        raise unknown(word.strip())

    def clock(self, text: str, now: datetime) -> datetime | None:
        """`now`, `-2h`, `in 30 min`, `2 hours ago`: words that move a time; None for all others."""
        if text == "now":
            return now
        match = _OFFSET.fullmatch(text) or _AGO.fullmatch(text) or _IN.fullmatch(text)
        if match is None or UNITS.get(match["unit"]) not in ("h", "min"):
            return None
        try:
            return _duration(match).after(now, _sign(match))
        except ValueError as error:
            raise DateError(str(error), f"write {_EXAMPLES}") from None

    def _apply(self, rule: Rule, match: re.Match[str], word: str) -> Period:
        try:
            period = rule(self, match)
        except DateError:
            raise
        except OverflowError:
            raise DateError(
                f"{word} lies outside the years 1 to 9999", f"write {_EXAMPLES}"
            ) from None
        except ValueError as error:
            raise DateError(f"{word}: {error}", f"write {_EXAMPLES}") from None
        return Period(period.first, period.last, word, period.unit)

    def lean(self, at: Callable[[int], Period | None], nearest: Period | None) -> Period | None:
        """`at(n)` is the reading n years (or periods) away; the nearest that lies on the leaning's
        side.
        """
        if self.leaning in (Leaning.NEAREST, Leaning.DAY_AHEAD):
            return nearest
        return self._nearest_on_its_side(at)

    def lean_day(self, at: Callable[[int], Period | None]) -> Period | None:
        """`lean` of a day without a year."""
        return at(0) if self.leaning is Leaning.NEAREST else self._nearest_on_its_side(at)

    def _nearest_on_its_side(self, at: Callable[[int], Period | None]) -> Period | None:
        back = self.leaning is Leaning.PAST
        for n in range(-1, 10):
            found = at(-n if back else n)
            if found is not None and self._fits(found, back):
                return found
        return None

    def _fits(self, period: Period, back: bool) -> bool:
        return period.first <= self.today if back else period.last >= self.today


Rule = Callable[[DateWords, re.Match[str]], Period]


def _day(day: date) -> Period:
    return Period(day, day, "")


def _exact(word: str, year: int | None, month: int, day: int) -> Period:
    try:
        return _day(date(2000 if year is None else year, month, day))
    except ValueError:
        raise impossible(word, year, month, day) from None


def _number(text: str) -> int:
    return MONTHS[text] if text in MONTHS else int(text)


def _full_date(_: DateWords, match: re.Match[str]) -> Period:
    return _exact(match[0], int(match["y"]), _number(match["m"]), int(match["d"]))


def _month_and_day(words: DateWords, match: re.Match[str]) -> Period:
    return _in_some_year(words, match[0], _number(match["m"]), int(match["d"]))


def _in_some_year(words: DateWords, said: str, month: int, day: int) -> Period:
    _exact(said, None, month, day)

    def at(years: int) -> Period | None:
        try:
            return _day(date(words.today.year + years, month, day))
        except ValueError:
            return None

    found = words.lean_day(at)
    return found or _exact(said, words.today.year, month, day)


def _simple(words: DateWords, match: re.Match[str]) -> Period:
    return _day(words.today + timedelta(days=_SIMPLE[match[0]]))


def _weekday(words: DateWords, match: re.Match[str]) -> Period:
    weekday, side = WEEKDAYS[match["day"]], match["side"]
    if side in ("next", "this"):
        week = period_of("week", words.today, offset=1 if side == "next" else 0)
        return _day(week.first + timedelta(days=weekday))
    backwards = side == "last" or (words.leaning is Leaning.PAST and not side)
    ahead = (weekday - words.today.weekday() - 1) % 7 + 1
    return _day(words.today + timedelta(days=(ahead - 7 or -7) if backwards else ahead))


def _sign(match: re.Match[str]) -> int:
    return -1 if match["sign"] in ("-", "ago") else 1


def _duration(match: re.Match[str]) -> Duration:
    amount = "1" if match["n"] in ("a", "an", "one") else match["n"]
    return parse(amount + match["unit"])


def _offset(words: DateWords, match: re.Match[str]) -> Period:
    if UNITS.get(match["unit"]) is None:
        raise unknown(match[0])
    duration = _duration(match)
    if duration.unit in ("h", "min"):
        raise DateError(f"{match[0]} is a time, not a day", "write days, such as +1d")
    return _day(duration.after(words.today, _sign(match), words.off))


def _edge(words: DateWords, match: re.Match[str]) -> Period:
    unit = _LETTERS[match["unit"]]

    def at(offset: int) -> Period:
        period = period_of(unit, words.today, offset=offset)
        return _day(period.first if match["edge"] == "s" else period.last)

    return cast(Period, words.lean(at, at(0)))


def _relative_period(words: DateWords, match: re.Match[str]) -> Period:
    offset = {"last": -1, "this": 0, "next": 1}[match["side"]]
    return period_of(cast(PeriodUnit, match["unit"]), words.today, offset=offset)


def _year(_: DateWords, match: re.Match[str]) -> Period:
    _exact(match[0], int(match["y"]), 1, 1)
    return period_of("year", date(int(match["y"]), 1, 1))


def _month(_: DateWords, match: re.Match[str]) -> Period:
    return period_of("month", _exact(match[0], int(match["y"]), _number(match["m"]), 1).first)


def _month_name(words: DateWords, match: re.Match[str]) -> Period:
    def at(years: int) -> Period | None:
        year = words.today.year + years
        return period_of("month", date(year, MONTHS[match["m"]], 1)) if 1 <= year <= 9999 else None

    return cast(Period, words.lean(at, at(0)) or at(0))


def _quarter(_: DateWords, match: re.Match[str]) -> Period:
    if not 1 <= int(match["q"]) <= 4:
        raise DateError(f"{match[0]} does not exist: quarters are Q1 to Q4", "write 2026-Q4")
    return period_of("quarter", _exact(match[0], int(match["y"]), 3 * int(match["q"]), 1).first)


def _week(_: DateWords, match: re.Match[str]) -> Period:
    year, week, day = int(match["y"]), int(match["w"]), int(match["d"] or 1)
    try:
        monday = date.fromisocalendar(year, week, day)
    except ValueError:
        raise DateError(f"{match[0]} does not exist", "write a week such as 2026-W47") from None
    return _day(monday) if match["d"] else period_of("week", monday)


def _slashes(words: DateWords, match: re.Match[str]) -> Period:
    """`31/12/2026` is sure: no year has 31 months. `12/11/2026` goes by the book's order."""
    first, second = int(match["a"]), int(match["b"])
    orders = {(first, second), (second, first)}
    read = [(day, month) for day, month in sorted(orders) if 1 <= month <= 12 and day <= 31]
    if len(read) > 1 and words.order:
        read = [(first, second) if words.order == "dmy" else (second, first)]
    year = match["y"] or ""
    if len(read) == 1 and len(year) != 2:
        day, month = read[0]
        if year:
            return _exact(match[0], int(year), month, day)
        return _in_some_year(words, match[0], month, day)
    full = str(words.today.year)[: 4 - len(year)] + year
    said = [f"{full}-{month:02}-{day:02}" for day, month in read] or [words.today.isoformat()]
    reasons = ("is not a date", "has a year of two digits", "may begin with the day or the month")
    raise DateError(f"{match[0]} {reasons[len(read)]}", f"write {' or '.join(said)}")


def _short_year(_: DateWords, match: re.Match[str]) -> Period:
    raise DateError(
        f"{match[0]} has a year of two digits", f"write {match['d']}.{match['m']}.20{match['y']}"
    )


_Y, _M, _D = r"(?P<y>[0-9]{4})", r"(?P<m>[0-9]{1,2})", r"(?P<d>[0-9]{1,2})"
_NAME = f"(?P<m>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\\.?"
_NTH = _D + r"(?:st|nd|rd|th|\.)?"
_SIDE = r"(?P<side>last|this|next)[ -]"
_OFFSET = pattern(r"(?P<sign>[+-]) ?(?P<n>[0-9]+) ?(?P<unit>[a-z]+)")
_AGO = pattern(r"(?P<n>[0-9]+|an?|one) ?(?P<unit>[a-z]+) (?P<sign>ago)")
_IN = pattern(r"(?P<sign>in) (?P<n>[0-9]+|an?|one) ?(?P<unit>[a-z]+)")
_RULES: list[tuple[re.Pattern[str], Rule]] = [
    (pattern(f"{_Y}-{_M}-{_D}"), _full_date),
    (pattern(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"), _full_date),
    (pattern(rf"{_D}\. ?{_M}\. ?{_Y}"), _full_date),
    (pattern(rf"{_D}\.{_M}\.(?P<y>[0-9]{{2}})"), _short_year),
    (pattern(rf"{_NAME} {_NTH},? {_Y}"), _full_date),
    (pattern(rf"{_NTH} (?:of )?{_NAME},? {_Y}"), _full_date),
    (pattern("|".join(_SIMPLE)), _simple),
    (pattern(f"(?:{_SIDE})?(?P<day>{'|'.join(WEEKDAYS)})"), _weekday),
    (_OFFSET, _offset),
    (_AGO, _offset),
    (_IN, _offset),
    (pattern(r"(?P<edge>[se])o(?P<unit>[wmqy])"), _edge),
    (pattern(f"{_SIDE}(?P<unit>week|month|quarter|year)"), _relative_period),
    (pattern(f"{_M}-{_D}"), _month_and_day),
    (pattern(rf"{_D}\. ?{_M}\.?"), _month_and_day),
    (pattern(f"{_NAME} {_NTH}"), _month_and_day),
    (pattern(f"{_NTH} (?:of )?{_NAME}"), _month_and_day),
    (pattern(_Y), _year),
    (pattern(f"{_Y}-{_M}"), _month),
    (pattern(f"{_NAME} {_Y}"), _month),
    (pattern(_NAME), _month_name),
    (pattern(rf"{_Y}-?q(?P<q>[0-9])"), _quarter),
    (pattern(rf"{_Y}-?w(?P<w>[0-9]{{2}})(?:-(?P<d>[0-9]))?"), _week),
    (pattern(r"(?P<a>[0-9]{1,2})/(?P<b>[0-9]{1,2})(?:/(?P<y>[0-9]{2}|[0-9]{4}))?"), _slashes),
]
