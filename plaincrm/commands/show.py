"""`plaincrm show`: everything about one record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import ReadingOptions, arranged, book_for, reading
from plaincrm.commands._reading import show as show_rows
from plaincrm.commands._types import RefWord, find_all, find_all_in
from plaincrm.errors import NotFound, UsageError

if TYPE_CHECKING:
    from plaincrm.core.records.record import Record
    from plaincrm.crm.book import Book

EPILOG = """\b
Examples:
  plaincrm show ola-nordmann
  plaincrm show "+47 922 33 444" --brief
  plaincrm show ola-nordmann --timeline
"""


MAIL = 1 << 20  # bytes of a mail that are read to find its sender, who stands at the top


@click.command("show", epilog=EPILOG)
@click.argument("ref", type=RefWord(), required=False)
@click.option("--brief", is_flag=True, help="One page before a call.")
@click.option(
    "--log",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    metavar="N",
    help="Entries of the log.",
)
@click.option("--history", is_flag=True, help="Its changes, field by field, from git.")
@click.option("--timeline", is_flag=True, help="One time line: its log, its deals, its tickets.")
@click.option("--summarise", is_flag=True, help="What your own language model says of it.")
@click.option("--trust", is_flag=True, help="Say yes, once, to that model's command.")
@click.option("--sender", is_flag=True, help="Who wrote the mail on standard input.")
@reading
@pass_app
def command(
    app: App,
    /,
    ref: str | None,
    brief: bool,
    log: int,
    history: bool,
    timeline: bool,
    sender: bool,
    summarise: bool,
    trust: bool,
    options: ReadingOptions,
) -> None:
    """Everything about one record: fields, links both ways, open deals and tickets, tasks, log.

    REF is an id, kind/id, e-mail, phone, name, or the beginning of an id; @segment and - show
    several.
    """
    if sum((brief, history, timeline)) > 1:
        raise UsageError("one of --brief, --history and --timeline at a time")
    if (ref is None) is not sender:
        raise UsageError("a REF, or --sender and a mail on standard input", "plaincrm show REF")
    ref = ref or _sender(app)
    if history:
        return _history(app, ref, options)
    from plaincrm.views.card import cards

    book = book_for(app, options)
    records = find_all_in(app, book, [ref])
    if summarise:
        return _summaries(app, book, records, trust)
    if timeline:
        return _timeline(app, book, records, options)
    rows = cards(records, book.context, entries=log, brief=brief, asked=options.columns)
    return show_rows(app, arranged(rows, options), options, book)


def _timeline(app: App, book: Book, records: Sequence[Record], options: ReadingOptions) -> None:
    """The log of one record and of what belongs to it."""
    from plaincrm.views.timeline import rows

    if len(records) != 1:
        raise UsageError("--timeline shows one record", "name one REF")
    shown = rows(records[0], book.context, options.columns)
    show_rows(app, arranged(shown, options), options, book)


def _summaries(app: App, book: Book, records: Sequence[Record], trust: bool) -> None:
    """What the user's own model says of each record; it is shown, and nothing is saved."""
    from plaincrm.crm import model_brief
    from plaincrm.transport import model_command

    command = model_brief.command(book, trust=trust)
    for record in records:
        said = model_command.answer(command, model_brief.summary_brief(book, record))
        app.say(f"{record.ref}, as {command.split()[0]} has it; not saved")
        click.echo(app.shown(f"{said}\n"), nl=False)


def _sender(app: App) -> str:
    """The record of whoever wrote the mail that a mail program pipes in. Raises NotFound."""
    import shlex
    import sys

    from plaincrm.crm.reference_match import Sureness
    from plaincrm.crm.references import matches
    from plaincrm.interchange.mail import parse

    sender = parse.parse(sys.stdin.buffer.read(MAIL)).sender
    kinds = ("contact", "company")
    every = matches(app.book, sender.address, kinds) if sender.address else []
    found = [each for each in every if each.sureness is Sureness.EXACT]
    if not found:
        who = f"{sender.name} <{sender.address}>" if sender.name else sender.address
        raise NotFound(f"{who} is not here", f"plaincrm add contact {shlex.quote(who)}")
    return found[0].record.ref


def _history(app: App, ref: str, options: ReadingOptions) -> None:
    """The record's changes, as `plaincrm history REF` shows them."""
    from plaincrm.crm.history.field_changes import history
    from plaincrm.views.history import rows

    if options.as_of:
        raise UsageError("--history has every day already; leave --as-of away")
    found = history(app.book, find_all(app, [ref]))
    show_rows(app, arranged(rows(found, len(found), app.book.store), options), options)
