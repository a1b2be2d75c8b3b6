"""`plaincrm ticket`: requests for help, opened, answered, solved."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import TABLE, How, book_for, reading, select, show
from plaincrm.commands._types import QueryWord, RefWord, find, open_one
from plaincrm.commands._writing import Mode, write, writing

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
  plaincrm ticket open Proofs missing --contact fjord-website-2027 --priority high --due +2bd
  plaincrm ticket open "Which font is it" --contact kari-berg --text "I need it for the boat."
"""
REPLY = """\b
Examples:
  plaincrm ticket reply login-broken-k7m2 "The host renewed the certificate. Please try again."
  plaincrm ticket reply login-broken-k7m2 --in "Works again, thank you."
  plaincrm ticket reply login-broken-k7m2 - -n
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
LIST = """\b
Examples:
  plaincrm ticket list
  plaincrm ticket list priority:urgent,high --json
  plaincrm ticket list is:solved opened:soy.. --columns id,opened,solved_at,csat
"""


@click.group("ticket", epilog=EPILOG)
def command() -> None:
    """Tickets: requests for help. TICKET may be a contact or a company that has exactly one
    open.
    """


@command.command("open", epilog=OPEN)
@click.argument("subject", nargs=-1, required=True)
@click.option(
    "--contact",
    metavar="REF",
    type=RefWord("contact", "deal"),
    required=True,
    help="Who asks; or a deal.",
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
    contact: str,
    priority: str,
    category: str,
    channel: str,
    due: str,
    text: str,
    mode: Mode,
) -> None:
    """A new ticket; its kind/id is printed."""
    from plaincrm.crm.actions import ticket as ticketing

    asker = find(app, contact, ("contact", "deal"), writes=True)
    values = {"priority": priority, "category": category, "channel": channel, "due": due}
    staged = ticketing.opened(app.book, " ".join(subject), asker, values, _read(text))
    if _write(app, staged, mode):
        click.echo(staged.records[0].ref)


@command.command(epilog=REPLY, short_help="Log an answer that you gave.")
@click.argument("ticket", type=RefWord("ticket", "contact", "company"))
@click.argument("text", nargs=-1)
@click.option("--in", "incoming", is_flag=True, help="The customer wrote this.")
@writing
@pass_app
def reply(app: App, ticket: str, text: tuple[str, ...], incoming: bool, mode: Mode) -> None:
    """Log an answer that you gave; the ticket then waits for the customer. Nothing is sent.

    Without TEXT the editor opens; - reads standard input. plaincrm email ticket-reply TICKET writes
    a mail.
    """
    from plaincrm.crm.actions import ticket as ticketing

    found = _ticket(app, ticket)
    with _text(app, text, f"reply on {found.ref}  {found.title}", mode) as written:
        _write(app, ticketing.replied(app.book, found, written, "in" if incoming else "out"), mode)


@command.command(epilog=NOTE)
@click.argument("ticket", type=RefWord("ticket", "contact", "company"))
@click.argument("text", nargs=-1)
@writing
@pass_app
def note(app: App, ticket: str, text: tuple[str, ...], mode: Mode) -> None:
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
@writing
@pass_app
def solve(app: App, ticket: str, text: tuple[str, ...], mode: Mode) -> None:
    """Mark it as solved; TEXT is your last answer (- reads standard input)."""
    from plaincrm.crm.actions import ticket as ticketing

    found = _ticket(app, ticket)
    _write(app, ticketing.solved(app.book, found, _read(" ".join(text))), mode)


@command.command(epilog=REOPEN, short_help="Open it again.")
@click.argument("ticket", type=RefWord("ticket"))
@click.argument("text", nargs=-1)
@writing
@pass_app
def reopen(app: App, ticket: str, text: tuple[str, ...], mode: Mode) -> None:
    """Open it again; TEXT is a note that says why (- reads standard input)."""
    from plaincrm.crm.actions import ticket as ticketing

    found = find(app, ticket, ("ticket",), writes=True)
    _write(app, ticketing.reopened(app.book, found, _read(" ".join(text))), mode)


@command.command("list", epilog=LIST)
@click.argument("query", type=QueryWord("ticket"), nargs=-1)
@reading
@pass_app
def list_(app: App, query: tuple[str, ...], how: How) -> None:
    """Tickets that a QUERY selects; without one, those that are open."""
    from plaincrm.views.listing import listing

    book = book_for(app, how)
    found = select(app, book, "tickets", query or ["is:open"], how)
    rows = listing(found.kind, found.query, found.records, found.total, book.context, how.columns)
    show(app, rows, how, book)
    if how.form == TABLE and not found.total:
        app.say("no tickets here that fit" if query else "no open tickets")


def _ticket(app: App, word: str) -> Record:
    return open_one(app, word, "ticket", writes=True)


def _text(app: App, words: tuple[str, ...], about: str, mode: Mode) -> AbstractContextManager[str]:
    from plaincrm.commands._editor import composed

    return nullcontext(_read(" ".join(words))) if words else composed(app, about, keep=mode.dry_run)


def _read(text: str) -> str:
    return sys.stdin.read().strip() if text == "-" else text


def _write(app: App, staged: Staged, mode: Mode) -> bool:
    app.tell(staged.echo)
    return write(app, staged, mode)
