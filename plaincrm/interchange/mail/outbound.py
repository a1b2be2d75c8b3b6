"""E-mails of the log as mails again, for an mbox: what their entries hold, from and to whom they
were.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, time

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.timeline.log import Entry
from plaincrm.errors import Refused
from plaincrm.interchange.mail.build import OutgoingMessage, build
from plaincrm.interchange.mail.mailboxes import Mailbox

_MAILS = ("email", "reply")
_ID = re.compile(r"\s*<[^<>\s@]+@[^<>\s]+>$")


def mails(records: Iterable[Record], context: Context) -> Iterator[bytes]:
    """The mails in or out of these records' logs, each once, in no order. Those with nobody who has
    an address are left out."""
    settings = context.settings
    me = Mailbox(settings.me.name, next(iter(settings.me.email), "me@localhost.invalid"))
    seen: set[str] = set()
    for record in records:
        other = _address(record, context)
        for entry in record.log:
            if entry.type not in _MAILS or not entry.direction or other is None:
                continue
            key = entry.message_id or _made(record, entry)
            if key not in seen:
                seen.add(key)
                yield from _mail(entry, key, me, other, context)


def _address(record: Record, context: Context) -> Mailbox | None:
    people = [record, *context.store.follow(record, "contact")]
    return next(
        (Mailbox(each.title, item.text) for each in people for item in each.items("email")), None
    )


def _made(record: Record, entry: Entry) -> str:
    """An id that is the same at every export."""
    about = "\0".join([record.ref, *entry.key])
    return f"<{hashlib.sha256(about.encode('utf-8', 'replace')).hexdigest()[:32]}@plaincrm.invalid>"


def _mail(entry: Entry, key: str, me: Mailbox, other: Mailbox, context: Context) -> Iterator[bytes]:
    subject, _, rest = _ID.sub("", entry.text).partition("\n")
    sender, to = (me, other) if entry.direction == "out" else (other, me)
    at = datetime.combine(entry.date, entry.time or time(12), context.settings.zone)
    try:
        yield build(OutgoingMessage(sender, to, subject, rest.strip("\n") + "\n", key, at))
    except Refused:  # an address that is none
        return
