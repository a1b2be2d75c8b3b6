"""`plaincrm today`: the morning screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import (
    TABLE,
    ReadingOptions,
    arranged,
    book_for,
    reading,
    show,
    write_out,
)
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.crm.reminders.today import Today
    from plaincrm.views.layout import Layout
    from plaincrm.views.rows import Rows

EPILOG = """\b
Examples:
  plaincrm today
  plaincrm today deals tag:vip --commands
  plaincrm today --json
"""
_WAYS = ("ics", "porcelain", "notify", "mail", "interactive")


@click.command("today", epilog=EPILOG)
@click.argument("query", nargs=-1)
@click.option("-i", "--interactive", is_flag=True, help="Go through it, a key for each line.")
@click.option("--commands", is_flag=True, help="Each line's command under it.")
@click.option("--all", "everything", is_flag=True, help="Every line, also while you are away.")
@click.option("--quiet", is_flag=True, help="Say nothing when nothing is due.")
@click.option("--porcelain", is_flag=True, help="Counts, for prompts and status bars.")
@click.option("--notify", is_flag=True, help="A notification on the desktop, if anything is due.")
@click.option(
    "--mail",
    type=click.Choice(["outbox", "send"]),
    help="A digest to yourself, if anything is due: into the outbox, or sent as outbox send does.",
)
@click.option("--trust", is_flag=True, help="Yes: this machine sends as plaincrm.yaml says.")
@click.option(
    "--ics",
    metavar="FILE",
    type=click.Path(allow_dash=True),
    help="Write all that is dated as a calendar; - for standard output.",
)
@reading
@pass_app
def command(
    app: App,
    /,
    query: tuple[str, ...],
    everything: bool,
    commands: bool,
    quiet: bool,
    options: ReadingOptions,
    **ways: bool | str | None,
) -> None:
    """What is due, overdue, going quiet or at risk, the most urgent first, a line each.

    Tasks, invoices, next steps, cadence, birthdays, close dates, rotting deals, tickets: all
    computed, from all records. QUERY narrows it, a KIND may stand before it. The code at the
    beginning of a line is for plaincrm done and plaincrm snooze.

    On a terminal what does not fit the screen is counted; in a pipe nothing is cut.
    """
    chosen = [name for name in _WAYS if ways[name]]
    if len(chosen) > 1:
        raise UsageError("one way at a time: " + " or ".join(f"--{name}" for name in chosen[:2]))
    book = book_for(app, options)
    if ways["ics"]:
        return _calendar(app, book, str(ways["ics"]))
    found = _today(book, query, options, everything)
    match chosen:
        case ["porcelain"]:
            from plaincrm.views.today import counts

            return click.echo(app.shown(counts(found)), nl=False)
        case ["notify"]:
            return _notify(found)
        case ["mail"]:
            send = ways["mail"] == "send"
            return _mail(app, book, found, send=send, trust=bool(ways["trust"]))
        case ["interactive"]:
            from plaincrm.commands._review import review

            return review(app, found.reminders)
    if quiet and not found.reminders:
        return None
    return _show(app, book, found, options, commands=commands, everything=everything)


def _today(book: Book, query: tuple[str, ...], options: ReadingOptions, everything: bool) -> Today:
    from plaincrm.book.inbox import Inbox
    from plaincrm.book.outbox import Outbox
    from plaincrm.crm.reminders.today import fitting, today

    drafts = 0 if options.as_of else len(Outbox(book.root).list())
    dropped = 0 if options.as_of else len(Inbox(book.root).waiting())
    fits = fitting(query, book.context) if query else None
    return today(book.context, drafts, dropped, fits, everything=everything)


def _show(
    app: App, book: Book, found: Today, options: ReadingOptions, *, commands: bool, everything: bool
) -> None:
    from plaincrm.core.value_class import changed
    from plaincrm.views import agenda
    from plaincrm.views.today import Screen, today

    day = book.context.today

    def screen(rows: Rows, layout: Layout) -> str:
        wishes = Screen(layout.paint, layout.width, layout.height, commands, everything)
        shown = changed(found, reminders=tuple(rows.records))
        return today(shown, day, wishes, rows.total)

    rows = changed(agenda.rows(found.reminders, day), screen=screen)
    show(app, arranged(rows, options), options, book)
    if not rows.records and options.form == TABLE and not any(book.store.all()):
        from plaincrm.commands._empty import nothing_yet

        app.say(nothing_yet())


def _calendar(app: App, book: Book, file: str) -> None:
    from plaincrm.crm.reminders.agenda import events
    from plaincrm.interchange.calendar.write import calendar

    write_out(file, calendar(events(book.context), book.now), b"BEGIN:VCALENDAR")
    app.say_problems(book)


def _notify(found: Today) -> None:
    from plaincrm.book import desktop
    from plaincrm.views.today import notice

    said = notice(found)
    if said is not None:
        desktop.notify(*said)


def _mail(app: App, book: Book, found: Today, *, send: bool, trust: bool) -> None:
    """The day as a mail to oneself; nothing where nothing is due."""
    from plaincrm.crm.mailing import digest, post
    from plaincrm.views.today import letter

    said = letter(found, book.context.today)
    if said is None:
        return app.say("nothing is due, and no mail is made")
    made = digest.message(book, *said)
    if not send:
        return app.say(f"{digest.to_outbox(book, made)} waits in the outbox")
    if trust:
        post.trust(book)
    digest.send(book, made)
    return app.say(f"sent to {made.to.address}")
