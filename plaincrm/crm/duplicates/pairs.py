"""The likely duplicates of a book, likeliest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.crm.duplicates.blocks import candidates
from plaincrm.crm.duplicates.exclusions import kept_apart
from plaincrm.crm.duplicates.features import traits
from plaincrm.crm.duplicates.score import score

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

KINDS = ("contact", "company")
THRESHOLD = 70


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two records that may be one. `keep` is the fuller of the two, and the elder of equally full
    ones.
    """

    keep: Record
    duplicate: Record
    score: int
    reasons: tuple[str, ...]


def pairs(
    book: Book, kinds: Iterable[str] = KINDS, threshold: float = THRESHOLD
) -> list[DuplicatePair]:
    """Pairs of at least `threshold` points of 100, likeliest first, without those that somebody
    told apart.
    """
    apart = kept_apart(book)
    found = [pair for kind in kinds for pair in _of_kind(book, kind, threshold)]
    found = [pair for pair in found if frozenset((pair.keep.ref, pair.duplicate.ref)) not in apart]
    return sorted(found, key=lambda pair: (-pair.score, pair.keep.ref, pair.duplicate.ref))


def _of_kind(book: Book, kind: str, threshold: float) -> Iterable[DuplicatePair]:
    known = [
        traits(record, book.store, book.settings.country) for record in book.store.records(kind)
    ]
    carriers = Counter(what for each in known for what in (*each.emails, *each.phones))
    for first, second in candidates(known):
        points, reasons = score(known[first], known[second], carriers)
        if points >= threshold:
            keep, duplicate = sorted((known[first].record, known[second].record), key=_worth)
            yield DuplicatePair(keep, duplicate, points, tuple(reasons))


def _worth(record: Record) -> tuple[int, str, int, str]:
    return -len(record.fields), record.text("created") or "9999", len(record.id), record.id
