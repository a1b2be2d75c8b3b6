"""Keys that the schema does not know: they compare as numbers or as dates where both sides read
so, else as text.
"""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from plaincrm.core.text.fold import fold
from plaincrm.core.values.types import TYPES, read
from plaincrm.core.values.value_type import Question, Span, Type

_READ_AS = ("number", "date")


class AnyType(Type):
    """The type of a key of the user's own."""

    name = "any"
    spoken = "an any"
    compared_whole = False
    ordered = True

    def sort_key(self, value: Any, zone: tzinfo) -> tuple[int, Any]:
        """Numbers first, then dates, then text; each in its own order."""
        for name in ("number", "datetime"):
            try:
                return TYPES[name].sort_key(read(name, value), zone)
            except ValueError:
                continue
        return self.rank, fold(value)

    def readings(self, text: str, question: Question) -> list[tuple[Type, Span]]:
        """A typed word on the scale of each type that reads it, text last."""
        found = []
        for name in _READ_AS:
            try:
                found.append((TYPES[name], TYPES[name].span(text, question)))
            except ValueError:
                continue
        return [*found, (self, self.span(text, question))]


ANY = AnyType()
