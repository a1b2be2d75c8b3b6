"""Dates as other programs write them, to the form of our files: `2024-03-15`, `2024-03-15 14:30Z`,
`09-01`.

Whether `3/4/2024` is March or April is a matter of the whole column (`DayOrder`), never of one
cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_ZONE = r"\s*(?P<zone>(?:Z|GMT|UTC)?\s*[+-]\d\d:?\d\d|(?:GMT|UTC)\s*[+-]\d{1,2}|Z|GMT|UTC)?"
_CLOCK = (
    r"(?:(?:\s*T\s*|,?\s+(?:um |at )?)(?P<hour>\d\d?):(?P<minute>\d\d)(?::\d\d(?:[.,]\d+)?)?"
    rf"\s*(?P<noon>[ap]\.?\s?m\.?)?{_ZONE})?"
)
_FORMS = tuple(
    re.compile(form + _CLOCK, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)",
        r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)",
        r"(?P<one>\d\d?)(?P<mark>[-/.]) ?(?P<two>\d\d?)(?P=mark) ?(?P<year>\d{4}|\d\d)",
        r"(?P<day>\d\d?)\.?(?:\s+de|º|er)?[\s-]+(?P<name>[^\W\d]{3,})\.?(?:\s+de)?,?[\s-]+(?P<year>\d{4}|\d\d)",
        r"(?P<name>[^\W\d]{3,})\.?\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})",
    )
)
_YEARLESS = re.compile(r"--(\d\d)-?(\d\d)|(\d\d)-(\d\d)")
_SERIAL = re.compile(r"(\d{5})(?:\.(\d+))?")
_EMPTY = re.compile(r"0{1,4}([-/.])0{1,2}(?:\1)0{1,4}(?:[T ].*)?")
_TWO_PARTS = re.compile(r"(\d\d?)([-/.]) ?(\d\d?)\2 ?(?:\d{4}|\d\d)(?!\d).*", re.DOTALL)
_EPOCH = date(1899, 12, 30)  # day 0 of Excel's serials, with its leap day of 1900 that never was
_MONTHS: dict[str, int] = {}
for _row in (
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "january february march april may june july august september october november december",
    "jän feb mär apr mai jun jul aug sep okt nov dez",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "ene feb mar abr may jun jul ago sep oct nov dic",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
):
    _MONTHS |= {name: number for number, name in enumerate(_row.split(), 1)}
_MONTHS |= {"sept": 9, "mrz": 3, "maerz": 3}


@dataclass(slots=True)
class DayOrder:
    """What a column's cells say about the order of day and month. `see` each cell, then ask."""

    day_first: int = 0
    month_first: int = 0
    unsure: int = 0
    serials: int = 0

    def see(self, text: str) -> None:
        text = text.strip()
        if _SERIAL.fullmatch(text):
            self.serials += 1
        elif found := _TWO_PARTS.fullmatch(text):
            one, mark, two = int(found[1]), found[2], int(found[3])
            self.day_first += one > 12 >= two or mark == "."
            self.month_first += two > 12 >= one and mark != "."
            self.unsure += 0 < one <= 12 and 0 < two <= 12 and one != two and mark != "."

    @property
    def ambiguous(self) -> bool:
        """Some cell can be read two ways and no other cell settles it."""
        return bool(self.unsure) and bool(self.day_first) == bool(self.month_first)

    def decide(self, locale_day_first: bool) -> bool:
        """True if the day stands first."""
        if self.ambiguous:
            return locale_day_first
        return (
            self.day_first >= self.month_first
            if self.day_first or self.month_first
            else locale_day_first
        )


def to_date(text: str, day_first: bool, serials: bool = False) -> str:
    """The day as printed in the cell: no zone ever moves a date. Empty for `0/0/00`. Raises
    ValueError.
    """
    return to_datetime(text, day_first, serials)[:10]


def to_monthday(text: str, day_first: bool, serials: bool = False) -> str:
    """`--09-01` and `09-01` keep their missing year."""
    if found := _YEARLESS.fullmatch(text.strip()):
        month, day = int(found[1] or found[3]), int(found[2] or found[4])
        date(2000, month, day)
        return f"{month:02}-{day:02}"
    return to_date(text, day_first, serials)


def to_datetime(text: str, day_first: bool, serials: bool = False) -> str:
    """`2006-06-15 20:47Z`; without a time in the cell, the day. Raises ValueError."""
    text = " ".join(text.split())
    if not text or _EMPTY.fullmatch(text):
        return ""
    if serials and (found := _SERIAL.fullmatch(text)):
        return _serial(found)
    for form in _FORMS:
        if found := form.fullmatch(text):
            return f"{_day(found.groupdict(), day_first, text)}{_clock(found.groupdict(), text)}"
    raise ValueError(f'"{text}" is no date')


def _serial(found: re.Match[str]) -> str:
    day = _EPOCH + timedelta(days=int(found[1]))
    minutes = round(float(f"0.{found[2] or 0}") * 1440)
    return f"{day}" if not minutes else f"{day} {minutes // 60:02}:{minutes % 60:02}"


def _day(parts: dict[str, str | None], day_first: bool, text: str) -> date:
    year, month, day = parts["year"] or "", parts.get("month"), parts.get("day")
    if "one" in parts:
        first = day_first or parts["mark"] == "."
        day, month = (parts["one"], parts["two"]) if first else (parts["two"], parts["one"])
    if "name" in parts:
        month = str(_MONTHS.get((parts["name"] or "").casefold(), 0))
    century = "19" if int(year) >= 69 else "20"
    if len(year) == 4:
        century = ""
    try:
        return date(int(century + year), int(month or 0), int(day or 0))
    except ValueError:
        raise ValueError(f'"{text}" is no date') from None


def _clock(parts: dict[str, str | None], text: str) -> str:
    if not parts["hour"]:
        return ""
    hour, minute, noon = (
        int(parts["hour"]),
        int(parts["minute"] or 0),
        (parts["noon"] or "")[:1].lower(),
    )
    if noon and 1 <= hour <= 12:
        hour = hour % 12 + (12 if noon == "p" else 0)
    if hour > 23 or minute > 59:
        raise ValueError(f'"{text}" has no such time')
    return f" {hour:02}:{minute:02}{_zone(parts['zone'] or '')}"


def _zone(text: str) -> str:
    """`Z-0300` is three hours west; `GMT` is `Z`."""
    digits = re.sub(r"[^\d+-]", "", text)
    if len(digits) in (2, 3):  # GMT+1
        digits = f"{digits[0]}{int(digits[1:]):02}00"
    if not digits:
        return "Z" if text else ""
    return "Z" if digits[1:] == "0000" else f"{digits[:3]}:{digits[3:]}"
