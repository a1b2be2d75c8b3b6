"""Many mails out of one stream: an mbox, or mails in a pipe one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from plaincrm.interchange.mail import mail_dates

LONGEST_MAIL = 1 << 24
"""Bytes of one mail that are looked at; the rest (attachments) is passed over. Reading takes
twelve times as many.
"""
_LINE = 1 << 20
_FROM_LINE = re.compile(rb"From(?: [^\r\n]*)?\r?\n?")
_HEADER = re.compile(rb"(?:[!-9;-~]+:|>From )")
_NEEDED = (b"from", b"date", b"message-id")
"""A block of headers that has all of these begins a mail of its own."""
_BEGINS = re.compile(
    rb"(?:return-path|delivered-to|received|from|date|message-id|subject|to|sender|reply-to"
    rb"|mime-version|content-type|x-[a-z0-9-]+|dkim-signature|arc-[a-z-]+|list-[a-z]+):",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(
    rb'^content-type:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*?boundary="?([^"\s;]+)', re.I | re.M
)
_REPORT = re.compile(rb"^from:.*(?:mailer-daemon|postmaster|<>)", re.I | re.M)


@dataclass(frozen=True, slots=True)
class RawMail:
    """The bytes of a mail, and the moment that its mbox says (None: none)."""

    data: bytes
    received: datetime | None = None


def of_mbox(stream: BinaryIO, largest: int = LONGEST_MAIL) -> Iterator[RawMail]:
    """The mails of an mbox, one at a time, their quoting undone; of one over `largest` bytes, the
    beginning.

    A line `From …` begins a mail only if a header follows: a paragraph may begin with it too."""
    parts: list[bytes] = []
    size, blank, begun = 0, True, False
    received: datetime | None = None
    following = stream.readline(_LINE)
    while line := following:
        following = stream.readline(_LINE)
        if blank and _FROM_LINE.fullmatch(line) and _HEADER.match(following):
            if begun:
                yield RawMail(_joined(parts), received)
            parts, size, begun = [], 0, True
            received = mail_dates.of_envelope(line)
        elif begun and size < largest:
            parts.append(re.sub(rb"^>(>*From )", rb"\1", line))
            size += len(line)
        blank = line in (b"\n", b"\r\n")
    if begun:
        yield RawMail(_joined(parts), received)


def _joined(lines: list[bytes]) -> bytes:
    """Without the blank line that ends a mail in an mbox."""
    return b"".join(lines[:-1] if lines[-1:] in ([b"\n"], [b"\r\n"]) else lines)


def of_pipe(data: bytes) -> Iterator[RawMail]:
    """The mails that a mail program gave one after the other, without anything between them.

    A new one begins at a block of headers with From, Date and Message-ID, but not within the parts
    of a mail, nor in a report, which may hold the mail that came back. Shortened mails (mutt's
    `pipe_decode`) have no Message-ID: there it begins where the headers of the first mail stand
    again, in its order, unless a line such as `--- Forwarded message ---` is above them.
    """
    lines = data.splitlines(keepends=True)
    start = 0
    for at in _heads(lines):
        if at > start and _may_end(lines[start:at]):
            yield RawMail(b"".join(lines[start:at]))
            start = at
    yield RawMail(b"".join(lines[start:]))


def _heads(lines: list[bytes]) -> Iterator[int]:
    """The lines at which a block of headers begins that could be a mail's."""
    at, first = 0, list[bytes]()
    while at < len(lines):
        if not _BEGINS.match(lines[at]):
            at += 1
            continue
        end = _end_of_head(lines, at)
        names = [line.partition(b":")[0].lower() for line in lines[at:end] if _HEADER.match(line)]
        first = first or names
        if set(names).issuperset(_NEEDED) or (_is_like(names, first) and _stands_free(lines, at)):
            yield at
        at = end


def _is_like(names: list[bytes], first: list[bytes]) -> bool:
    """Whether a block has the headers of the first one, which are a shortened mail's."""
    shortened = b"message-id" not in first and {b"from", b"date", b"subject"}.issubset(first)
    return shortened and names == first


def _stands_free(lines: list[bytes], at: int) -> bool:
    """Whether a blank line is above, and above that no line that announces a forwarded mail."""
    above = [line.strip() for line in lines[max(at - 4, 0) : at]]
    words = [line for line in above if line]
    return not at or (not above[-1] and not (words and words[-1].startswith((b"--", b"==", b"__"))))


def _end_of_head(lines: list[bytes], at: int) -> int:
    """The line after the last header of a block, the blank one if it is a whole head."""
    end = at + 1
    while end < len(lines) and lines[end].strip():
        if not (_HEADER.match(lines[end]) or lines[end][:1] in b" \t"):
            return end
        end += 1
    return end


def _may_end(lines: list[bytes]) -> bool:
    """Whether a mail can end here: all its parts are closed, and it is no report."""
    whole = b"".join(lines)
    head = re.split(rb"\r?\n\r?\n", whole, maxsplit=1)[0]
    if _REPORT.search(head):
        return False
    boundary = _BOUNDARY.search(head)
    return boundary is None or b"--" + boundary[1] + b"--" in whole
