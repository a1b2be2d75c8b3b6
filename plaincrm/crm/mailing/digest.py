"""`today --mail`: the day as a mail to oneself, into the outbox or sent at once."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from plaincrm.book.draft_marks import WRITTEN, DraftMarks
from plaincrm.book.outbox import Outbox
from plaincrm.crm.mailing import post
from plaincrm.crm.mailing.render import mail_domain, sender
from plaincrm.errors import PlaincrmError, Refused
from plaincrm.interchange.mail.build import OutgoingMessage, build, mailbox

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData


def message(book: BookData, subject: str, text: str) -> OutgoingMessage:
    """The mail, from oneself to oneself. It has one id a day, so that a mail program knows a second
    one for the same. Raises Refused where the settings do not say who one is.
    """
    own = sender(book)
    to = book.settings.me.email[0] if book.settings.me.email else own.address
    if not to:
        raise Refused("plaincrm.yaml does not say who you are", "me: {name: …, email: …}")
    day = book.context.today.isoformat()
    digest = sha256(f"today\0{day}\0{to}".encode("utf-8", "replace")).hexdigest()[:20]
    return OutgoingMessage(
        sender=own,
        to=mailbox(f"{book.settings.me.name} <{to}>" if book.settings.me.name else to),
        subject=f"plaincrm {subject}",
        text=text,
        message_id=f"<today.{digest}@{mail_domain(book)}>",
        date=book.now,
    )


def to_outbox(book: BookData, made: OutgoingMessage) -> str:
    """Write the mail into the outbox; its name there. A day has one."""
    data = build(replace(made, date=None))  # who sends it dates it
    outbox = Outbox(book.root)
    for waiting in outbox.list():
        if made.message_id.encode() in waiting.read():
            return waiting.name
    DraftMarks(book.root).add({made.message_id: {WRITTEN: book.now.isoformat()}})
    return outbox.write(f"{book.context.today}-today.eml", data).name


def send(book: BookData, made: OutgoingMessage) -> None:
    """Send the mail now. Raises Refused without the user's yes to the way out, and where nothing
    answers; PlaincrmError where the server refused.
    """
    with post.opened(book) as hand_over:
        outcomes = hand_over(made.sender.address, [made.to.address], build(made))
    bad = next((each for each in outcomes if each.state != "sent"), None)
    if bad is not None:
        raise PlaincrmError(f"the digest was not sent: {bad.reason}")
