"""Tickets from the first word to the last: each step staged as one change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from plaincrm.core.records.edits import Edit, logged
from plaincrm.core.records.record import Record
from plaincrm.crm.actions import add
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import Refused
from plaincrm.support import tickets

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.crm.change import Change


def opened(
    book: Book, about: str, asker: Record, values: Mapping[str, str], text: str = ""
) -> Staged:
    """Stage a new ticket of `asker`, a contact or a deal (then its contact, with the deal); `text`
    is what the customer wrote. Raises Refused for values that the schema does not allow."""
    wanted = [
        *_links(book, asker),
        *((name, "=", value) for name, value in values.items() if value),
    ]
    kind = book.schema.kinds["ticket"]
    new = add.draft(book, kind, about, wanted)
    ticket = add.put(new, new.text).records[0]
    if text:
        ticket = new.change.edit(ticket, [logged(book.now, "reply", text, "in")])
    return _named(new.change, ticket, "Open", ticket.title, new.echo)


def replied(book: Book, ticket: Record, text: str, direction: str = "out") -> Staged:
    """Stage a `reply`; the ticket waits for the customer, or with `in` for an answer."""
    word = "Answer" if direction == "out" else "Log the customer's message on"
    return _done(
        book, ticket, tickets.reply(ticket, _some(text), book.context, direction), word, text
    )


def noted(book: Book, ticket: Record, text: str) -> Staged:
    """Stage a note for oneself."""
    return _done(book, ticket, tickets.note(ticket, _some(text), book.context), "Note on", text)


def solved(book: Book, ticket: Record, text: str = "") -> Staged:
    """Stage the solution, with a last answer if there is a `text`. Raises Refused where it is
    solved already.
    """
    edits = tickets.solve(ticket, book.context, text)
    if not edits:
        raise Refused(
            f"{ticket.ref} is {tickets.status_of(ticket)} already",
            f"plaincrm ticket reopen {ticket.id}",
        )
    return _done(book, ticket, edits, "Solve", text)


def reopened(book: Book, ticket: Record, text: str = "") -> Staged:
    """Stage that it is open again. Raises Refused for one that is open."""
    return _done(book, ticket, tickets.reopen(ticket, book.context, text), "Reopen", text)


def _done(book: Book, ticket: Record, edits: Sequence[Edit], verb: str, text: str) -> Staged:
    change = book.change("", "ticket")
    return _named(change, change.edit(ticket, edits), verb, text)


def _named(
    change: Change, ticket: Record, verb: str, text: str, echo: Sequence[str] = ()
) -> Staged:
    summary = f"{verb} {ticket.ref}: {text}" if text else f"{verb} {ticket.ref}"
    return staged(change, summary, [ticket], echo)


def _links(book: Book, asker: Record) -> list[tuple[str, str, str]]:
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
