"""What lies in `inbox/`: read, and moved to `inbox/done/` when all of it went in.

A file of which something was rejected, or waits for its people, stays; it does no harm there, since
nothing goes in twice, and `today` says that it waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plaincrm.book.inbox import Inbox
from plaincrm.crm.importing.report import Import
from plaincrm.crm.importing.run import ImportOptions, InputFile, run

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


def waiting(book: Book) -> list[InputFile]:
    """The files that wait in the inbox, named by their paths in the book."""
    return [InputFile(path, book.root / path) for path in Inbox(book.root).waiting()]


def take(book: Book, options: ImportOptions | None = None) -> Import:
    """Import what waits in the inbox, commit it, and move what went in to `inbox/done/`."""
    files = waiting(book)
    done = run(book, files, options, skip_unreadable=True)
    done.change.commit()
    finish(book, files, done)
    return done


def finish(book: Book, files: Sequence[InputFile], done: Import) -> tuple[list[str], list[str]]:
    """Move what went in; call it after the commit. The files that moved, and those that stay."""
    paths = [file.name for file in files]
    staying = {row.file for row in done.rows if row.waits or row.action == "rejected"}
    inbox = Inbox(book.root)
    moved = [path for path in paths if path not in staying]
    for path in moved:
        inbox.finish(path)
    return moved, [path for path in paths if path in staying]
