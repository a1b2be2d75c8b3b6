"""What this machine can't know: mails that another one has sent since the last sync."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plaincrm.book.last_sync import last_sync

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData


def words(book: BookData) -> Iterator[str]:
    """A line for people where the book has another end: when this machine synced last."""
    if book.git is None or not book.git.call("remote").out.strip():
        return
    moment = last_sync(book.private)
    if moment is None:
        yield "this machine has not synced yet; what others have sent is not known: plaincrm sync"
        return
    local = moment.astimezone(book.now.tzinfo)
    yield f"last sync {local:%Y-%m-%d %H:%M}; what others sent since is not known: plaincrm sync"
