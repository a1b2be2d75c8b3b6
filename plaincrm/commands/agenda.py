"""`plaincrm agenda`: what lies ahead, day by day."""

from __future__ import annotations

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

EPILOG = """\b
Examples:
  plaincrm agenda
  plaincrm agenda --days 60
  plaincrm agenda --ics plaincrm.ics
"""
FURTHER = 60  # days more, where nothing lies ahead


@click.command("agenda", epilog=EPILOG)
@click.option(
    "--days",
    type=click.IntRange(0, 3660),
    default=14,
    show_default=True,
    metavar="N",
    help="How far ahead.",
)
@click.option(
    "--ics",
    metavar="FILE",
    type=click.Path(allow_dash=True),
    help="Write all that is dated as a calendar; - for standard output.",
)
@reading
@pass_app
def command(app: App, days: int, ics: str | None, options: ReadingOptions) -> None:
    """What is due from today on, day by day; what is overdue stands in plaincrm today.

    --ics writes every date there is, overdue ones too, for any calendar program; an entry keeps its
    identity when its day moves, so that importing the file again doubles nothing.
    """
    from plaincrm.crm.reminders.agenda import agenda, events
    from plaincrm.interchange.calendar.write import calendar
    from plaincrm.views import agenda as view

    book = book_for(app, options)
    context = book.context
    if ics:
        write_out(ics, calendar(events(context), book.now), b"BEGIN:VCALENDAR")
        return app.say_problems(book)
    rows = view.dated_rows(agenda(context, days), context.today)
    show(app, arranged(rows, options), options, book)
    if options.form == TABLE and not rows.total:
        app.say(f"plaincrm agenda --days {days + FURTHER} looks further ahead")
    return None
