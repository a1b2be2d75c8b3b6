"""How a segment has changed since a day: its size then, who came and who went.

Today's query is asked of the book of that day, so that a segment which was edited since, or is new,
compares like with like. A record that was renamed since is the same one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import value

if TYPE_CHECKING:
    from plaincrm.core.records.record import Record
    from plaincrm.core.records.segment import Segment
    from plaincrm.crm.book import Book


@value
class SegmentChange:
    """The size `before` and `now`; `came` are records of today, `went` those of the day that are in
    it no more, as they are today where they still exist.
    """

    before: int
    now: int
    came: tuple[Record, ...] = ()
    went: tuple[Record, ...] = ()


def segment_change(book: Book, past: Book, segment: Segment) -> SegmentChange:
    """The change of a segment between the book of a day and now. Raises QueryError."""
    then, now = _records(past, segment), _records(book, segment)
    today = {fold(each.id): each for each in now}
    former: dict[str, Record] = {}
    for each in then:
        current = book.store.get(each.kind.name, each.id)
        former[fold(current.id if current else each.id)] = current or each
    came = tuple(each for key, each in today.items() if key not in former)
    went = tuple(each for key, each in former.items() if key not in today)
    return SegmentChange(len(then), len(now), came, went)


def with_todays_segments(past: Book, names: Iterable[str], book: Book) -> Book:
    """The book of a day, asked by the segments of today."""
    for name in names:
        past.segments.replace(book.segments[name])
    return past


def _records(book: Book, segment: Segment) -> list[Record]:
    return book.select(segment.kind, [f"@{segment.name}"]).records
