"""Values that a field refuses though there is no doubt what they mean: `01.12.2026` for 2026-12-01.

Nothing is guessed: `01/12/2026` is December to some and January to others, and stays a problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from plaincrm.core.schema.kinds import Field, refusal
from plaincrm.core.values import typed_money
from plaincrm.core.values.value_type import Type

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?"
_FORMS = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
    re.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})"),
    re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH},? (?P<y>\d{{4}})", re.IGNORECASE),
    re.compile(rf"{_MONTH} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})", re.IGNORECASE),
)
_SLASHED = re.compile(r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4})")


def sure_spelling(field: Field, text: str) -> str:
    """How `text` has to be written so that `field` takes it; empty where that is not sure."""
    found = next(iter(_candidates(field.value_type, text.strip())), "")
    return found if found and not refusal(field, found) else ""


def _candidates(kind: Type, text: str) -> Iterator[str]:
    if kind.monetary:
        yield from _money(text)
    elif kind.worded:
        day, space, rest = text.partition(" ")
        yield from (f"{each}{space}{rest}" for each in _dates(day.rstrip(":")))
    elif kind.dated:
        yield from _dates(text)


def _dates(text: str) -> Iterator[str]:
    for form in _FORMS:
        match = form.fullmatch(text)
        if match:
            parts = match.groupdict()
            month = (
                _MONTHS.index(parts["month"][:3].lower()) + 1
                if parts.get("month")
                else int(parts["m"])
            )
            yield from _iso(int(parts["y"]), month, int(parts["d"]))
    slashed = _SLASHED.fullmatch(text)
    if slashed:
        first, second, year = int(slashed["a"]), int(slashed["b"]), int(slashed["y"])
        if first > 12 or first == second:
            yield from _iso(year, second, first)
        elif second > 12:
            yield from _iso(year, first, second)


def _iso(year: int, month: int, day: int) -> Iterator[str]:
    try:
        yield date(year, month, day).isoformat()
    except ValueError:
        return


def _money(text: str) -> Iterator[str]:
    with suppress(ValueError):
        yield str(typed_money.read(text, printed=False)).strip()
