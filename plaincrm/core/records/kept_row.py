"""What the cache keeps of a record beyond single values: tuples whose fields have names.

    class KeptChange(KeptRow):
        day: str
        old: str
        new: str

    row = KeptChange("2026-11-01", "lead", "won").packed()    # a plain tuple, for the cache
    KeptChange.read(row).new                                   # "won"

The cache takes plain tuples of text, numbers and tuples alone. Reading one costs no more than a
tuple does, since tens of thousands are read for one figure; so a day stays ISO text until somebody
asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from operator import itemgetter
from typing import Any, Self, dataclass_transform


@dataclass_transform(frozen_default=True)
class KeptRow(tuple[Any, ...]):
    """A tuple with the fields that its class annotates, in that order."""

    __slots__ = ()

    def __new__(cls, *fields: Any, **named: Any) -> Self:
        names = tuple(cls.__annotations__)
        if not fields and tuple(named) == names:
            return tuple.__new__(cls, named.values())
        every = (*fields, *(named.pop(name) for name in names[len(fields) :] if name in named))
        if named or len(every) != len(names):
            raise TypeError(f"{cls.__name__} takes {', '.join(names)}")
        return tuple.__new__(cls, every)

    def __init_subclass__(cls) -> None:
        for place, name in enumerate(cls.__annotations__):
            setattr(cls, name, property(itemgetter(place)))

    @classmethod
    def getter(cls, name: str) -> Callable[[Any], Any]:
        """A function that takes one field out of a packed row, for whole columns of them."""
        return itemgetter(tuple(cls.__annotations__).index(name))

    @classmethod
    def read(cls, row: Iterable[Any]) -> Self:
        """The row that `packed` gave."""
        return tuple.__new__(cls, row)

    def packed(self) -> tuple[Any, ...]:
        """The fields as the cache keeps them."""
        return tuple(self)


def iso_text(day: date | None) -> str:
    """A day as a row keeps it: ISO text, empty where there is none."""
    return day.isoformat() if day else ""


def day_of(text: str) -> date | None:
    """The day of such a text."""
    return date.fromisoformat(text) if text else None
