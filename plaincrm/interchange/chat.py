"""Transcripts of chats, as messengers and chat windows of web sites save them.

    [20.11.26, 14:03:22] Kim Berg: The printer jams          WhatsApp on an iPhone
    20/11/2026, 14:03 - Kim Berg: The printer jams           WhatsApp on Android
    2026-11-20 14:03 Kim Berg: The printer jams              plain
    (02:03:22 PM) Kim Berg: The printer jams                 under a line that is a day

What follows a message without a head of its own belongs to it. Lines that nobody said (`Messages
are end-to-end encrypted`) are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from re import Match

from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value

_DAY = r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)"
_HEAD = pattern(
    rf"[\u200e\u200f\ufeff\s]*[\[(]?\s*(?:(?P<day>{_DAY})[,T]?\s+)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?(?:[\s\u202f]*(?P<half>[AaPp])\.?[Mm]\.?)?"
    r"\s*[\])]?\s*(?:[-–]\s*)?(?P<rest>.*)",
)
_SAID = pattern(r"[\u200e\s]*(?P<who>[^:]{1,80}?)\s*:(?:\s(?P<text>.*)|$)")
_ALONE = pattern(rf"[-–—=\s]*(?P<day>{_DAY})[-–—=\s]*")
_CENTURY = 2000
_NOON = 12


@value
class ChatMessage:
    """What somebody said; `at` is by the clock of whoever saved the transcript."""

    at: datetime
    who: str
    text: str


def read(text: str, order: str = "") -> list[ChatMessage]:
    """The messages of a transcript, in its order; none where it is no transcript.

    `order` (`dmy` or `mdy`) reads days such as 11/12/2026 that may be both. Raises ValueError for
    such a day where no order is known, and for a message without a day.
    """
    return list(_messages(text, order))


def _messages(text: str, order: str) -> Iterator[ChatMessage]:
    day: date | None = None
    last: ChatMessage | None = None
    for line in text.splitlines():
        alone, head = _ALONE.fullmatch(line), _HEAD.match(line)
        if alone is not None:
            day = _day(alone["day"], order)
        elif head is None:
            last = last and ChatMessage(last.at, last.who, f"{last.text}\n{line.strip()}")
        else:
            if last is not None:
                yield _trimmed(last)
            last = None
            day = _day(head["day"], order) if head["day"] else day
            said = _SAID.fullmatch(head["rest"])
            if said is not None:
                last = ChatMessage(_at(day, head), said["who"].strip("* "), said["text"] or "")
    if last is not None:
        yield _trimmed(last)


def _trimmed(message: ChatMessage) -> ChatMessage:
    return ChatMessage(message.at, message.who, message.text.strip())


def _at(day: date | None, head: Match[str]) -> datetime:
    if day is None:
        raise ValueError("the transcript does not say on which day it was: write 2026-11-20 above")
    hour = int(head["hour"])
    if head["half"]:
        hour = hour % _NOON + (_NOON if head["half"] in "Pp" else 0)
    return datetime.combine(day, time(hour, int(head["minute"])))


def _day(text: str, order: str) -> date:
    if "-" in text:
        return date.fromisoformat(text)
    first, second, year = (int(part) for part in text.replace("/", ".").split("."))
    day_first = "." in text or first > _NOON or (second <= _NOON and order == "dmy")
    if "/" in text and not order and max(first, second) <= _NOON and first != second:
        raise ValueError(f"{text}: day or month first? Write the days as 2026-11-20")
    day, month = (first, second) if day_first else (second, first)
    return date(year + _CENTURY if year < 100 else year, month, day)
