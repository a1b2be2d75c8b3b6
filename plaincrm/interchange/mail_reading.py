"""A mail as bytes to what it says. Takes any bytes: what can't be read is empty, never an exception."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from typing import TypeVar

_T = TypeVar("_T")
_ID = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name (may be empty) and an address."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


NOBODY = Mailbox("", "")


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a mail says; `date` carries a zone, or is None.

    `marks` are its X-Plaincrm headers, as `{"contact": "ada-lovelace", "template": "follow-up"}`.
    """

    sender: Mailbox = NOBODY
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    subject: str = ""
    date: datetime | None = None
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    text: str = ""
    attachments: tuple[str, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)


def parse(data: bytes) -> Incoming:
    """Read one mail."""
    message = _quietly(lambda: BytesParser(policy=policy.default).parsebytes(data), EmailMessage())
    senders = _mailboxes(message, "From")
    return Incoming(
        sender=senders[0] if senders else NOBODY,
        to=_mailboxes(message, "To"),
        cc=_mailboxes(message, "Cc"),
        subject=_header(message, "Subject"),
        date=_date(_header(message, "Date")),
        message_id=next(iter(_ids(message, "Message-ID")), ""),
        in_reply_to=next(iter(_ids(message, "In-Reply-To")), ""),
        references=_ids(message, "References"),
        text=_quietly(lambda: _text(message), ""),
        attachments=_quietly(lambda: tuple(p.get_filename() or "" for p in message.iter_attachments()), ()),
        marks=_marks(message),
    )


def _quietly(read: Callable[[], _T], otherwise: _T) -> _T:
    # The standard library's parser raises all kinds of errors on mail that the world really sends.
    try:
        return read()
    except Exception:
        return otherwise


def _header(message: EmailMessage, name: str) -> str:
    return _quietly(lambda: " ".join(str(message[name] or "").split()), "")


def _mailboxes(message: EmailMessage, name: str) -> tuple[Mailbox, ...]:
    def read() -> tuple[Mailbox, ...]:
        named = [one for one in message[name].addresses if one.addr_spec]
        return tuple(Mailbox(" ".join(one.display_name.split()), one.addr_spec) for one in named)

    nobody: tuple[Mailbox, ...] = ()
    found = _quietly(read, nobody)
    return found or tuple(Mailbox(n, a) for n, a in getaddresses([_header(message, name)]) if "@" in a)


def _ids(message: EmailMessage, name: str) -> tuple[str, ...]:
    return tuple(_ID.findall(_header(message, name)))


def _date(text: str) -> datetime | None:
    with suppress(Exception):
        found = parsedate_to_datetime(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain",)) or message.get_body(("html",))
    if part is None:
        return ""
    content = part.get_content()
    text = content if isinstance(content, str) else ""
    return text.replace("\r\n", "\n")


def _marks(message: EmailMessage) -> dict[str, str]:
    prefix = "x-plaincrm-"
    marked = [name for name in message if name.casefold().startswith(prefix)]
    return {name.casefold().removeprefix(prefix): _header(message, name) for name in marked}
