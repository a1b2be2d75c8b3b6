"""How mail leaves this book: by SMTP or by a sendmail program, as the settings say.

The settings travel with the book, and whoever can push to it can change them. So a machine sends by
them only after its user said yes to exactly these words, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from plaincrm.book.sending import SendingFile
from plaincrm.crm.mailing.deliver import SendMail
from plaincrm.crm.mailing.sent_copy import place
from plaincrm.errors import Refused
from plaincrm.transport.outcome import DeliveryOutcome

if TYPE_CHECKING:
    from plaincrm.core.schema.settings import Smtp
    from plaincrm.crm.book_data import BookData

_HINT = "add mail: {sendmail: msmtp -t}, or mail: {smtp: {host: …, user: …}}, to plaincrm.yaml"


def way_out(book: BookData) -> str:
    """How mail leaves, in words to say yes to. Raises Refused where the settings name no way."""
    mail = book.settings.mail
    copies = f", and keep copies in {place(mail.copy)}" if mail.copy else ""
    return f"{_by(book)}{copies}"


def _by(book: BookData) -> str:
    mail = book.settings.mail
    if mail.sendmail:
        return f"run {mail.sendmail}"
    if mail.smtp is None:
        raise Refused("plaincrm.yaml does not say how to send mail", _HINT)
    smtp = mail.smtp
    who = f"{smtp.user} at " if smtp.user else ""
    password = f", password from {smtp.password_command}" if smtp.password_command else ""
    return f"hand mail to {who}{smtp.host}:{smtp.port} ({smtp.tls}){password}"


def trusted(book: BookData) -> bool:
    """Whether this machine's user said yes to the way out."""
    return SendingFile(book.private).trusts(way_out(book))


def trust(book: BookData) -> None:
    """Remember the user's yes to the way out."""
    SendingFile(book.private).trust(way_out(book))


@contextmanager
def opened(book: BookData) -> Iterator[SendMail]:
    """What hands a mail over. Raises Refused without the user's yes, and where nothing answers."""
    words = way_out(book)
    if not trusted(book):
        raise Refused(
            f"plaincrm.yaml wants to {words}; nobody on this machine has said yes to that",
            "plaincrm outbox send --trust … says yes, once",
        )
    mail = book.settings.mail
    if mail.sendmail or mail.smtp is None:
        from plaincrm.transport import sendmail

        yield lambda _, people, data: sendmail.deliver(mail.sendmail, people, data)
        return
    post = _SmtpPost(mail.smtp)
    try:
        yield post
    finally:
        post.close()


class _SmtpPost:
    """A connection that is opened when needed, and anew after it broke."""

    def __init__(self, smtp: Smtp) -> None:
        from plaincrm.transport import password
        from plaincrm.transport.smtp import Connection, Server

        self._server = Server(
            smtp.host, smtp.port, smtp.tls, smtp.user, password.from_command(smtp.password_command)
        )
        self._connection = Connection(self._server)

    def __call__(self, sender: str, people: Sequence[str], data: bytes) -> list[DeliveryOutcome]:
        from plaincrm.transport.smtp import Connection

        if not self._connection.is_open:
            try:
                self._connection = Connection(self._server)
            except Refused as error:
                return [DeliveryOutcome(each, "refused", error.message) for each in people]
        return self._connection.deliver(sender, people, data)

    def close(self) -> None:
        with self._connection:
            pass
