"""`plaincrm ticket`: requests for help, opened, answered, solved."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, BinaryIO

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._mail import TemplateWord
from plaincrm.commands._reading import TABLE, ReadingOptions, book_for, reading, show
from plaincrm.commands._terminal import confirm
from plaincrm.commands._types import QueryWord, RefWord, find, open_one
from plaincrm.commands._words import fields_in
from plaincrm.commands._writing import WritingOptions, write, writing
from plaincrm.errors import PlaincrmError, UsageError

if TYPE_CHECKING:
    from plaincrm.core.records.record import Record
    from plaincrm.crm.staged import Staged

EPILOG = """\b
Examples:
  plaincrm ticket open "Logo too dark" --contact kari-berg --priority high
  plaincrm ticket reply login-broken-k7m2 "The host renewed the certificate. Please try again."
  plaincrm ticket list is:unanswered
"""
OPEN = """\b
Examples:
  plaincrm ticket open "Logo too dark" --contact kari-berg
  plaincrm ticket open --email mail.eml
  plaincrm ticket open --chat chat.txt --contact kari-berg
  plaincrm ticket open Proofs missing --contact fjord-website-2027 --priority high --due +2bd
"""
REPLY = """\b
Examples:
  plaincrm ticket reply login-broken-k7m2 "The host renewed the certificate. Please try again."
  plaincrm ticket reply login-broken-k7m2 --in "Works again, thank you."
  plaincrm ticket reply login-broken-k7m2 --article envelope-windows --outbox
"""
NOTE = """\b
Examples:
  plaincrm ticket note login-broken-k7m2 "Their support calls back at four"
  plaincrm ticket note login-broken-k7m2 -
  plaincrm ticket note login-broken-k7m2
"""
SOLVE = """\b
Examples:
  plaincrm ticket solve login-broken-k7m2
  plaincrm ticket solve login-broken-k7m2 "The certificate renews itself from now on."
  plaincrm ticket solve login-broken-k7m2 -n
"""
REOPEN = """\b
Examples:
  plaincrm ticket reopen favicon-old-z2c7
  plaincrm ticket reopen favicon-old-z2c7 "The old one is back after the update"
  plaincrm ticket reopen favicon-old-z2c7 -n
"""
MERGE = """\b
Examples:
  plaincrm ticket merge login-broken-k7m2 favicon-old-z2c7 -y
  plaincrm ticket merge login-broken-k7m2 favicon-old-z2c7 -n
  plaincrm ticket merge ticket/login-broken-k7m2 ticket/favicon-old-z2c7 -y
"""
SPLIT = """\b
Examples:
  plaincrm ticket split login-broken-k7m2 "Invoice address has changed"
  plaincrm ticket split login-broken-k7m2 New printer --text "We also have a new printer."
  plaincrm ticket split login-broken-k7m2 New printer -n
"""
LINK = """\b
Examples:
  plaincrm ticket link login-broken-k7m2 favicon-old-z2c7
  plaincrm ticket link login-broken-k7m2 favicon-old-z2c7 label-glue-d9wq
  plaincrm ticket link login-broken-k7m2 favicon-old-z2c7 -n
"""
ASSIGN = """\b
Examples:
  plaincrm ticket assign login-broken-k7m2 Lukasz
  plaincrm ticket assign login-broken-k7m2
  plaincrm ticket assign login-broken-k7m2 Ada -n
"""
LIST = """\b
Examples:
  plaincrm ticket list
  plaincrm ticket list "sla.due<+2h" --board
  plaincrm ticket list is:solved opened:soy.. --columns id,opened,solved_at,csat
"""


@click.group("ticket", epilog=EPILOG)
def command() -> None:
    """Tickets: requests for help. TICKET may be a contact or a company that has exactly one
    open.
    """


@command.command("open", epilog=OPEN)
@click.argument("subject", nargs=-1)
@click.option(
    "--contact",
    metavar="REF",
    type=RefWord("contact", "deal"),
    help="Who asks; or a deal.",
)
@click.option(
    "--email",
    "mail",
    type=click.File("rb"),
    metavar="FILE",
    help="A mail; it joins the ticket of its thread, else opens one. - reads standard input.",
)
@click.option(
    "--chat",
    type=click.File("rb"),
    metavar="FILE",
    help="A chat with --contact, as messengers save it; each message is logged once.",
)
@click.option("--priority", metavar="PRIORITY", default="", help="low, normal, high or urgent.")
@click.option("--category", metavar="TEXT", default="", help="Sort of question.")
@click.option("--channel", metavar="TEXT", default="", help="How it came in.")
@click.option("--due", metavar="DATE", default="", help="When it has to be solved.")
@click.option(
    "--text", metavar="TEXT", default="", help="What the customer wrote; - reads standard input."
)
@writing
@pass_app
def open_(
    app: App,
    subject: tuple[str, ...],
    contact: str | None,
    mail: BinaryIO | None,
    chat: BinaryIO | None,
    priority: str,
    category: str,
    channel: str,
    due: str,
    text: str,
    mode: WritingOptions,
) -> None:
    """A new ticket; its kind/id is printed."""
    from plaincrm.crm.actions import ticket as ticketing
    from plaincrm.crm.actions.ticket_chat import open_by_chat
    from plaincrm.crm.actions.ticket_mail import open_by_mail

    values = {"priority": priority, "category": category, "channel": channel, "due": due}
    said, subject = fields_in(subject, ("contact", "text", *values))
    contact, text = said.pop("contact", contact), said.pop("text", text)
    values |= said
    if mail is not None:
        if subject or contact or text:
            raise UsageError("a mail has its own subject, sender and text")
        return _joined(app, open_by_mail(app.book, mail.read(), values), mode)
    if not contact or not (subject or chat):
        raise UsageError(
            "say what it is about and who asks",
            "ticket open SUBJECT --contact REF, --chat FILE --contact REF, or --email FILE",
        )
    asker = find(app, contact, ("contact", "deal"), writes=True)
    if chat is not None:
        talk = chat.read().decode("utf-8", "replace")
        about = " ".join(subject)
        return _joined(app, open_by_chat(app.book, talk, asker, about, values), mode)
    staged = ticketing.opened(app.book, " ".join(subject), asker, values, _read(text))
    if _write(app, staged, mode):
        click.echo(staged.records[0].ref)
    return None


@command.command(epilog=REPLY, short_help="Log an answer that you gave.")
@click.argument("ticket", type=RefWord("ticket", "contact", "company"))
@click.argument("text", nargs=-1)
@click.option("--in", "incoming", is_flag=True, help="The customer wrote this.")
@click.option("--outbox", is_flag=True, help="Write it as a draft in the ticket's thread.")
@click.option("--template", type=TemplateWord(), metavar="NAME", help="A draft from a template.")
@click.option(
    "--article", type=RefWord("article"), metavar="REF", help="The article that answers it."
)
@writing
@pass_app
def reply(
    app: App,
    ticket: str,
    text: tuple[str, ...],
    incoming: bool,
    outbox: bool,
    template: str | None,
    article: str | None,
    mode: WritingOptions,
) -> None:
    """Log an answer that you gave; the ticket then waits for the customer. Nothing is sent.

    Without TEXT the editor opens; - reads standard input. With --outbox it becomes a draft, which
    is logged once it is sent: your own words, a --template, or the link or text of an --article;
    without --outbox these two show what they would write.
    """
    from plaincrm.crm.actions import ticket as ticketing

    found = _ticket(app, ticket)
    answer = find(app, article, ("article",), writes=True) if article else None
    if outbox or template or (article and not text):
        if incoming:
            raise UsageError("--in logs what the customer wrote; it is no draft")
        words = _read(" ".join(text))
        return _draft(app, found, words, template or "", answer, write=outbox and not mode.dry_run)
    with _text(app, text, f"reply on {found.ref}  {found.title}", mode) as written:
        direction = "in" if incoming else "out"
        _write(app, ticketing.replied(app.book, found, written, direction, answer), mode)
    return None


@command.command(epilog=NOTE)
@click.argument("ticket", type=RefWord("ticket", "contact", "company"))
@click.argument("text", nargs=-1)
@writing
@pass_app
def note(app: App, ticket: str, text: tuple[str, ...], mode: WritingOptions) -> None:
    """Log a note for yourself; it is no answer. Without TEXT the editor opens; - reads standard
    input.
    """
    from plaincrm.crm.actions import ticket as ticketing

    found = _ticket(app, ticket)
    with _text(app, text, f"note on {found.ref}  {found.title}", mode) as written:
        _write(app, ticketing.noted(app.book, found, written), mode)


@command.command(epilog=SOLVE, short_help="Mark it as solved.")
@click.argument("ticket", type=RefWord("ticket", "contact", "company"))
@click.argument("text", nargs=-1)
@click.option(
    "--article", type=RefWord("article"), metavar="REF", help="The article that answered it."
)
@writing
@pass_app
def solve(
    app: App, ticket: str, text: tuple[str, ...], article: str | None, mode: WritingOptions
) -> None:
    """Mark it as solved; TEXT is your last answer (- reads standard input)."""
    from plaincrm.crm.actions import ticket as ticketing

    found = _ticket(app, ticket)
    answer = find(app, article, ("article",), writes=True) if article else None
    _write(app, ticketing.solved(app.book, found, _read(" ".join(text)), answer), mode)


@command.command(epilog=REOPEN, short_help="Open it again.")
@click.argument("ticket", type=RefWord("ticket"))
@click.argument("text", nargs=-1)
@writing
@pass_app
def reopen(app: App, ticket: str, text: tuple[str, ...], mode: WritingOptions) -> None:
    """Open it again; TEXT is a note that says why (- reads standard input)."""
    from plaincrm.crm.actions import ticket as ticketing

    found = find(app, ticket, ("ticket",), writes=True)
    _write(app, ticketing.reopened(app.book, found, _read(" ".join(text))), mode)


@command.command(epilog=MERGE)
@click.argument("keep", type=RefWord("ticket"))
@click.argument("duplicate", type=RefWord("ticket"))
@writing
@pass_app
def merge(app: App, keep: str, duplicate: str, mode: WritingOptions) -> None:
    """Make the ticket DUPLICATE part of KEEP: one log, one thread; its id still leads here."""
    from plaincrm.crm.actions import ticket as ticketing

    kept, other = (find(app, word, ("ticket",), surely=True) for word in (keep, duplicate))
    staged = ticketing.merged(app.book, kept, other)
    if not (mode.yes or mode.dry_run):
        app.say(f"keep {kept.ref}  {kept.title}; merge {other.ref}  {other.title}")
        if not app.interactive:
            raise PlaincrmError("nothing merged: there is nobody to ask", "-y says yes")
        if not confirm("Merge them?"):
            raise PlaincrmError("nothing merged")
    if _write(app, staged, mode):
        click.echo(staged.records[0].ref)


@command.command(epilog=SPLIT)
@click.argument("ticket", type=RefWord("ticket", "contact", "company"))
@click.argument("subject", nargs=-1, required=True)
@click.option("--text", metavar="TEXT", default="", help="What the customer wrote of it.")
@writing
@pass_app
def split(app: App, ticket: str, subject: tuple[str, ...], text: str, mode: WritingOptions) -> None:
    """A new ticket for what came up beside the question, with the same people.

    Without --text it begins with the customer's last message. The two are related to each other.
    """
    from plaincrm.crm.actions import ticket as ticketing

    staged = ticketing.split(app.book, _ticket(app, ticket), " ".join(subject), _read(text))
    if _write(app, staged, mode):
        click.echo(staged.records[0].ref)


@command.command(epilog=LINK)
@click.argument("ticket", type=RefWord("ticket"))
@click.argument("others", type=RefWord("ticket"), nargs=-1, required=True)
@writing
@pass_app
def link(app: App, ticket: str, others: tuple[str, ...], mode: WritingOptions) -> None:
    """Say that tickets belong together: each names the other under `related`."""
    from plaincrm.crm.actions import ticket as ticketing

    found, *more = (find(app, word, ("ticket",), writes=True) for word in (ticket, *others))
    _write(app, ticketing.linked(app.book, found, more), mode)


@command.command(epilog=ASSIGN)
@click.argument("ticket", type=RefWord("ticket", "contact", "company"))
@click.argument("owner", nargs=-1)
@writing
@pass_app
def assign(app: App, ticket: str, owner: tuple[str, ...], mode: WritingOptions) -> None:
    """Say who looks after it; without OWNER nobody in particular."""
    from plaincrm.crm.actions import ticket as ticketing

    _write(app, ticketing.assigned(app.book, _ticket(app, ticket), " ".join(owner)), mode)


@command.command("list", epilog=LIST)
@click.argument("query", type=QueryWord("ticket"), nargs=-1)
@click.option("--board", is_flag=True, help="A column a status, a card a ticket.")
@reading
@pass_app
def list_(app: App, query: tuple[str, ...], board: bool, options: ReadingOptions) -> None:
    """Tickets that a QUERY selects, those that are due first on top; without one, the open ones.

    LEFT is the time by the calendar until the next deadline: a promised reply or solution, or the
    ticket's own `due`.
    """
    from plaincrm.crm.ticket_queue import queue
    from plaincrm.views import tickets
    from plaincrm.views.listing import listing

    book = book_for(app, options)
    found = queue(book, query or ["is:open"], options.sort, options.limit)
    app.tell(found.query.echo)
    shown = options.columns or tickets.COLUMNS
    rows = listing(found.kind, found.query, found.records, found.total, book.context, shown)
    if board:
        rows = tickets.with_board(rows, book.context)
    elif not options.columns:
        rows = tickets.queue(rows, book.context)
    show(app, rows, options, book)
    if options.form == TABLE and not found.total:
        begun = 'plaincrm ticket open "SUBJECT" --contact REF opens one'
        app.say("no tickets here that fit" if query else f"no open tickets; {begun}")


def _joined(app: App, staged: Staged, mode: WritingOptions) -> None:
    """Write what a mail or a chat brought; one that is known already is no failure."""
    if not staged.files:
        app.tell(staged.echo)
    elif not _write(app, staged, mode):
        return
    click.echo(staged.records[0].ref)


def _draft(
    app: App, ticket: Record, text: str, template: str, article: Record | None, *, write: bool
) -> None:
    """Show the answer as it would be mailed, and write it to the outbox."""
    from plaincrm.crm.actions.ticket_reply import reply_draft
    from plaincrm.crm.mailing.write import to_outbox
    from plaincrm.views import messages

    letter = reply_draft(app.book, ticket, text=text, template=template, article=article)
    if write:
        to_outbox(app.book, [letter])
    click.echo(app.shown(messages.preview([letter], app.width)), nl=False)
    app.tell(messages.summary([letter]))
    if write:
        app.say("it waits in outbox/; once sent: plaincrm outbox sent --all")


def _ticket(app: App, word: str) -> Record:
    return open_one(app, word, "ticket", writes=True)


def _text(
    app: App, words: tuple[str, ...], about: str, mode: WritingOptions
) -> AbstractContextManager[str]:
    from plaincrm.commands._editor import composed

    return nullcontext(_read(" ".join(words))) if words else composed(app, about, keep=mode.dry_run)


def _read(text: str) -> str:
    return sys.stdin.read().strip() if text == "-" else text


def _write(app: App, staged: Staged, mode: WritingOptions) -> bool:
    app.tell(staged.echo)
    return write(app, staged, mode)
