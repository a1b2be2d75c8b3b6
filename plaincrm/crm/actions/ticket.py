"""Tickets from the first word to the last: each step staged as one change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from plaincrm.core.records.edits import (
    AddEntry,
    AddItem,
    DeleteField,
    Edit,
    SetField,
    logged,
)
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.crm.actions import add
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import Refused
from plaincrm.support import tickets
from plaincrm.support.article_facts import solves

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.crm.change import Change


def opened(
    book: Book, about: str, asker: Record, values: Mapping[str, str], text: str = ""
) -> Staged:
    """Stage a new ticket of `asker`, a contact or a deal (then its contact, with the deal); `text`
    is what the customer wrote. Raises Refused for values that the schema does not allow."""
    wanted = [
        *asker_links(book, asker),
        *((name, "=", value) for name, value in values.items() if value),
    ]
    kind = book.schema.kinds["ticket"]
    new = add.draft(book, kind, about, wanted)
    ticket = add.put(new, new.text).records[0]
    if text:
        ticket = new.change.edit(ticket, [logged(book.now, "reply", text, "in")])
    return _named(new.change, ticket, "Open", ticket.title, new.echo)


def replied(
    book: Book,
    ticket: Record,
    text: str,
    direction: str = "out",
    article: Record | None = None,
) -> Staged:
    """Stage a `reply`; the ticket waits for the customer, or with `in` for an answer. An `article`
    that answered it learns so.
    """
    word = "Answer" if direction == "out" else "Log the customer's message on"
    edits = tickets.reply(ticket, _some(text), book.context, direction)
    return _done(book, ticket, edits, word, text, article)


def noted(book: Book, ticket: Record, text: str) -> Staged:
    """Stage a note for oneself."""
    return _done(book, ticket, tickets.note(ticket, _some(text), book.context), "Note on", text)


def solved(book: Book, ticket: Record, text: str = "", article: Record | None = None) -> Staged:
    """Stage the solution, with a last answer if there is a `text`. An `article` that answered it
    learns so. Raises Refused where it is solved already.
    """
    edits = tickets.solve(ticket, book.context, text)
    if not edits:
        raise Refused(
            f"{ticket.ref} is {tickets.status_of(ticket)} already",
            f"plaincrm ticket reopen {ticket.id}",
        )
    return _done(book, ticket, edits, "Solve", text, article)


def reopened(book: Book, ticket: Record, text: str = "") -> Staged:
    """Stage that it is open again. Raises Refused for one that is open."""
    return _done(book, ticket, tickets.reopen(ticket, book.context, text), "Reopen", text)


def assigned(book: Book, ticket: Record, owner: str) -> Staged:
    """Stage who looks after it; empty takes the owner away."""
    edit: Edit = SetField("owner", owner) if owner else DeleteField("owner")
    change = book.change("", "ticket")
    verb = f"Assign to {owner}" if owner else "Unassign"
    return _named(change, change.edit(ticket, [edit]), verb, "")


def linked(book: Book, ticket: Record, others: Sequence[Record]) -> Staged:
    """Stage that tickets belong together: each names the other under `related`."""
    change = book.change("", "ticket")
    after = ticket
    for other in others:
        if other.ref == ticket.ref:
            raise Refused(f"{ticket.ref} is one ticket", "name another one")
        after = _related(change, after, other)
        _related(change, other, ticket)
    names = ", ".join(other.ref for other in others)
    return staged(change, f"Link {ticket.ref} with {names}", [after])


def _related(change: Change, ticket: Record, other: Record) -> Record:
    known = {fold(item.text) for item in ticket.items("related")}
    if fold(other.id) in known:
        return ticket
    return change.edit(ticket, [AddItem("related", other.id)])


def split(book: Book, ticket: Record, about: str, text: str = "") -> Staged:
    """Stage a new ticket for what came up beside the question: with the same people, related both
    ways. `text` is what the customer wrote of it, else the customer's last message.
    """
    from plaincrm.core.timeline.log import Entry

    change = book.change("", "ticket")
    kind = book.schema.kinds["ticket"]
    shared = ("contact", "company", "deal", "priority", "owner", "channel")
    fields = {name: ticket.fields[name] for name in shared if name in ticket.fields}
    new = change.create(
        kind, {"subject": about, **tickets.opening(book.context), **fields, "related": ticket.id}
    )
    said = text or tickets.last_message(ticket)
    if said:
        now = book.now
        entry = Entry(now.date(), "reply", said, now.time(), direction="in")
        new = change.edit(new, [AddEntry(entry)])
    note = logged(book.now, "note", f"Split off: {about} ({new.id})")
    change.edit(ticket, [AddItem("related", new.id), note])
    return staged(change, f"Split {new.ref} from {ticket.ref}", [new])


def merged(book: Book, keep: Record, duplicate: Record) -> Staged:
    """Stage that two tickets are one. It is open if one of them is."""
    from plaincrm.crm.duplicates.merge import merge

    found = merge(book, keep, duplicate)
    waiting = not tickets.is_open(keep, book.context) and tickets.is_open(duplicate, book.context)
    if waiting:
        found.records = [
            found.change.edit(
                found.records[0], tickets.set_status(found.records[0], "open", book.context)
            )
        ]
    return found


def _done(
    book: Book,
    ticket: Record,
    edits: Sequence[Edit],
    verb: str,
    text: str,
    article: Record | None = None,
) -> Staged:
    change = book.change("", "ticket")
    after = change.edit(ticket, edits)
    if article is not None and not solves(article, ticket):
        change.edit(article, [AddItem("solves", ticket.id)])
    return _named(change, after, verb, text)


def _named(
    change: Change, ticket: Record, verb: str, text: str, echo: Sequence[str] = ()
) -> Staged:
    summary = f"{verb} {ticket.ref}: {text}" if text else f"{verb} {ticket.ref}"
    return staged(change, summary, [ticket], echo)


def asker_links(book: Book, asker: Record) -> list[tuple[str, str, str]]:
    """The ticket's links: the contact, its company, and the deal where one was named."""
    from plaincrm.crm.mailing.render import recipient

    who = recipient(book, asker)
    if who.contact is None:
        raise Refused(f"{asker.ref} has no contact", "name the contact: --contact ada-lovelace")
    found = [("contact", "=", who.contact.id)]
    places = [
        place for each in (asker, who.contact) for place in book.store.follow(each, "company")
    ]
    if places:
        found.append(("company", "=", places[0].id))
    return [*found, ("deal", "=", asker.id)] if asker.kind.name == "deal" else found


def _some(text: str) -> str:
    if not text.strip():
        raise Refused(
            "there is no text to write",
            "give it as words, - for standard input, or none for the editor",
        )
    return text
