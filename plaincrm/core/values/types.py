"""The list of types, and what is read, shown and compared by them.

Nothing here guesses: `NO` in a text field is the text `NO`. A value that its type refuses raises
ValueError with a sentence; whoever reads a file turns it into a `Problem`, whoever writes one
refuses it.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias

from plaincrm.core.values.date_types import ActionType, DatetimeType, DateType, MonthDayType
from plaincrm.core.values.dated import Action, MonthDay
from plaincrm.core.values.duration import Duration
from plaincrm.core.values.money import Money
from plaincrm.core.values.number_types import (
    BoolType,
    DurationType,
    MoneyType,
    NumberType,
    PercentType,
)
from plaincrm.core.values.text_types import (
    EmailType,
    EnumType,
    LinkType,
    PhoneType,
    TextType,
    UrlType,
)
from plaincrm.core.values.value_type import Type

Value: TypeAlias = str | bool | Decimal | date | datetime | MonthDay | Duration | Money | Action

_SHIPPED = (
    TextType(),
    EmailType(),
    PhoneType(),
    UrlType(),
    DateType(),
    DatetimeType(),
    MonthDayType(),
    DurationType(),
    NumberType(),
    PercentType(),
    MoneyType(),
    BoolType(),
    EnumType(),
    LinkType(),
    ActionType(),
)
TYPES: dict[str, Type] = {each.name: each for each in _SHIPPED}
"""Every type by its name in the schema, in the order in which messages list them."""

TEXT = TYPES["text"]
NUMBER = TYPES["number"]
_CLASSES: dict[type, Type] = {}
for _each in reversed(_SHIPPED):  # of two types of one class the first shows its values
    _CLASSES[_each.values] = _each
_CLASSES |= {int: NUMBER, float: NUMBER}


def register(added: Type) -> None:
    """Make a type known everywhere, before any schema is read."""
    TYPES[added.name] = added
    _CLASSES.setdefault(added.values, added)


def forget(name: str) -> None:
    """Take back what `register` did, for tests."""
    gone = TYPES.pop(name)
    if _CLASSES.get(gone.values) is gone:
        del _CLASSES[gone.values]
    read.cache_clear()


def type_of(value: Any) -> Type:
    """The type that shows a typed value, by the value's class."""
    return _CLASSES.get(type(value), TEXT)


@lru_cache(maxsize=65536)
def read(type_name: str, text: str, currency: str = "") -> Any:
    """One scalar of a file as a value of `type_name`. Raises ValueError with a sentence that quotes
    it.
    """
    return TYPES[type_name].read(text, currency)
