"""What lies in `inbox/`: read, and moved to `inbox/done/` when all of it went in.

A file of which something was rejected, or waits for its people, stays; it does no harm there, since
nothing goes in twice, and `today` says that it waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from plaincrm.book.inbox import Inbox
from plaincrm.crm.importing.report import Import, Row
from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


def waiting(book: Book) -> tuple[str, ...]:
    """The files that wait in the inbox, relative to the book."""
    return Inbox(book.root).waiting()


def unreadable(done: Import, refused: Iterable[tuple[str, Refused]]) -> None:
    """A file of the inbox that can't be read is a reject of its own, and stops no other."""
    for path, error in refused:
        reason = error.message.removeprefix(f"{path}: ") + (f"; {error.hint}" if error.hint else "")
        done.rows.append(Row(path, 0, "rejected", reason=reason))


def finish(book: Book, paths: Sequence[str], done: Import) -> tuple[list[str], list[str]]:
    """Move what went in; call it after the commit. The files that moved, and those that stay."""
    staying = {row.file for row in done.rows if row.waits or row.action == "rejected"}
    inbox = Inbox(book.root)
    moved = [path for path in paths if path not in staying]
    for path in moved:
        inbox.finish(path)
    return moved, [path for path in paths if path in staying]
