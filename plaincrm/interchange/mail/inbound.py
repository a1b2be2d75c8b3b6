"""Mail in: a message's bytes to the entry that the log gets, and whom it is about.

Attachments are never unpacked, only named; the text is what its sender wrote, without what it
answers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo
from email.message import EmailMessage
from typing import Literal

from plaincrm.interchange.mail import mail_dates, parse
from plaincrm.interchange.mail.bounces import Bounce, bounce, original_id
from plaincrm.interchange.mail.classify import Nature, nature
from plaincrm.interchange.mail.folders import set_aside
from plaincrm.interchange.mail.mail_stream import LONGEST_MAIL
from plaincrm.interchange.mail.mailboxes import Mailbox
from plaincrm.interchange.mail.mailing_lists import from_author
from plaincrm.interchange.mail.parse import IncomingMail
from plaincrm.interchange.mail.reply_text import new_text

LONGEST_TEXT = 20_000
"""Characters of a mail's text that are kept; a log entry is no archive."""
NO_ID = "@no-message-id.invalid>"
"""How an id ends that is made from a mail's content, since the mail has none."""
_LOOKED_AT = 1 << 20
_ID = re.compile(r"<[^<>\s@]+@[^<>\s]+>")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class MailDraft:
    """A mail as the log takes it.

    `people`: the others on it: of a mail in, its sender first; of a mail out, those it went to.
    `at`: in the book's zone, None where the mail has no date. `text`: what is new in it.
    `message_id` with its brackets, made from the content where the mail has none. `attachments`:
    their names. `original`: the id of a mail that came back. `marks`: X-Plaincrm headers. `aside`:
    why it is no correspondence (a draft, spam). `cut`: the rest of a text that is too long.
    """

    direction: Literal["in", "out"]
    people: tuple[Mailbox, ...]
    at: datetime | None
    subject: str
    text: str
    message_id: str
    nature: Nature
    failed: tuple[str, ...] = ()
    delayed: tuple[str, ...] = ()
    delivered: tuple[str, ...] = ()
    aside: str = ""
    original: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    cut: str = ""

    @property
    def answered(self) -> tuple[str, ...]:
        """The ids of the mails that it answers or returns, the nearest first."""
        named = (self.original, self.in_reply_to, *reversed(self.references))
        return tuple(dict.fromkeys(filter(None, named)))

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of `people`, in lower case."""
        return tuple(one.address.casefold() for one in self.people)


def draft(
    data: bytes, me: Collection[str], zone: tzinfo, received: datetime | None = None
) -> MailDraft:
    """The draft of one mail. `me`: the addresses of the book's owner; `received`: the moment that
    its mbox says. Takes any bytes and raises nothing.
    """
    message = parse.message(data[:LONGEST_MAIL])
    mail = from_author(message, parse.incoming(message))
    own = frozenset(address.casefold() for address in me)
    out = mail.sender.address.casefold() in own
    returned = None if out else bounce(message, data)
    text = _clean(new_text(mail.text[:_LOOKED_AT]))
    found = returned or Bounce()
    return MailDraft(
        direction="out" if out else "in",
        people=_people(mail, own, out),
        at=_moment(message, mail, zone, received),
        subject=" ".join(_clean(mail.subject).split())[:500],
        text=text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT].rstrip()} […]",
        message_id=_id(mail.message_id, data),
        nature="bounce" if returned else nature(message, mail, text),
        failed=found.failed,
        delayed=found.delayed,
        delivered=found.delivered,
        aside=set_aside(message),
        original=original_id(message, data) if returned else "",
        in_reply_to=mail.in_reply_to,
        references=mail.references,
        attachments=tuple(_clean(name)[:200] for name in mail.attachments),
        marks=tuple(mail.marks.items()),
        cut=text[LONGEST_TEXT:].strip(),
    )


def _people(mail: IncomingMail, own: Collection[str], out: bool) -> tuple[Mailbox, ...]:
    everybody = [*mail.to, *mail.cc] if out else [mail.sender, *mail.to, *mail.cc]
    others = {one.address.casefold(): one for one in reversed(everybody) if "@" in one.address}
    named = (Mailbox(_clean(one.name), one.address) for one in reversed(others.values()))
    return tuple(one for one in named if one.address.casefold() not in own)


def _moment(
    message: EmailMessage, mail: IncomingMail, zone: tzinfo, received: datetime | None
) -> datetime | None:
    """The mail's date, else that of its arrival; without seconds' fractions, in `zone`."""
    found = mail.date or _arrival(message) or received
    try:
        return found.astimezone(zone) if found else None
    except (OverflowError, ValueError):
        return None


def _arrival(message: EmailMessage) -> datetime | None:
    return mail_dates.read(parse.header(message, "Received").rpartition(";")[2])


def _id(named: str, data: bytes) -> str:
    if _ID.fullmatch(named):
        return named
    return f"<{hashlib.sha256(data).hexdigest()[:32]}{NO_ID}"


def _clean(text: str) -> str:
    return _UNSEEN.sub("", text)
