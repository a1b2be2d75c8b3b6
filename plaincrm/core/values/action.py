"""What to do next, and when."""

from __future__ import annotations

from datetime import date
from functools import total_ordering

from plaincrm.core.value_class import value


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
