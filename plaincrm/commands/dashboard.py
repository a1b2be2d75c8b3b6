"""`plaincrm dashboard`: the book on one page."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import (
    ReadingOptions,
    arranged,
    book_for,
    explaining,
    show,
    write_page,
)
from plaincrm.commands._types import period
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.core.values.periods import Period
    from plaincrm.crm.book import Book

EPILOG = """\b
Examples:
  plaincrm dashboard
  plaincrm dashboard dashboard.html --open
  plaincrm dashboard dashboard.html --period 2026-Q4 --watch
"""


@click.command("dashboard", epilog=EPILOG)
@click.argument("file", required=False)
@click.option("--period", "during", metavar="P", help="2026-10, 2026-Q4, 2026; else this month.")
@click.option("--open", "opened", is_flag=True, help="Show the page in the browser.")
@click.option("--watch", "watched", is_flag=True, help="Write it again whenever files are saved.")
@explaining
@pass_app
def command(
    app: App,
    file: str | None,
    during: str | None,
    opened: bool,
    watched: bool,
    options: ReadingOptions,
) -> None:
    """The book on one page: what was won, the pipeline, the forecast, what needs you.

    With a FILE it is one HTML page that opens from the disk and asks nobody for anything; without
    one the same panels as text. The panels are those of dashboard.yaml, where the book has one.

    With --watch the page is written again on each save, and reloads itself; Ctrl-C ends.
    """
    if file is None:
        if opened or watched:
            option = "open" if opened else "watch"
            raise UsageError(f"--{option} needs a file", f"plaincrm dashboard FILE --{option}")
        book = book_for(app, options)
        from plaincrm.crm.reports.dashboard import dashboard
        from plaincrm.views.dashboard import dashboard_doc

        doc = dashboard_doc(dashboard(book, _period(app, book, during)))
        return show(app, arranged(doc, options), options, book)
    _write(app, file, during, options, watched=watched)
    if opened:
        click.launch(file)
    return _watch(app, file, during, options) if watched else None


def _write(
    app: App, file: str, during: str | None, options: ReadingOptions, *, watched: bool
) -> None:
    from plaincrm.crm.reports.dashboard import dashboard
    from plaincrm.views.html.dashboard import dashboard_page
    from plaincrm.views.html.page_source import source_of

    book = book_for(app, options)
    found = dashboard(book, _period(app, book, during))
    write_page(file, dashboard_page(found, source_of(book), book.context, watched=watched))
    if not watched:
        app.say(f"{len(found.panels)} panels in {file}")
        app.say_problems(book)


def _period(app: App, book: Book, during: str | None) -> Period:
    """The days that are asked for; else those that dashboard.yaml says, this month if it says
    nothing.
    """
    from plaincrm.core.values.periods import period_of
    from plaincrm.crm.reports.dashboard_file import dashboard_file
    from plaincrm.crm.reports.grouping import label

    if during:
        return period(app, during)
    unit, today = dashboard_file(book).period, book.context.today
    return period_of(unit, today, label(unit, today))


def _watch(app: App, file: str, during: str | None, options: ReadingOptions) -> None:
    """Write the page on each save until Ctrl-C."""
    from plaincrm.book.watch import Watch
    from plaincrm.errors import PlaincrmError

    app.say(f"watching; {file} is written again on each save, Ctrl-C ends")
    with suppress(KeyboardInterrupt), Watch(app.root) as watch:
        while True:
            if not watch.wait(_REST):
                continue
            app.reopen()
            try:
                _write(app, file, during, options, watched=True)
            except PlaincrmError as error:  # the next save may mend it
                app.say(f"plaincrm: {error.message}")


_REST = 3600.0  # seconds without a save until it looks up once
