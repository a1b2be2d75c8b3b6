"""What keeps a rendered mail from being sent: an address in `cc:` that is none, an attachment that
is not there, a `next:` that names no day. Found in the preview, not after the mail is out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plaincrm.book import inside
from plaincrm.core.schema.days_off import days_off
from plaincrm.crm.date_values import DateValues
from plaincrm.errors import PlaincrmError, Refused
from plaincrm.interchange.mail.build import mailbox
from plaincrm.marketing.templates.rendered import Rendered

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

# Most mail servers refuse more; as it travels, a file is a third larger.
LARGEST_ATTACHMENT = 20_000_000  # bytes


class Sendable:
    """Looks at rendered mails; each file and each step is looked at once."""

    def __init__(self, book: BookData) -> None:
        self._book = book
        self._known: dict[tuple[str, str], str] = {}

    def problem(self, mail: Rendered) -> str:
        """What is wrong with the mail; empty where nothing is."""
        asked = [
            *(("cc", each) for each in mail.cc),
            *(("attachments", each) for each in mail.attachments),
            *([("next", mail.next)] if mail.next else []),
        ]
        return next(filter(None, (self._of(*each) for each in asked)), "")

    def _of(self, field: str, text: str) -> str:
        if (field, text) not in self._known:
            check = {"cc": self._address, "attachments": self._file, "next": self._step}[field]
            self._known[field, text] = check(text)
        return self._known[field, text]

    def _address(self, text: str) -> str:
        try:
            mailbox(text)
        except Refused as error:
            return f"cc: {error.message}"
        return ""

    def _file(self, path: str) -> str:
        try:
            place = inside.place(self._book.root, path)
            size = place.stat().st_size if place.is_file() else None
        except (PlaincrmError, OSError) as error:
            return f"attachments: {path}: {error}"
        if size is None:
            return f"attachments: {path} is not in the book"
        return f"attachments: {path} is too large to be mailed" if size > LARGEST_ATTACHMENT else ""

    def _step(self, words: str) -> str:
        try:
            DateValues(self._book.now, off=days_off(self._book.settings)).action("next", words)
        except PlaincrmError as error:
            return f"next: {error.message.removeprefix('next: ')}"
        return ""
