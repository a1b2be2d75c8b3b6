"""The bridge of the pipeline between two days of a book, from git's trees of those days; a day that
is older than git's first commit is read from the logs of the deals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.crm.book import Book
from plaincrm.crm.history.as_logged import as_logged
from plaincrm.crm.history.as_of import as_of
from plaincrm.crm.history.field_changes import git_of
from plaincrm.errors import NotFound, UsageError
from plaincrm.sales.bridge import Bridge, bridge


def between(book: Book, since: date, until: date, words: Sequence[str] = ()) -> Bridge:
    """From the end of one day to the end of another; today's is the book as it is.

    `words`: a query; of the deals that it selects on either day, both days are told. Raises
    UsageError, QueryError, NotFound where git has nothing as old as `until`, or is cut off.
    """
    if since >= until:
        raise UsageError(f"{since} is not before {until}", "--since names the earlier day")
    now = as_of(book, until)
    then, from_log = _then(book, now, since)
    before, after = (each.store.records("deal") for each in (then, now))
    if words:
        chosen = {
            _id(deal, now) for each in (then, now) for deal in each.select("deal", words).records
        }
        before, after = (
            [deal for deal in deals if _id(deal, now) in chosen] for deals in (before, after)
        )
    return replace(bridge(before, then.context, after, now.context), from_log=from_log)


def _then(book: Book, now: Book, since: date) -> tuple[Book, bool]:
    """The book of the first day, and whether the logs had to tell of it."""
    git = git_of(book)
    try:
        return as_of(book, since), False
    except NotFound:
        if git.boundary:  # a shallow clone: the commits are there, elsewhere
            raise
    return as_logged(now, since), True


def _id(deal: Record, now: Book) -> str:
    """The id that a deal has now; one that is gone keeps its own."""
    found = now.store.get("deal", deal.id)
    return fold(found.id if found else deal.id)
