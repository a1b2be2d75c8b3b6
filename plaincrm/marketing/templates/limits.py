"""What a template may touch and how much it may make: attributes by type, sizes, and a budget of
work.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

TEXT_CAP = 256 * 1024  # characters that one text may reach, the e-mail itself among them
SOURCE_CAP = 64 * 1024
RANGE_CAP = 1000
WORK = 2_000_000  # units: a character made is one, a step of a loop or a call is STEP
STEP = 10
_FAST = 64  # characters of a nested text that cost as much as a step: they are compared at once


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DATE = _words("year month day isoformat weekday isoweekday")
_ATTRIBUTES: tuple[tuple[type, frozenset[str]], ...] = (
    (
        str,
        _words(
            """upper lower title capitalize casefold strip lstrip rstrip split rsplit splitlines
            partition rpartition startswith endswith removeprefix removesuffix find count isdigit
            isupper islower"""
        ),
    ),
    (dict, frozenset({"get", "items", "keys", "values"})),
    (list, frozenset({"index", "count"})),
    (datetime, _DATE | {"hour", "minute", "date"}),
    (date, _DATE),
    (timedelta, frozenset({"days"})),
    (tuple, frozenset({"grouper", "list"})),
)
LOOP = _words("index index0 revindex revindex0 first last length cycle changed previtem nextitem")


class TooLarge(Exception):
    """The template asks for more than an e-mail ever needs."""


class MissingValue:
    """The mark of a value that the context lacks; as text it is empty, and notes that it was asked
    for.
    """

    __slots__ = ()


def attribute_allowed(value: Any, name: str) -> bool:
    """Whether a template may say `.name` of this plain value."""
    return any(isinstance(value, kind) and name in names for kind, names in _ATTRIBUTES)


def bounded(length: int) -> None:
    """Raise TooLarge where a text or list would grow past the cap."""
    if length > TEXT_CAP:
        raise TooLarge("the template makes a text that is too long")


def capped(chunks: Iterable[str]) -> str:
    """The chunks in one text, as long as it stays below the cap."""
    parts: list[str] = []
    length = 0
    for chunk in chunks:
        length += len(chunk)
        bounded(length)
        parts.append(chunk)
    return "".join(parts)


def bounded_range(*numbers: int) -> range:
    """`range` of at most a thousand numbers."""
    found = range(*numbers)
    if len(found) > RANGE_CAP:
        raise TooLarge(f"range is limited to {RANGE_CAP} numbers")
    return found


def size(value: Any) -> int:
    """What it costs to look through a value: the characters of a text; all that is nested in a
    list or a map, as often as it stands there. It stops counting where no budget reaches.
    """
    if isinstance(value, str):
        return len(value)
    found, waiting = 0, [value]
    while waiting and found <= WORK:
        one = waiting.pop()
        found += 1
        if isinstance(one, str):
            found += len(one) // _FAST
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple):
            waiting += one
    return found


def numbers_alone(*values: Any) -> None:
    """Raise TypeError for the start of a sum that is no number: lists would be added up in
    quadratic time.
    """
    if not all(isinstance(one, int | float | Decimal) for one in values):
        raise TypeError("sum begins with a number")


@dataclass(slots=True)
class RenderingState:
    """The state of one rendering: work left, values found missing, names of the context's maps by
    id().
    """

    language: str = "en"
    work: int = WORK
    absent: set[str] = field(default_factory=set)
    paths: dict[int, str] = field(default_factory=dict)

    def spend(self, units: int) -> None:
        self.work -= units
        if self.work < 0:
            raise TooLarge("the template runs too long")
