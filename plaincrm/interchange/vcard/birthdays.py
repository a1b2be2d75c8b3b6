"""Birthdays as programs write them, with the year or without."""

from __future__ import annotations

import re

from plaincrm.interchange.vcard.lines import Line

_DAY = re.compile(r"(\d{4}|--)-?(\d\d)-?(\d\d)(?:[T ].*)?")


def birthday(line: Line) -> str:
    """`1980-03-22`, or `09-01` without a year (`--0901`, Apple's year 1604); other text as it
    stands.
    """
    text = line.text.strip()
    match = _DAY.fullmatch(text)
    if not match:
        return text
    year, month, day = match.groups()
    unknown = year == "--" or year in line.params.get("X-APPLE-OMIT-YEAR", ())
    return f"{month}-{day}" if unknown else f"{year}-{month}-{day}"
