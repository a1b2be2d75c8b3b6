"""Edits by hand taken into the history, on a machine that syncs with no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plaincrm.book.git.sync import SyncResult, SyncRun
from plaincrm.crm.hand_edits import Confirm, HandEdits, nobody
from plaincrm.errors import GitFailed

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


def pending(book: Book) -> SyncResult:
    """What `commit` would take: `committed` are the paths, `left_alone` those of no book."""
    return _syncing(book, nobody).pending()


def commit(book: Book, confirm: Confirm = nobody) -> SyncResult:
    """Commit what was edited by hand, as a sync does, and send nothing.

    `confirm` is told of many files that are gone, and answers whether that is meant. Raises
    GitFailed without git, Conflict for an unfinished merge, PlaincrmError.
    """
    return _syncing(book, confirm).commit()


def _syncing(book: Book, confirm: Confirm) -> SyncRun:
    if book.git is None:
        raise GitFailed("the book is no git repo, so there is no history to write", "git init")
    _ = book.source  # completes what a killed command left
    return SyncRun(book.git, book.private, HandEdits(book, confirm))
