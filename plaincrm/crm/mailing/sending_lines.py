"""The ledger of mails: what the book knows, and what only this machine knows yet."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from plaincrm.book.sending import SendingFile
from plaincrm.marketing import ledger
from plaincrm.marketing.ledger import Ledger, LedgerLine

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.crm.book_data import BookData


def ledger_of(book: BookData) -> Ledger:
    """What is known by now, in the book and on this machine."""
    return Ledger([*ledger.read(_shared(book)), *ledger.read(SendingFile(book.private).read())])


def note_sent(book: BookData, ids: Collection[str]) -> None:
    """Settle the tries in doubt of mails that have turned up: in a sent folder, or answered."""
    lines = [
        LedgerLine(began, "sent", message_id, recipient)
        for message_id, recipient, began in ledger_of(book).in_doubt()
        if message_id in ids
    ]
    if lines:
        SendingFile(book.private).append("".join(f"{line}\n" for line in lines))


def fold_sending(book: Book) -> None:
    """Write the lines that a killed run left on this machine into the book's ledger, so that a sync
    takes them along. Raises Conflict where somebody is sending now.
    """
    own = SendingFile(book.private)
    if not own.read():
        return
    with own.alone():
        lines = [*ledger.read(_shared(book)), *ledger.read(own.read())]
        change = book.change("Note what was being sent", "sync")
        change.put(ledger.PATH, ledger.written(lines).encode("ascii", "replace"))
        change.commit()
        own.clear()


def _shared(book: BookData) -> str:
    return (book.source.file(ledger.PATH) or b"").decode("ascii", "replace")
