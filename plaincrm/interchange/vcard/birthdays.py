"""Birthdays as programs write them, with the year or without."""

from __future__ import annotations

import re
from datetime import date

from plaincrm.interchange.vcard.lines import CardLine

_DAY = re.compile(r"(\d{4}|--)-?(\d\d)-?(\d\d)(?:[T ].*)?")
_LOCAL = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_NO_YEAR = frozenset({"--", "0000", "1604"})
"""What programs write for a birthday whose year nobody knows; Apple takes 1604, a leap year."""


def birthday(line: CardLine) -> str:
    """`1980-03-22`, or `09-01` without a year (`--0901`, Apple's year 1604); other text as it
    stands. `24.12.1985` and `12/24/1985` can mean one day only, `03/04/1985` may mean two.
    """
    text = line.text.strip()
    match = _DAY.fullmatch(text)
    if match:
        year, month, day = match.groups()
        unknown = year in _NO_YEAR or year in line.params.get("X-APPLE-OMIT-YEAR", ())
        return f"{month}-{day}" if unknown else f"{year}-{month}-{day}"
    local = _LOCAL.fullmatch(text)
    return _of_local(*local.groups()) or text if local else text


def _of_local(one: str, mark: str, two: str, year: str) -> str:
    first, second = int(one), int(two)
    if mark == "." or first > 12:
        day, month = first, second
    elif second > 12 or first == second:
        day, month = second, first
    else:
        return ""
    try:
        return date(int(year), month, day).isoformat()
    except ValueError:
        return ""
