"""`plaincrm today`: the morning screen."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import (
    How,
    answering,
    book_for,
    paint_of,
    picked,
    show_rows,
    write_out,
)

EPILOG = """\b
Examples:
  plaincrm today
  plaincrm today --json
  plaincrm today --ics today.ics
"""


@click.command("today", epilog=EPILOG)
@click.option(
    "--ics", metavar="FILE", help="Write all that is dated as a calendar; - for standard output."
)
@answering(
    "json", "jsonl", "csv", "tsv", "md", "ids", "template", "columns", "limit", "count", "as_of"
)
@pass_app
def command(app: App, ics: str | None, how: How) -> None:
    """What is due, overdue, going quiet or at risk, each line with the command that deals with it.

    Tasks, invoices, next steps, cadence, birthdays, close dates, rotting deals, tickets: all
    computed, from all records. The code at the beginning of a line is for plaincrm done and
    plaincrm snooze.
    """
    from plaincrm.book.inbox import Inbox
    from plaincrm.book.outbox import Outbox
    from plaincrm.crm.reminders.today import today
    from plaincrm.views import agenda as view

    book = book_for(app, how)
    context = book.context
    if ics:
        from plaincrm.crm.reminders.agenda import events
        from plaincrm.interchange.calendar import calendar

        write_out(ics, calendar(events(context), book.now), b"BEGIN:VCALENDAR")
        return app.say_problems(book)
    drafts = 0 if how.as_of else len(Outbox(book.root).list())
    dropped = 0 if how.as_of else len(Inbox(book.root).waiting())
    rows = picked(view.rows(today(context, drafts, dropped), context.today), how)

    def shown() -> str:
        return view.today(rows.records, context.today, app.width, paint_of(app), rows.total)

    return show_rows(app, book, rows, how, shown)
