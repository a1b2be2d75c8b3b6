"""Many mails in one mbox, and the file names of a Maildir."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from plaincrm.interchange.mail import parse

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_FROM = re.compile(rb"^(>*From )", re.MULTILINE)


def to_mbox(messages: Iterable[bytes], undated: datetime | None = None) -> bytes:
    """An mbox (mboxrd): a `From ` line before each mail, such lines within it quoted by `>`, line
    ends LF. `undated` is the moment of those without a date.
    """
    return b"".join(_entry(each, undated or _NEVER) for each in messages)


def from_mbox(data: bytes) -> list[bytes]:
    """The mails of an mbox, their quoting undone."""
    parts = re.split(rb"(?:\A|(?<=\n))From [^\n]*\n", data.replace(b"\r\n", b"\n"))
    return [re.sub(rb"(?m)^>(>*From )", rb"\1", part.removesuffix(b"\n")) for part in parts[1:]]


def maildir_name(message_id: str, when: datetime) -> str:
    """The file name in a Maildir's `cur/`, marked as a draft; the same mail always gets the same
    name.
    """
    digest = hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest()[:16]
    return f"{int(when.timestamp())}.{digest}.plaincrm:2,DS"


def _entry(message: bytes, undated: datetime) -> bytes:
    summary = parse.parse(message)
    sender = re.sub(r"[^!-~]", "", summary.sender.address) or "MAILER-DAEMON"
    when = (summary.date or undated).astimezone(UTC)
    body = _FROM.sub(rb">\1", message.replace(b"\r\n", b"\n"))
    return (
        f"From {sender} {_asctime(when)}\n".encode("ascii")
        + body
        + (b"\n" if body.endswith(b"\n") else b"\n\n")
    )


def _asctime(when: datetime) -> str:
    """`Sun Nov 22 00:24:01 2026`, in English whatever the locale."""
    days = "Mon Tue Wed Thu Fri Sat Sun"[when.weekday() * 4 :][:3]
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"[(when.month - 1) * 4 :][:3]
    return f"{days} {months} {when.day:2d} {when:%H:%M:%S} {when.year}"
