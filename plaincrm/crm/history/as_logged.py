"""A day before git's first commit: the deals as their own logs tell of the end of that day.

A deal stands in the stage that its log had by then, and is left out where it began later. Its other
fields are as they are now, since nothing tells what they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from plaincrm.core.records.edits import DeleteField, FieldEdit, SetField, apply
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import changes
from plaincrm.core.text.text_file import encode
from plaincrm.crm.book import Book
from plaincrm.errors import Problem


def as_logged(book: Book, day: date) -> Book:
    """The book at the end of `day`, of which git has nothing; its `now` is then."""
    end = datetime.combine(day, time(23, 59, 59), book.settings.zone)
    return Book(book.root, lambda zone: end.astimezone(zone), _Logged(book, day))


class _Logged:
    """The files of a book; of a deal the file that it would have had that day."""

    def __init__(self, book: Book, day: date) -> None:
        self.book, self.day = book, day
        self.problems: list[Problem] = []

    def records(self, kind: str, folder: str) -> Iterable[tuple[str, bytes]]:
        if kind == "deal":
            return self._deals()
        return self.book.source.records(kind, folder)

    def file(self, path: str) -> bytes | None:
        return self.book.source.file(path)

    def names(self, folder: str, ending: str) -> list[str]:
        return self.book.source.names(folder, ending)

    def _deals(self) -> Iterator[tuple[str, bytes]]:
        for deal in self.book.store.records("deal"):
            if was_there(deal, self.book.context, self.day):
                edits = _undone(deal, self.book.context, self.day)
                text = apply(deal.load(), edits, deal.kind.order, deal.kind.keys)
                yield deal.path, encode(text)


def was_there(deal: Record, context: Context, day: date) -> bool:
    """Whether a deal had begun by `day`. Of one that ended later without a word in its log nobody
    knows in which stage it was: it counts as one that came and ended since.
    """
    began, ended = context.fact(deal, "began"), context.fact(deal, "ended")
    if began is not None and began > day:
        return False
    return ended is None or ended <= day or bool(_later(deal, context, day))


def _undone(deal: Record, context: Context, day: date) -> list[FieldEdit]:
    """The edits that take back the changes of stage since `day`."""
    later = _later(deal, context, day)
    if not later:
        return []
    closed = [DeleteField("closed")] if "closed" in deal.fields else []
    return [SetField("stage", later[0][1]), *closed]


def _later(deal: Record, context: Context, day: date) -> list[tuple[date, str, str]]:
    """The changes of stage after `day` that say what was before them."""
    found = changes(deal, context, "stage")
    return [each for each in found if each[0] > day and each[1]]
