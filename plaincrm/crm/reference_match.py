"""One record that a word may mean, how surely it was found, and who is asked about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum

from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.errors import Ambiguous


class Sureness(IntEnum):
    """How a record was found; where nobody can be asked, a write never acts on FUZZY, `rm` and
    `email` not on PREFIX either.
    """

    EXACT = 0
    PREFIX = 1
    FUZZY = 2


@value
class Match:
    record: Record
    sureness: Sureness


# Who is asked: the word, what it may mean, and how surely it has to be known.
Choose = Callable[[str, Sequence[Match], Sureness], Match]


def ambiguous(word: str, found: Sequence[Match]) -> Ambiguous:
    """The error that lists what a word may mean."""
    names = [f"{match.record.ref}  {match.record.title}" for match in found]
    several = "may mean one of these"
    fits = several if len(found) > 1 else "is not its whole name; say which you mean"
    return Ambiguous(f'"{word}" {fits}:', names, "name it by kind/id")
