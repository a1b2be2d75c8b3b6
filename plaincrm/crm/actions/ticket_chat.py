"""A chat becomes a ticket, or goes on with the one that it began: `plaincrm ticket open --chat`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from plaincrm.core.records.edits import AddEntry, Edit
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.timeline import log
from plaincrm.core.timeline.log import Entry
from plaincrm.core.values.date_order import date_order
from plaincrm.crm.actions import add
from plaincrm.crm.actions.ticket import asker_links
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import Refused
from plaincrm.interchange import chat
from plaincrm.interchange.chat import ChatMessage
from plaincrm.support.tickets import set_status, stamp

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_OWN = frozenset({"me", "you", "i", "ich", "du", "sie", "moi", "vous", "yo", "tú", "jeg", "meg"})
_SUBJECT = 60  # letters of a first message that make a subject


def open_by_chat(
    book: Book, text: str, asker: Record, about: str = "", values: Mapping[str, str] | None = None
) -> Staged:
    """Stage what a chat with `asker` says: each message once, on the ticket that has some of them
    already, else on a new one. It is about `about`, else about what the customer said first.

    Raises Refused for a text that is no transcript, or whose days can't be read.
    """
    settings = book.settings
    try:
        messages = chat.read(text, date_order(settings.country, settings.language))
    except ValueError as error:
        raise Refused(str(error), "2026-11-20 14:03 Kim Berg: what was said") from None
    if not messages:
        raise Refused("no message in it", "2026-11-20 14:03 Kim Berg: what was said")
    entries = [_entry(each, side) for each, side in _sided(messages, asker, settings.me.name)]
    ticket = _begun(book, asker, entries)
    if ticket is not None:
        return _continued(book, ticket, entries)
    return _opened(book, asker, about or _about(entries), entries, values or {})


def _sided(
    messages: Sequence[ChatMessage], asker: Record, own: str
) -> list[tuple[ChatMessage, str]]:
    """Each message with `in` or `out`. The customer is who has the name of the asker; where nobody
    has it, everybody but oneself, and where nobody is oneself, who spoke first.
    """
    speakers = list(dict.fromkeys(each.who for each in messages))
    theirs = {who for who in speakers if _is_named(who, asker.title)}
    if not theirs:
        mine = {who for who in speakers if fold(who) in _OWN or _is_named(who, own)}
        theirs = set(speakers) - mine if mine else {speakers[0]}
    return [(each, "in" if each.who in theirs else "out") for each in messages]


def _is_named(who: str, name: str) -> bool:
    """Whether somebody goes by a name, or by a part of it."""
    said, known = set(fold(who).split()), set(fold(name).split())
    return bool(said) and (said <= known or (len(known) > 1 and known <= said))


def _entry(message: ChatMessage, side: str) -> Entry:
    text = message.text or "(no text)"
    at = message.at
    return log.normal(Entry(at.date(), "reply", text, at.time(), direction=side))


def _about(entries: Iterable[Entry]) -> str:
    said = next((each.text for each in entries if each.direction == "in"), "Chat")
    line = " ".join(said.split())
    return line if len(line) <= _SUBJECT else line[: _SUBJECT - 1].rstrip() + "…"


def _begun(book: Book, asker: Record, entries: Iterable[Entry]) -> Record | None:
    """The ticket of the asker that has a message of the chat."""
    wanted = {_identity(each) for each in entries}
    for ticket in book.store.linked_from(asker, "ticket", asker.kind.name):
        if any(_identity(each) in wanted for each in ticket.log):
            return ticket
    return None


def _identity(entry: Entry) -> tuple[object, ...]:
    return entry.date, entry.time, f"{entry.type} {entry.direction} {entry.text}"


def _continued(book: Book, ticket: Record, entries: Sequence[Entry]) -> Staged:
    known = {_identity(each) for each in ticket.log}
    new = [each for each in entries if _identity(each) not in known]
    change = book.change("", "ticket")
    if not new:
        said = f"the chat is on {ticket.ref} already"
        return staged(change, said, [ticket], [said])
    after = change.edit(ticket, _edits(book, ticket, new))
    return staged(change, f"Chat goes on: {ticket.ref}, {len(new)} messages", [after])


def _opened(
    book: Book, asker: Record, about: str, entries: Sequence[Entry], values: Mapping[str, str]
) -> Staged:
    given = {name: text for name, text in values.items() if text}
    fields = {"channel": "chat", "opened": stamp(entries[0].at), **given}
    pairs = [(name, "=", text) for name, text in fields.items()]
    new = add.draft(book, book.schema.kinds["ticket"], about, [*asker_links(book, asker), *pairs])
    ticket = add.put(new, new.text).records[0]
    after = new.change.edit(ticket, _edits(book, ticket, entries))
    return staged(new.change, f"Open {after.ref}: {after.title}", [after], new.echo)


def _edits(book: Book, ticket: Record, entries: Sequence[Entry]) -> list[Edit]:
    """The messages; after an answer the ticket waits for the customer, after a question for you."""
    last = entries[-1]
    answered = any(each.direction == "out" for each in entries)
    status = "pending" if last.direction == "out" else "open"
    moved = set_status(ticket, status, book.context, last.at) if answered else []
    return [*(AddEntry(each) for each in entries), *moved]
