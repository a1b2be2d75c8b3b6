"""A mail as bytes to what it says. Takes any bytes: what can't be read is empty, never an
exception.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.header import decode_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from typing import TYPE_CHECKING, Any, TypeVar

from plaincrm.interchange.mail import charsets, html_text, mail_dates, mailboxes
from plaincrm.interchange.mail.mailboxes import NOBODY, Mailbox, clean_name

if TYPE_CHECKING:
    _Policy = EmailPolicy[EmailMessage]
else:
    _Policy = EmailPolicy
_T = TypeVar("_T")
# Python reads the structure of a header (addresses, parameters) in quadratic time: 16 K quotes take
# 20 seconds. Longer lists of addresses are read by `mailboxes`.
_LONGEST_STRUCTURED = 2000
LONGEST_HEADER = 1 << 14
_MOST_LINES = 2000
_ID = re.compile(r"<[^<>\s]+>")
_PLAIN = re.compile(r"[^\s<>()\[\]\",;:@]+@[^\s<>()\[\]\",;:@]+")


class _Bounded(_Policy):
    """Python's policy, but that no header of a mail or of a part of it is read beyond a length."""

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        plain = name.casefold() in _UNSTRUCTURED
        longest = LONGEST_HEADER if plain else _LONGEST_STRUCTURED
        return super().header_fetch_parse(name, value if len(value) <= longest else value[:longest])


_UNSTRUCTURED = ("subject", "references", "in-reply-to", "x-spam-status")
BOUNDED = _Bounded()


@dataclass(frozen=True, slots=True)
class IncomingMail:
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


def parse(data: bytes) -> IncomingMail:
    """Read one mail."""
    return incoming(message(data))


def message(data: bytes) -> EmailMessage:
    """The mail as a tree; its headers alone where its parts are nested too deep or odd."""
    parser = BytesParser(policy=BOUNDED)
    data = _tamed(data.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n"))
    heads = _quietly(
        lambda: parser.parsebytes(data.partition(b"\n\n")[0], headersonly=True), EmailMessage()
    )
    return _quietly(lambda: parser.parsebytes(data), heads)


def _tamed(data: bytes) -> bytes:
    """The mail with headers of a size that somebody could have meant: reading them takes longer
    than their length.
    """
    end = min(
        (at for mark in (b"\n\n", b"\n\r\n") if (at := data.find(mark)) >= 0), default=len(data)
    )
    if end <= LONGEST_HEADER:
        return data
    kept: list[bytes] = []
    size = 0
    for line in data[:end].split(b"\n")[:_MOST_LINES]:
        continued = line[:1] in (b" ", b"\t")
        size = size + len(line) if continued else len(line)
        if not continued or size <= LONGEST_HEADER:
            kept.append(line[:LONGEST_HEADER])
    return b"\n".join(kept) + data[end:]


def incoming(message: EmailMessage) -> IncomingMail:
    """What the mail says."""
    senders = _mailboxes(message, "From")
    return IncomingMail(
        sender=senders[0] if senders else NOBODY,
        to=_mailboxes(message, "To"),
        cc=_mailboxes(message, "Cc"),
        subject=header(message, "Subject"),
        date=mail_dates.read(header(message, "Date")),
        message_id=next(iter(_ids(message, "Message-ID")), ""),
        in_reply_to=next(iter(_ids(message, "In-Reply-To")), ""),
        references=_ids(message, "References"),
        text=_quietly(lambda: _text(message), ""),
        attachments=_quietly(
            lambda: tuple(p.get_filename() or "" for p in message.iter_attachments()), ()
        ),
        marks=_marks(message),
    )


def _quietly(read: Callable[[], _T], otherwise: _T) -> _T:
    # The standard library's parser raises all kinds of errors on mail that the world really sends.
    try:
        return read()
    except Exception:
        return otherwise


def header(message: EmailMessage, name: str) -> str:
    """The first header of that name on one line, empty if there is none."""

    text = _quietly(lambda: str(message[name] or ""), _raw(message, name))
    return charsets.windows(" ".join(text.split()))


def _raw(message: EmailMessage, name: str) -> str:
    """The first header of that name as it came; empty if there is none."""

    def found() -> str:
        items = message.raw_items()
        return next((str(v) for key, v in items if key.casefold() == name.casefold()), "")

    return _quietly(found, "")


def _mailboxes(message: EmailMessage, name: str) -> tuple[Mailbox, ...]:
    def sure() -> tuple[Mailbox, ...]:
        if len(_raw(message, name)) > _LONGEST_STRUCTURED:
            return ()
        value = message[name]
        if value.defects or any(group.display_name for group in value.groups):
            return ()
        return tuple(
            Mailbox(clean_name(charsets.windows(one.display_name)), one.addr_spec)
            for one in value.addresses
            if _PLAIN.fullmatch(one.addr_spec)
        )

    def every() -> tuple[Mailbox, ...]:
        return mailboxes.read(_as_written(message, name))

    nobody: tuple[Mailbox, ...] = ()
    found = _quietly(sure, nobody)
    loose = _quietly(every, nobody)
    named = any(one.name for one in found) or not any(one.name for one in loose)
    return found if len(found) >= len(loose) and named else loose


def _as_written(message: EmailMessage, name: str) -> str:
    """A header as it came, its encoded words decoded, unlike `header` with nothing put right."""
    raw = _raw(message, name)
    parts = decode_header(raw) if "=?" in raw else [(raw, None)]
    words = (
        charsets.decode(part, charset or "ascii") if isinstance(part, bytes) else part
        for part, charset in parts
    )
    return " ".join(" ".join(words).split())


def _ids(message: EmailMessage, name: str) -> tuple[str, ...]:
    return tuple(_ID.findall(header(message, name)))


def _text(message: EmailMessage) -> str:
    part: Any = _quietly(lambda: message.get_body(("plain",)) or message.get_body(("html",)), None)
    if part is None or part.get_content_maintype() != "text":
        part = next(
            (each for each in message.walk() if each.get_content_type() == "text/plain"), None
        )
    if part is None:
        return ""
    text = _decoded(part)
    return (
        html_text.to_text(text)
        if part.get_content_subtype() == "html"
        else text.replace("\r\n", "\n")
    )


def _decoded(part: EmailMessage) -> str:
    """The part's text, its paragraphs put together where it says that they are flowed."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    text = charsets.decode(data, _quietly(lambda: part.get_content_charset("utf-8"), "utf-8"))
    if str(part.get_param("format", "")).casefold() != "flowed":
        return text
    return charsets.unflowed(text, delsp=str(part.get_param("delsp", "")).casefold() == "yes")


def _marks(message: EmailMessage) -> dict[str, str]:
    prefix = "x-plaincrm-"
    marked = [name for name in message if name.casefold().startswith(prefix)]
    return {name.casefold().removeprefix(prefix): header(message, name) for name in marked}
