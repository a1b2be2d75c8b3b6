"""Drafts of an older plaincrm, which had what it knew of them in their headers (`X-Plaincrm-…`).

They are read as ever. Before a mail program gets one, and whenever drafts are added, that goes
where it belongs (`book.draft_marks`), and the draft is written anew without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plaincrm.book import atomic
from plaincrm.book.draft_marks import WRITTEN, DraftMarks
from plaincrm.book.lock import writing
from plaincrm.book.outbox import Outbox
from plaincrm.interchange.mail.parse import parse
from plaincrm.interchange.mail.wire import without_working_headers

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData


def clean(book: BookData) -> None:
    """Take working headers out of all drafts that wait. Raises PlaincrmError."""
    marks = DraftMarks(book.root)
    for waiting in Outbox(book.root).list():
        data = waiting.read()
        cleaned = without_working_headers(data)
        if cleaned == data:
            continue
        mail = parse(data)
        written = {WRITTEN: mail.date.isoformat()} if mail.date else {}
        with writing(book.private):
            if mail.message_id and mail.marks:
                marks.add({mail.message_id: {**mail.marks, **written}})
            atomic.replace(waiting.path, cleaned, data)
