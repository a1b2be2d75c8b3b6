"""Date words: what a user may type where a date goes. Files store ISO only (`parse_stored`).

A DATE is one of

    2026-10-31  20261031  2026-W44-6          ISO
    today  yesterday  tomorrow  now
    fri  next fri  this fri  last fri         the next one, never today; Friday of next week
    +3d  -2w  +1m  +1y  +3bd                  m is a calendar month, clamped; bd a business day
    3 days ago  in 2 weeks
    sow eow som eom soq eoq soy eoy           start and end of week, month, quarter, year
    10-31  31.10.  31.10.2026  oct 31  31 oct 2026

and a period is one of

    2026  2026-10  oct 2026  oct  2026-Q4  2026-W47  last-month  this quarter  next-week …

A word without a year or a direction leans: NEAREST means this year's, this month's; FUTURE never a
day before today; PAST never one after it. What names its year or direction (`2026-10-31`, `+3d`,
`next fri`, `tomorrow`) means just that.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from plaincrm.core.text.pattern import pattern
from plaincrm.core.values.date_words import DateError, DateWords, Leaning, impossible, unknown
from plaincrm.core.values.dated import MonthDay, parse_monthday
from plaincrm.core.values.duration import DaysOff
from plaincrm.core.values.periods import Period

__all__ = [
    "DateError",
    "Leaning",
    "MonthDay",
    "Period",
    "describe",
    "parse_date",
    "parse_moment",
    "parse_monthday",
    "parse_period",
    "parse_stored",
]

_STORED = pattern(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T"
    r" ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_TIME = pattern(
    r"(?:(.*?)(?:[ ,]+(?:at )?|t))?([0-9]{1,2})(?::([0-9]{2})(?::([0-9]{2}))?)?"
    r" ?(am|pm)?(z|[+-][0-9]{2}:[0-9]{2})?"
)
_DAY = timedelta(days=1)


def parse_date(
    word: str,
    today: date,
    leaning: Leaning = Leaning.NEAREST,
    off: DaysOff = (),
    order: str = "",
) -> date:
    """One day. Raises DateError, for a period such as `2026-10` too. `order`: see `DateWords`."""
    period = parse_period(word, today, leaning, off, order)
    if period.unit != "day":
        raise DateError(
            f"{word} is a {period.unit}, not a day",
            f"write a day such as {period.first} or {period.last}",
        )
    return period.first


def parse_period(
    word: str,
    today: date,
    leaning: Leaning = Leaning.NEAREST,
    off: DaysOff = (),
    order: str = "",
) -> Period:
    """The days that `word` stands for: a day is a period of one day. Raises DateError."""
    return DateWords(today, leaning, off, order).read(word)


def parse_moment(
    word: str,
    now: datetime,
    leaning: Leaning = Leaning.NEAREST,
    off: DaysOff = (),
    order: str = "",
) -> date | datetime:
    """A day, or a day with a time: `fri 14:30`, `2026-11-20T14:30+01:00`, `yesterday 9:00`, `-2h`,
    `now`.

    The datetime is aware only if the word names a zone or gives none and `now` is aware. Raises
    DateError.
    """
    text = " ".join(word.casefold().split())
    words = DateWords(now.date(), leaning, off)
    moved = words.clock(text, now)
    if moved is not None:
        return moved
    match = _TIME.fullmatch(text)
    if match is None or not (match[3] or match[5]):
        return parse_date(word, now.date(), leaning, off, order)
    clock = _clock(match, word)
    if match[1]:
        return datetime.combine(
            parse_date(match[1], now.date(), leaning, off, order), clock.timetz()
        ).replace(tzinfo=clock.tzinfo or now.tzinfo)
    return _leaning_clock(clock, now, leaning)


def parse_stored(text: str) -> date | datetime:
    """What may stand in a file: `2026-11-20` or `2026-11-20 14:30[:00][Z|±hh:mm]`. Raises
    DateError.
    """
    match = _STORED.fullmatch(text)
    if match is None:
        raise DateError(
            f'"{text}" is not a date', "files hold dates as 2026-11-20 or 2026-11-20 14:30"
        )
    try:
        if match[2] is None:
            return date.fromisoformat(text)
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3] or ''}")
    except ValueError:
        raise impossible(text, *map(int, match[1].split("-"))) from None


def describe(day: date, today: date) -> str:
    """The echo of a date word: `Fri 2026-10-09, in 6 days`; a datetime shows its time too."""
    plain = day.date() if isinstance(day, datetime) else day
    clock = f" {day:%H:%M}" if isinstance(day, datetime) else ""
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[plain.weekday()]
    return f"{weekday} {plain.isoformat()}{clock}, {_distance((plain - today).days)}"


def _distance(days: int) -> str:
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")


def _clock(match: re.Match[str], word: str) -> datetime:
    hour, noon = int(match[2]), match[5]
    if noon and not 1 <= hour <= 12:
        raise DateError(f"{word}: there is no hour {hour} {noon}", "write a time such as 14:30")
    if noon:
        hour = hour % 12 + (12 if noon == "pm" else 0)
    text = f"{hour:02}:{match[3] or '00'}:{match[4] or '00'}{(match[6] or '').upper()}"
    try:
        return datetime.fromisoformat(f"2000-01-01T{text}")
    except ValueError:
        raise DateError(
            f"{word}: there is no time {text[:5]}", "write a time such as 14:30"
        ) from None


def _leaning_clock(clock: datetime, now: datetime, leaning: Leaning) -> datetime:
    moment = datetime.combine(now.date(), clock.timetz()).replace(tzinfo=clock.tzinfo or now.tzinfo)
    current = (
        now
        if (now.tzinfo is None) == (moment.tzinfo is None)
        else now.replace(tzinfo=moment.tzinfo)
    )
    try:
        if leaning is Leaning.PAST and moment > current:
            return moment - _DAY
        if leaning is Leaning.FUTURE and moment < current:
            return moment + _DAY
    except OverflowError:
        raise unknown(str(clock)) from None
    return moment
