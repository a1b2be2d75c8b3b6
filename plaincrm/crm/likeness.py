"""Likeness of names: for a name that was half remembered, and for "is somebody like that there already?"."""

from __future__ import annotations

from collections.abc import Sequence

from plaincrm.core.record import Record
from plaincrm.core.types import fold

SHOWN = 8


def closest(word: str, records: Sequence[Record], score: float) -> list[Record]:
    """The records whose names are like `word` (at least `score` of 100), likest first.

    The best one alone where it stands clearly above the rest.
    """
    from rapidfuzz import fuzz, process

    names = [fold(record.title) for record in records]
    found = process.extract(fold(word), names, scorer=fuzz.WRatio, score_cutoff=score, limit=SHOWN)
    if len(found) > 1 and found[0][1] - found[1][1] >= 10:
        found = found[:1]
    return [records[index] for _, _, index in found]


def same_name(one: str, other: str) -> float:
    """How alike two whole names are, 0 to 100, whatever the order of their words."""
    from rapidfuzz import fuzz

    return float(fuzz.token_sort_ratio(fold(one), fold(other)))
