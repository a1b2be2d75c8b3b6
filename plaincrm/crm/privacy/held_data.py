"""All that a book holds on one person: their record, the records that belong to it, and mentions
everywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plaincrm.book.other_files import beside
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.crm.privacy.traces import Traces

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData


@value
class Mention:
    """A line of a file that names the person; `path` is relative to the book."""

    path: str
    line: int
    text: str


@value
class HeldData:
    """`related` are the records that link to it, once each; `mentions` are in no record of
    these.
    """

    record: Record
    related: tuple[Record, ...]
    mentions: tuple[Mention, ...]


def held(book: BookData, record: Record) -> HeldData:
    """Looks through every file of the book, `inbox/` and `outbox/` too."""
    related = {
        source.path: source for source, _ in book.store.links_to(record) if source.ref != record.ref
    }
    traces = Traces(record)
    found = (
        mention
        for mention in _mentions(book, traces)
        if mention.path not in (record.path, *related)
    )
    return HeldData(record, tuple(related.values()), tuple(found))


def mentioning(book: BookData, traces: Traces) -> Iterator[Record]:
    """The records in whose files there is a trace."""
    return (record for record in book.store.all() if traces.blanked(text := record.load()) != text)


def _mentions(book: BookData, traces: Traces) -> Iterator[Mention]:
    for record in mentioning(book, traces):
        yield from (Mention(record.path, *line) for line in traces.lines(record.load()))
    yield from mentions_beside(book, traces)


def mentions_beside(book: BookData, traces: Traces) -> Iterator[Mention]:
    """Those in files that are no records, whatever they are; and the files that are too large to
    look through.
    """
    records = {record.path for record in book.store.all()}
    for path, text in beside(book.root, records):
        if text is None:
            yield Mention(path, 0, "too large to look through")
        else:
            yield from (Mention(path, *line) for line in traces.lines(text))
