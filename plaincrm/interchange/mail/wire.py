"""A draft as it goes to the mail server: without our working headers, dated when it is sent."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime, getaddresses

from plaincrm.core.value_class import value
from plaincrm.errors import Refused
from plaincrm.interchange.mail import parse

# Headers of drafts that an older plaincrm wrote, and which are nobody else's business.
_WORKING = re.compile(rb"(?:x-plaincrm-[a-z-]+|x-unsent)\s*:", re.IGNORECASE)
# Those that are not sent as they stand, either.
_REPLACED = re.compile(rb"(?:bcc|date)\s*:", re.IGNORECASE)


@value
class WireMail:
    """The bytes to send (CRLF), whom it comes from, and every address that gets it."""

    data: bytes
    sender: str
    recipients: tuple[str, ...]
    message_id: str


def wire_mail(draft: bytes, now: datetime) -> WireMail:
    """The mail of a draft, dated `now`. Raises Refused where it lacks sender, recipient or id."""
    found = parse.message(draft)
    people = [
        address
        for name in ("to", "cc", "bcc")
        for _, address in getaddresses([str(each) for each in found.get_all(name, [])])
    ]
    # Of two spellings of one address the first stands.
    recipients = tuple({each.casefold(): each for each in reversed(people) if "@" in each}.values())
    sender = next((a for _, a in getaddresses([str(found.get("from", ""))]) if "@" in a), "")
    message_id = parse.parse(draft).message_id
    for missing, present in (("sender", sender), ("recipient", recipients), ("id", message_id)):
        if not present:
            raise Refused(f"the draft has no {missing}", "write it anew: plaincrm email …")
    head, body = _split(draft)
    fields = [each for each in _kept(head) if not _REPLACED.match(each)]
    fields.append(b"Date: " + format_datetime(now).encode("ascii"))
    data = b"\r\n".join(fields) + b"\r\n\r\n" + body
    return WireMail(data, sender, recipients, message_id)


def without_working_headers(draft: bytes) -> bytes:
    """A draft as a mail program may have it; the same bytes where nothing has to go."""
    head, body = _split(draft)
    fields = _kept(head)
    if len(fields) == len(_fields(head)):
        return draft
    undated = (each for each in fields if each[:5].lower() != b"date:")
    return b"\r\n".join(undated) + b"\r\n\r\n" + body


def _kept(head: bytes) -> list[bytes]:
    return [each for each in _fields(head) if not _WORKING.match(each)]


def _split(draft: bytes) -> tuple[bytes, bytes]:
    """The header and the body, both with CRLF."""
    text = draft.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    head, _, body = text.partition(b"\r\n\r\n")
    return head, body


def _fields(head: bytes) -> list[bytes]:
    """The header fields, each with the lines that continue it."""
    return [each for each in re.split(rb"\r\n(?![ \t])", head) if each]
