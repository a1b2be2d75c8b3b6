"""The types of the schema: text as it stands in a file to a typed value, and what is wrong with it.

Nothing here guesses: `NO` in a text field is the text `NO`. A value that its type refuses raises
ValueError with a sentence; whoever reads a file turns it into a `Problem`, whoever writes one
refuses it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache, total_ordering
from typing import TypeAlias

from plaincrm.core.schema.kinds import Field
from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value
from plaincrm.core.values import duration, money
from plaincrm.core.values.duration import Duration
from plaincrm.core.values.money import Money
from plaincrm.core.values.month_day import MonthDay, parse_monthday

TRUE = frozenset({"true", "yes", "on", "1"})
FALSE = frozenset({"false", "no", "off", "0"})
_ATOM = r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]+"
_EMAIL = pattern(rf"{_ATOM}@{_ATOM}\.{_ATOM}(?<!\.)")
_PHONE = pattern(r"\+?[\d\s().\-/]{3,}(?:\s*(?:x|ext\.?|#)\s*\d+)?", re.IGNORECASE)
_URL = pattern(r"(?:https?://|mailto:|tel:)?[^\s<>\"]+\.?[^\s<>\"]*")


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


Value: TypeAlias = str | bool | Decimal | date | datetime | MonthDay | Duration | Money | Action


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise ValueError(f'"{text}" is no e-mail address')
    return text


def _phone(text: str) -> str:
    if not _PHONE.fullmatch(text):
        raise ValueError(f'"{text}" is no phone number')
    return text


def _url(text: str) -> str:
    if not _URL.fullmatch(text) or re.match(
        r"(?:javascript|data|vbscript|file):", text, re.IGNORECASE
    ):
        raise ValueError(f'"{text}" is no web address')
    return text


def _date(text: str) -> date:
    if len(text) == 10 and text[4] == text[7] == "-" and text.isascii():
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass  # below it is said what is wrong
    stored = _datetime(text)
    if isinstance(stored, datetime):
        raise ValueError(f'"{text}" has a time; a date is wanted, as 2026-12-01')
    return stored


def _datetime(text: str) -> date | datetime:
    from plaincrm.core.values import dates

    return dates.parse_stored(text)


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite() or not re.fullmatch(r"[+-]?\d*\.?\d*", text.strip()):
        raise ValueError(f'"{text}" is no number; write it as 1234.56')
    return value


def _percent(text: str) -> Decimal:
    """`50`, `50%` and `0.5` mean fifty per cent; exactly `1` is one per cent (Salesforce's scale,
    not HubSpot's).
    """
    stripped = text.strip()
    value = _number(stripped.removesuffix("%").rstrip())
    if not stripped.endswith("%") and Decimal(0) < value < Decimal(1):
        value *= 100
    if not 0 <= value <= 100:
        raise ValueError(f'"{text}" is no percentage from 0 to 100')
    return value


def _bool(text: str) -> bool:
    word = text.strip().casefold()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ValueError(f'"{text}" is neither true nor false')


def _action(text: str) -> Action:
    day, _, rest = text.strip().partition(" ")
    return Action(_date(day), rest.strip())


def _text(text: str) -> str:
    return text


_READERS: dict[str, Callable[[str], Value]] = {
    "text": _text,
    "enum": _text,
    "ref": _text,
    "email": _email,
    "phone": _phone,
    "url": _url,
    "date": _date,
    "datetime": _datetime,
    "monthday": parse_monthday,
    "duration": duration.parse,
    "number": _number,
    "percent": _percent,
    "bool": _bool,
    "action": _action,
}
TEXTUAL = frozenset({"text", "enum", "ref", "email", "phone", "url"})


@lru_cache(maxsize=65536)
def read(type_name: str, text: str, currency: str = "") -> Value:
    """One scalar of a file as a value of `type_name`. Raises ValueError with a sentence that quotes
    it.
    """
    if type_name == "money":
        return money.parse(text, currency)
    return _READERS[type_name](text)


def refusal(field: Field, text: str, beside: str = "") -> str:
    """Why `field` can't hold `text`, as a sentence; empty if it can.

    `beside` is the value of the field that an enum's values depend on (a stage's pipeline).
    """
    if field.type == "text":
        return ""
    try:
        read.__wrapped__(field.type, text, "XXX")  # once for each value: nothing to remember
    except ValueError as error:
        return str(error)
    allowed = field.cases.get(beside, ()) if field.by else field.values
    if allowed and text.casefold() not in {value.casefold() for value in allowed}:
        return f'"{text}" is no {field.name}; it is one of {", ".join(allowed)}'
    return ""


def fold(text: str) -> str:
    """The form in which ids, tags and names are compared: NFC, without case."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFC", text).casefold()
