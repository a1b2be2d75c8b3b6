"""Which ticket a mail belongs to.

The first of these that leads to a ticket decides, so that a mail is on one ticket and never on two:

1. the mail that it answers (`In-Reply-To`), then `References` from the last to the first;
2. a ticket's id in the subject, such as `Re: Login broken [login-broken-k7m2]`;
3. an answer (`Re:`) of the ticket's own contact under the ticket's own subject, for threads that a
   mail program has broken; a closed ticket is not opened again by that.

A former id (`aliases:`, after a merge) leads to the ticket that has it now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.text.pattern import pattern

_WORD = pattern(r"[^\W_]+(?:-[^\W_]+)+")
# The beginnings of the subject of an answer in the languages of Europe, and in some of Asia.
_ANSWER = pattern(
    r"\s*(?:re|aw|antw|antwort|sv|vs|odp|rif|ref|res|回复|回覆|返信|답장)(?:\[\d+\])?\s?[:：]\s*"
)
_FORWARD = pattern(r"\s*(?:fwd?|wg|tr|rv|doorst|vb|i)\s?[:：]\s*")
_TOKEN = pattern(r"\s*\[[^\]]*\]\s*$")


def message_ids(record: Record, _: Context) -> tuple[str, ...] | None:
    """The ids of the mails in its log."""
    found = tuple(entry.message_id for entry in record.log if entry.message_id)
    return found or None


def ticket_of_mail(
    context: Context,
    *,
    answers: str = "",
    references: Sequence[str] = (),
    subject: str = "",
    contacts: Iterable[str] = (),
) -> Record | None:
    """The ticket of a mail, None where it has none. `answers` and `references` are message ids with
    their brackets; `contacts` the ids of the contacts that it may be from.
    """
    return (
        _by_thread(context, [answers, *reversed(references)])
        or _by_id(context, subject)
        or _by_subject(context, subject, frozenset(map(fold, contacts)))
    )


def _by_thread(context: Context, ids: Iterable[str]) -> Record | None:
    known: Mapping[str, str] = context.shared("ticket messages", _messages)
    for id in ids:
        if id in known:
            return context.store.get("ticket", known[id])
    return None


def _messages(context: Context) -> Mapping[str, str]:
    """The ticket of each message id, from the column that the cache keeps."""
    ids = context.store.collection("ticket").ids()
    column = context.column("ticket", "_message_ids")
    found: dict[str, str] = {}
    for ticket, messages in zip(ids, column, strict=True):
        for message in messages or ():
            found.setdefault(message, ticket)
    return found


def holder_of_mail(context: Context, message_id: str) -> Record | None:
    """The record whose log has the mail."""
    for kind in context.store.schema.kinds:
        column = context.column(kind, "_message_ids")
        having = [ids is not None and message_id in ids for ids in column]
        if any(having):
            return context.store.collection(kind).chosen(having)[0]
    return None


def _by_id(context: Context, subject: str) -> Record | None:
    """By the last word of the subject that is a ticket's id: the program writes it at the end."""
    for word in reversed(_WORD.findall(subject.casefold())):
        ticket = context.store.get("ticket", word)
        if ticket is not None:
            return ticket
    return None


def _by_subject(context: Context, subject: str, contacts: frozenset[str]) -> Record | None:
    if not contacts or not _ANSWER.match(subject.casefold()):
        return None
    wanted = bare_subject(subject)
    found = [
        ticket
        for ticket in context.store.records("ticket")
        if bare_subject(ticket.title) == wanted
        and ticket.text("status").casefold() != "closed"
        and contacts & {fold(item.text) for item in ticket.items("contact")}
    ]
    return found[0] if len(found) == 1 else None


def bare_title(subject: str) -> str:
    """A subject without `Re:` and `Fwd:`."""
    text = subject
    while match := _ANSWER.match(text.casefold()) or _FORWARD.match(text.casefold()):
        text = text[match.end() :]
    return " ".join(text.split())


def bare_subject(subject: str) -> str:
    """The same without the ticket's id at its end, folded for comparison."""
    return fold(bare_title(_TOKEN.sub("", subject)))


def tagged_subject(subject: str, ticket: str) -> str:
    """A subject that names the ticket's id, by which an answer is found again."""
    return subject if ticket in subject.casefold() else f"{subject} [{ticket}]"


FACTS = (
    Fact(
        "*",
        "_message_ids",
        "plain",
        Needs.FILE,
        "The ids of the mails in its log",
        message_ids,
    ),
)
