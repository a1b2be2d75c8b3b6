"""E-mails as bytes: one draft (.eml), many in an mbox or a Maildir. Written here, sent by nobody.

Header lines are made by this module, not by the email package, whose refolding lets an encoded word
of a value become a header of its own. Values lose control characters and `=?`; names of headers are
constants; the finished bytes are read again, and a mail that doesn't say exactly what was meant is
refused.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import quote

from plaincrm.errors import Refused
from plaincrm.interchange.mail.mailboxes import Mailbox

_LONGEST_NAME = 300  # letters; longer ones are no names, and programs cut such a header
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]+"
)
_BODY_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_DOMAINS = 1024  # that are kept; most people share one with others
_LOCAL = re.compile(r"(?!\.)[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}(?<!\.)")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.\[\]:_-]+>")
_NAMED = re.compile(r"\s*(?:\"?(?P<name>[^<>\"]*)\"?\s*<(?P<inner>[^<>]+)>|(?P<bare>\S+))\s*")
_FROM = re.compile(rb"^From ", re.MULTILINE)
_POLICY = policy.SMTP.clone(cte_type="7bit")
_LINE = 78  # characters of a line that every server passes on (RFC 5322, 2.1.1)
_PLAIN = (
    b'MIME-Version: 1.0\r\nContent-Type: text/plain; charset="utf-8"\r\n'
    b"Content-Transfer-Encoding: 7bit\r\n\r\n"
)
_ONE_CLICK = "List-Unsubscribe=One-Click"
_URL = ":/?#@!$&*+=%-._~"  # what stays as it is in the address of a page
_SIMPLE = re.compile(r"[A-Za-z0-9 -]*")  # a name beside an address
_PRINTED = re.compile(r"[ -~]*")  # a subject is words alone, whatever marks stand in it
_WORD_BYTES = 42  # an encoded word is at most 75 characters


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along; `mime` as `application/pdf`."""

    name: str
    data: bytes
    mime: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One e-mail to be. `date` carries its zone; a draft has none, since whoever sends it dates it.

    No header of it is plaincrm's own: what is sent by another program is sent as it stands.

    `unsubscribe` is the address of a List-Unsubscribe header, for bulk mail; `unsubscribe_url` an
    https page, for which one-click (RFC 8058) is claimed.
    """

    sender: Mailbox
    to: Mailbox
    subject: str
    text: str
    message_id: str
    date: datetime | None = None
    html: str = ""
    cc: tuple[Mailbox, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    unsubscribe: str = ""
    unsubscribe_url: str = ""


def build(message: OutgoingMessage) -> bytes:
    """The mail as CRLF bytes that mail programs open as a draft.

    Raises Refused for what can't be mailed safely.
    """
    headers = _headers(message)
    content = _content(message)
    lines = [f"{name}: {value}\r\n" for name, value in headers]
    data = "".join(lines).encode("ascii") + content
    _confirm(data, message, [name for name, _ in headers])
    return data


def header_text(text: str) -> str:
    """Fit for a header: one line, no controls, no direction marks, no encoded words of its own."""
    plain = " ".join(_FORBIDDEN.sub(" ", text).split())
    while "=?" in plain:
        plain = plain.replace("=?", "= ?")
    return plain


def mailbox(text: str) -> Mailbox:
    """`Ada Lovelace <ada@x.example>` or a bare address. Raises Refused where it is neither."""
    found = _NAMED.fullmatch(text)
    if found is None:
        raise Refused(
            f'"{header_text(text)}" is no e-mail address',
            "write it as Ada Lovelace <ada@example.org>",
        )
    return Mailbox(
        (found["name"] or "").strip(), _address((found["inner"] or found["bare"]).strip())
    )


def _headers(message: OutgoingMessage) -> list[tuple[str, str]]:
    if message.date is not None and message.date.tzinfo is None:
        raise ValueError("the date of a mail needs its zone")
    pairs = [
        ("From", _mailbox_header(message.sender)),
        ("To", _mailbox_header(message.to)),
        ("Cc", ",\r\n ".join(map(_mailbox_header, message.cc))),
        ("Subject", _encoded(header_text(message.subject)) or "-"),
        ("Date", format_datetime(message.date) if message.date else ""),
        ("Message-ID", _message_id(message.message_id)),
        ("In-Reply-To", _message_id(message.in_reply_to) if message.in_reply_to else ""),
        ("References", "\r\n ".join(map(_message_id, message.references))),
        ("List-Unsubscribe", _unsubscribe(message)),
        ("List-Unsubscribe-Post", _ONE_CLICK if message.unsubscribe_url else ""),
    ]
    return [(name, value) for name, value in pairs if value]


@lru_cache(_DOMAINS)
def _address(address: str) -> str:
    """An address of ASCII letters; a domain of other letters in its IDNA form. Raises Refused."""
    local, at, name = address.rpartition("@")
    domain = _domain(name)
    if not (at and _LOCAL.fullmatch(local) and ".." not in local and domain):
        message = f'"{header_text(address)}" is no e-mail address'
        raise Refused(message, "correct the field `email`, then run it again")
    return f"{local}@{domain}"


@lru_cache(_DOMAINS)
def _domain(name: str) -> str:
    """The domain in its IDNA form; empty for one that is none."""
    try:
        domain = name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return domain if _DOMAIN.fullmatch(domain) else ""


def _mailbox_header(mailbox: Mailbox) -> str:
    address = _address(mailbox.address)
    name = header_text(mailbox.name)[:_LONGEST_NAME]
    if name and len(name) <= 200 and _SIMPLE.fullmatch(name):
        return f"{name} <{address}>"
    if name.isascii() and len(name) <= 200:
        return str(Address(name, addr_spec=address))
    return f"{_encoded(name)} <{address}>"


def _encoded(text: str) -> str:
    """ASCII as it is; anything else, and what is too long for a line, as RFC 2047 words of
    base64.
    """
    if text.isascii() and len(text) <= 200:
        return text
    return "\r\n ".join(
        f"=?utf-8?b?{base64.b64encode(chunk).decode()}?=" for chunk in _chunks(text)
    )


def _chunks(text: str) -> Iterable[bytes]:
    """UTF-8 in pieces, no character torn."""
    chunk = b""
    for letter in text:
        encoded = letter.encode()
        if len(chunk) + len(encoded) > _WORD_BYTES:
            yield chunk
            chunk = b""
        chunk += encoded
    yield chunk


def _message_id(message_id: str) -> str:
    if not _MESSAGE_ID.fullmatch(message_id) or len(message_id) > 250:
        raise Refused(
            f'"{header_text(message_id)}" is no message id', "write it as <something@example.org>"
        )
    return message_id


def _unsubscribe(message: OutgoingMessage) -> str:
    """The ways out, the page first: mail programs take the first that they know (RFC 2369)."""
    ways = []
    if message.unsubscribe_url:
        ways.append(f"<{quote(message.unsubscribe_url, safe=_URL)}>")
    if message.unsubscribe:
        address = quote(_address(message.unsubscribe), safe="@")
        ways.append(f"<mailto:{address}?subject=unsubscribe>")
    return ",\r\n ".join(ways)


def _content(message: OutgoingMessage) -> bytes:
    """MIME-Version, Content headers, and all that follows."""
    body = _body(message.text)
    if not message.html and not message.attachments and _travels_as_it_is(body):
        return _PLAIN + body.replace("\n", "\r\n").encode("ascii")
    content = EmailMessage(policy=_POLICY)
    content.set_content(_body(message.text), charset="utf-8", cte=_encoding(message.text))
    if message.html:
        html = _body(message.html)
        content.add_alternative(html, subtype="html", charset="utf-8", cte=_encoding(html))
    for one in message.attachments:
        maintype, _, subtype = one.mime.partition("/")
        if not re.fullmatch(r"[a-z0-9.+-]+/[a-z0-9.+-]+", one.mime) or maintype in (
            "multipart",
            "message",
        ):
            maintype, subtype = "application", "octet-stream"
        content.add_attachment(
            one.data, maintype=maintype, subtype=subtype, filename=_file_name(one.name)
        )
        if maintype == "text" and _is_utf8(one.data):
            _last_part(content).set_param("charset", "utf-8")
    _fix_boundaries(content, message)
    return _FROM.sub(b"=46rom ", content.as_bytes())


def _encoding(text: str) -> str | None:
    """How a text travels. A line that begins `From ` has to be encoded, or an mbox makes it
    `>From `, which the reader sees; None lets the library choose.
    """
    return "quoted-printable" if _FROM.search(text.encode("utf-8", "replace")) else None


def _travels_as_it_is(text: str) -> bool:
    """Whether a text needs no encoding, so that it can be written without the library: ASCII in
    lines of at most 78 characters, none of which begins with `From `.
    """
    if not text.isascii() or "From " in text:
        return False
    return all(len(line) <= _LINE for line in text.split("\n"))


def _last_part(content: EmailMessage) -> EmailMessage:
    return list(content.iter_attachments())[-1]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _body(text: str) -> str:
    plain = _BODY_CONTROLS.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain if plain.endswith("\n") else plain + "\n"


def _file_name(name: str) -> str:
    return header_text(re.split(r"[/\\]", name)[-1]).replace('"', "'")[:120] or "attachment"


def _fix_boundaries(content: EmailMessage, message: OutgoingMessage) -> None:
    """Boundaries from the content instead of chance: the same mail gives the same bytes."""
    seed = "\0".join([message.message_id, message.text, message.html]).encode("utf-8", "replace")
    for number, part in enumerate(content.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{hashlib.sha256(seed).hexdigest()[:32]}_{number}")


def _confirm(data: bytes, message: OutgoingMessage, names: list[str]) -> None:
    """Read the bytes as a mail program would, and refuse them if they say anything else than was
    meant.
    """
    if _is_plain(data, message):
        return
    found = BytesParser(policy=policy.default).parsebytes(data)
    own = [name for name in found if not name.startswith("Content-") and name != "MIME-Version"]
    people = [box.addr_spec for header in ("From", "To", "Cc") for box in _boxes(found, header)]
    meant = [_address(box.address) for box in (message.sender, message.to, *message.cc)]
    subject = header_text(message.subject) or "-"
    attached = [part.get_content_disposition() for part in found.walk()].count("attachment")
    if own != names or people != meant or str(found["Subject"]) != subject or found.defects:
        said = f"the mail to {meant[1]} would not read as it was written"
        raise Refused(said, "look for odd characters in its names and subject")
    if attached != len(message.attachments):
        raise Refused(
            f"the mail to {meant[1]} would lose an attachment", "rename the attached file"
        )


def _is_plain(data: bytes, message: OutgoingMessage) -> bool:
    """Whether the mail is so simple that it can't read in two ways: one part, and each header of
    ours one line of letters, digits and spaces, with the addresses that were meant. Most are, and a
    whole parse of each is the largest part of writing thousands.
    """
    if message.html or message.attachments or message.cc or message.references:
        return False
    head, _, _ = data.partition(b"\r\n\r\n")
    sender, to = (_address(box.address) for box in (message.sender, message.to))
    ends = {"From": f"<{sender}>", "To": f"<{to}>"}
    lines = head.decode("ascii", "replace").split("\r\n")
    for line in lines:
        name, _, value = line.partition(": ")
        if name in ends:
            value = value.removesuffix(ends[name])
        if name == "Subject" and ("=?" in value or not _PRINTED.fullmatch(value)):
            return False
        if name in ends and not _SIMPLE.fullmatch(value):
            return False
    said = [line.partition(": ")[0] for line in lines]
    return len(set(said)) == len(said) and not any(line[:1] in " \t" for line in lines)


def _boxes(message: EmailMessage, header: str) -> tuple[Address, ...]:
    return getattr(message[header], "addresses", ())
