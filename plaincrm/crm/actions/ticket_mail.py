"""A mail becomes a ticket, or joins the one that it belongs to: `plaincrm ticket open --email`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from plaincrm.book.draft_marks import DraftMarks, Marks
from plaincrm.core.records.edits import AddEntry
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.timeline import log
from plaincrm.core.timeline.log import Entry
from plaincrm.core.values.raw import Raw
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import Ambiguous, Refused
from plaincrm.interchange.mail.inbound import MailDraft, draft
from plaincrm.support.ticket_mail import bare_title, holder_of_mail, ticket_of_mail
from plaincrm.support.tickets import mailed, stamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plaincrm.crm.book import Book
    from plaincrm.crm.change import Change


def open_by_mail(book: Book, data: bytes, values: Mapping[str, str] | None = None) -> Staged:
    """Stage what one mail says: on the ticket of its thread, else as a new ticket of its sender,
    who becomes a contact where nobody has the address. A mail that some log has already changes
    nothing. `values` are fields of a new ticket.

    Raises Refused for a mail that is no message of a customer, Ambiguous for an address of several.
    """
    mail = draft(data, book.settings.me.email, book.settings.zone)
    known = holder_of_mail(book.context, mail.message_id)
    if known is not None:
        change = book.change("", "ticket")
        said = f"the mail is on {known.ref} already"
        return staged(change, said, [known], [said, *_by_hand(known, mail)])
    senders = contacts_of(book, mail)
    ticket = find_ticket(book, mail, senders)
    if ticket is not None:
        return _joined(book, mail, ticket)
    return _opened(book, mail, senders, values or {})


def _by_hand(known: Record, mail: MailDraft) -> list[str]:
    """How a mail that an import has put into another log becomes a ticket all the same."""
    if known.kind.name not in ("contact", "deal") or mail.direction == "out":
        return []
    words = shlex.quote(mail.subject or "SUBJECT")
    return [f"plaincrm ticket open {words} --contact {known.id} makes a ticket of it"]


def contacts_of(book: Book, mail: MailDraft) -> list[Record]:
    """The contacts with the address that the mail is from (of one's own mail: that it is to)."""
    wanted = frozenset(mail.addresses[:1] if mail.direction == "in" else mail.addresses)
    return [
        contact
        for contact in book.store.records("contact")
        if any(fold(item.text) in wanted for item in contact.items("email"))
    ]


def find_ticket(book: Book, mail: MailDraft, senders: list[Record]) -> Record | None:
    """The ticket that a mail belongs to."""
    marked = _marks(book, mail).get("ticket", "") if mail.direction == "out" else ""
    own = book.store.get("ticket", marked) if marked else None
    return own or ticket_of_mail(
        book.context,
        answers=mail.in_reply_to,
        references=mail.references,
        subject=mail.subject,
        contacts=[contact.id for contact in senders],
    )


def _marks(book: Book, mail: MailDraft) -> Marks:
    """What is known of a mail that was written here."""
    return DraftMarks(book.root).read().get(mail.message_id) or dict(mail.marks)


def reply_entry(mail: MailDraft) -> Entry:
    """The log entry of a mail on its ticket. A machine's answer is a note, for it is no answer."""
    if mail.at is None:
        raise Refused("the mail has no date that can be read")
    attached = ", ".join(filter(None, mail.attachments))
    parts = [mail.text or mail.subject or "(no text)", f"[{attached}]" if attached else ""]
    text = "\n".join(filter(None, parts))
    kind = "note" if mail.nature in ("out_of_office", "bounce") else "reply"
    heading = {"out_of_office": "Out of office: ", "bounce": "Bounced: "}.get(mail.nature, "")
    glue = "\n" if "\n" in text else " "
    entry = Entry(
        mail.at.date(),
        kind,
        f"{heading}{text}{glue}{mail.message_id}",
        mail.at.time().replace(second=0, microsecond=0),
        direction="" if kind == "note" else mail.direction,
    )
    return log.normal(entry)


def _joined(book: Book, mail: MailDraft, ticket: Record) -> Staged:
    change = book.change("", "ticket")
    after = change.edit(ticket, mailed(ticket, reply_entry(mail), book.context))
    who = mail.people[0].name or mail.people[0].address if mail.people else "mail"
    return staged(change, f"Mail on {ticket.ref} from {who}", [after])


def _opened(
    book: Book, mail: MailDraft, senders: list[Record], values: Mapping[str, str]
) -> Staged:
    if mail.direction == "out" or not mail.people:
        raise Refused("the mail is your own and answers no ticket", "open it with a subject")
    if mail.nature in ("out_of_office", "bounce"):
        raise Refused("a machine wrote this mail; it is no request")
    if len(senders) > 1:
        address, refs = mail.people[0].address, [contact.ref for contact in senders]
        raise Ambiguous(f"{address} is the address of {' and '.join(refs)}", refs)
    change = book.change("", "ticket")
    contact = senders[0] if senders else _new_contact(book, change, mail)
    entry = reply_entry(mail)
    fields = _fields(book, mail, contact) | {k: v for k, v in values.items() if v}
    ticket = change.create(book.schema.kinds["ticket"], fields)
    ticket = change.edit(ticket, [AddEntry(entry)])
    return staged(change, f"Open {ticket.ref}: {ticket.title}", [ticket])


def _fields(book: Book, mail: MailDraft, contact: Record) -> dict[str, Raw]:
    assert mail.at is not None
    fields: dict[str, Raw] = {
        "subject": bare_title(mail.subject) or "(no subject)",
        "contact": contact.id,
        "status": "new",
        "channel": "email",
        "opened": stamp(mail.at),
    }
    places = book.store.follow(contact, "company")
    return fields | ({"company": places[0].id} if places else {})


def _new_contact(book: Book, change: Change, mail: MailDraft) -> Record:
    sender = mail.people[0]
    fields: dict[str, Raw] = {
        "name": sender.name or sender.address,
        "email": sender.address,
        "created": book.now.date().isoformat(),
        "source": "mail",
    }
    return change.create(book.schema.kinds["contact"], fields)
