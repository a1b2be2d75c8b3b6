"""Meetings of a calendar to entries of the log: of those who were invited, each once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from plaincrm.core.values.raw import Raw
from plaincrm.interchange.calendar.meetings import Meeting, beside_meetings, meetings
from plaincrm.interchange.csv.draft import Draft, LinkHint, Outcome, Reject, SkippedRow

YEARS = 10
"""How far back the dates of a series go."""
_LONGEST = 2000


@dataclass(slots=True)
class CalendarFile:
    """A calendar. `left_out` is, once the outcomes are walked, what its meetings say that no entry
    takes, and what is no meeting: the number of the event (0: of none), its name and what tells it
    apart, with the text.
    """

    data: bytes
    left_out: dict[tuple[int, str, str], str] = field(default_factory=dict)

    def outcomes(self, me: Collection[str], now: datetime, zone: tzinfo) -> Iterator[Outcome]:
        """Like `drafts`."""
        own = frozenset(address.casefold() for address in me)
        for meeting in meetings(self.data, now - timedelta(days=366 * YEARS), now):
            found = _outcome(meeting, own, now, zone)
            if isinstance(found, Draft):
                self._note(meeting)
            yield found
        self.left_out |= {(0, name, text): text for name, text in beside_meetings(self.data)}

    def _note(self, meeting: Meeting) -> None:
        """What one date of an event leaves out; that of the others of its series is the same."""
        said = [*meeting.left_out, *(("attendee", who) for who in meeting.unread)]
        if rest := meeting.description[_LONGEST:].strip():
            said.append(("description", rest))
        for name, text in said:
            apart = "" if name == "dtend" else text  # each date of a series ends on its own day
            self.left_out.setdefault((meeting.number, name, apart), text)


def drafts(data: bytes, me: Collection[str], now: datetime, zone: tzinfo) -> Iterator[Outcome]:
    """One outcome for each date of each event. `now` carries a zone; times are given in `zone`, the
    book's.

    A draft's `key` is the message id that ends the entry's text. Skipped: what is still to come,
    was cancelled or declined, has nobody but oneself, or was made by plaincrm. Raises Refused for
    what is no calendar.
    """
    return CalendarFile(data).outcomes(me, now, zone)


def _outcome(meeting: Meeting, me: Collection[str], now: datetime, zone: tzinfo) -> Outcome:
    what = meeting.summary or "a meeting"
    if meeting.cancelled:
        return SkippedRow(meeting.number, f"{what}: cancelled")
    if meeting.at is None:
        return Reject(meeting.number, f"{what}: {meeting.problem}", (meeting.source,))
    if meeting.uid.endswith("@plaincrm"):
        return SkippedRow(meeting.number, f"{what}: from this book")
    if set(meeting.declined) & set(me):
        return SkippedRow(meeting.number, f"{what}: declined")
    at, local = _local(meeting.at, zone), now.astimezone(zone).replace(tzinfo=None)
    if at > (local if isinstance(at, datetime) else local.date()):
        return SkippedRow(meeting.number, f"{what}: still to come, on {at:%Y-%m-%d}")
    others = tuple(address for address in meeting.people if address not in me)
    if not others:
        if meeting.unread:
            named = ", ".join(meeting.unread[:3])
            return SkippedRow(meeting.number, f"{what}: {named} is no e-mail address")
        return SkippedRow(meeting.number, f"{what}: nobody else was invited")
    return _draft(meeting, at, others)


def _draft(meeting: Meeting, at: date | datetime, people: tuple[str, ...]) -> Draft:
    key = message_id(meeting.uid, meeting.occurrence)
    shown = f"{at:%Y-%m-%d %H:%M}" if isinstance(at, datetime) else f"{at:%Y-%m-%d}"
    head = " ".join(
        filter(None, (meeting.summary or "Meeting", f"({meeting.place})" if meeting.place else ""))
    )
    text = "\n".join(filter(None, (" ".join(head.split()), meeting.description[:_LONGEST].strip())))
    fields: dict[str, Raw] = {"at": shown, "type": "meeting", "text": f"{text} {key}"}
    who = tuple(LinkHint("contact", "email", address) for address in people)
    return Draft(
        "log",
        meeting.number,
        key,
        "message_id",
        fields,
        {"contact": who},
        notes=tuple(_notes(meeting)),
    )


def _notes(meeting: Meeting) -> Iterator[str]:
    what = meeting.summary or "a meeting"
    if meeting.unknown_zone:
        yield f'{what}: nobody knows the time zone "{meeting.unknown_zone}"; taken for the book\'s'


def _local(at: date | datetime, zone: tzinfo) -> date | datetime:
    """The moment on the book's clock; one that floats is on it already."""
    if not isinstance(at, datetime) or at.tzinfo is None:
        return at
    try:
        return at.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return at.replace(tzinfo=None)


def message_id(uid: str, occurrence: str = "") -> str:
    """The UID in the form of a mail's, as the log knows one: `<abc/20261120T1000@google.com>`."""
    name, at, host = re.sub(r"[\s<>]", "", uid).rpartition("@")
    if not at:
        name, host = host, ""
    local = "/".join(filter(None, (name.replace("@", ".") or "event", occurrence)))
    return f"<{local}@{host or 'calendar'}>"
