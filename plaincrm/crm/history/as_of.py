"""Any day of the past: the book as git has it of that day's end."""

from __future__ import annotations

from datetime import date, datetime, time

from plaincrm.book.git.repo_state import CUT, DEEPEN
from plaincrm.book.source import Past
from plaincrm.crm.book import Book
from plaincrm.crm.history.field_changes import git_of
from plaincrm.errors import NotFound, UsageError


def as_of(book: Book, day: date) -> Book:
    """The book at the end of `day`; its `now` is then. Today's is the book itself. Raises GitFailed
    without git, NotFound if git has nothing that old, UsageError for a day to come."""
    if day > book.now.date():
        raise UsageError(f"{day} is not past", "leave --as-of away to see today")
    if day == book.now.date():
        return book
    git = git_of(book)
    end = datetime.combine(day, time(23, 59, 59), book.settings.zone)
    rev = git.run_or_none(
        "rev-list", "-1", "--first-parent", f"--before={int(end.timestamp())}", "HEAD"
    )
    if not rev and git.boundary:
        raise NotFound(f"{CUT}, and has no commit of {day} or before", DEEPEN)
    if not rev:
        raise NotFound(
            f"the book has no commit of {day} or before",
            "plaincrm history shows how far back it goes",
        )
    return Book(book.root, lambda zone: end.astimezone(zone), Past(git, rev))
