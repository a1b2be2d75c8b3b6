"""What went out to a contact by mail and what came back, kept by the cache.

Only of contacts who were ever written to with a template; the rest have none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.kept_row import KeptRow
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import chronological
from plaincrm.core.timeline.log import Entry
from plaincrm.marketing.campaigns import Happening, MailEvent
from plaincrm.marketing.message_ids import answered_hash, hash_of, without_answer
from plaincrm.marketing.sequences import AWAY, SOFT, answer

NAME = "_mail_events"
_NOTES: tuple[tuple[str, Happening], ...] = ((AWAY, "away"), (SOFT, "soft"))
_MAILS = ("email", "reply", "message")


class KeptMailEvent(KeptRow):
    """A `MailEvent`; its moment as ISO text, `answers` the hash of the mail that it answers."""

    at: str
    what: Happening
    message_id: str
    subject: str
    answers: str


def _events(record: Record, _: Context) -> tuple[tuple[str, ...], ...] | None:
    if not any(map(_is_ours, record.log)):
        return None
    entries = chronological(record)
    first = next(n for n, entry in enumerate(entries) if _is_ours(entry))
    rows = ((entry, _happening(entry)) for entry in entries[first:])
    return tuple(
        KeptMailEvent(
            at=entry.at.isoformat(),
            what=what,
            message_id=entry.message_id if what == "out" else "",
            subject=_subject(entry),
            answers=answered_hash(entry.text),
        ).packed()
        for entry, what in rows
        if what
    )


def _is_ours(entry: Entry) -> bool:
    return entry.direction == "out" and bool(hash_of(entry.message_id))


def _happening(entry: Entry) -> Happening | None:
    if entry.direction == "out":
        return "out" if entry.type in _MAILS else None
    if entry.type == "consent" and entry.text.strip() == "unsubscribed":
        return "unsubscribed"  # said on a form or by phone; one by mail is counted by the mail
    for head, what in _NOTES:
        if entry.type == "note" and entry.text.startswith(head):
            return what
    reason = answer(entry)
    if reason == "replied":
        return "unsubscribed" if _wants_out(entry) else "replied"
    return reason or None  # type: ignore[return-value]


def _wants_out(entry: Entry) -> bool:
    from plaincrm.interchange.mail.classify import wants_out

    text = without_answer(entry.text.removesuffix(entry.message_id).strip() + "\n").strip()
    return wants_out(_subject(entry), text.partition("\n")[2])


def _subject(entry: Entry) -> str:
    first = entry.text.partition("\n")[0]
    return first.removesuffix(entry.message_id).strip()


def mail_events(contact: Record, context: Context) -> Iterator[MailEvent]:
    """The mails to a contact and what came back, oldest first."""
    for each in map(KeptMailEvent.read, context.fact(contact, NAME) or ()):
        at = datetime.fromisoformat(each.at)
        yield MailEvent(at, each.what, each.message_id, each.subject, each.answers)


FACTS = (Fact("contact", NAME, "plain", Needs.FILE, "Mails to it, and what came back", _events),)
