"""`plaincrm sla`: how the service levels of a ticket were worked out."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import ReadingOptions, book_for, reading_without, show
from plaincrm.commands._types import RefWord, find_in

EPILOG = """\b
Examples:
  plaincrm sla explain login-broken-k7m2
  plaincrm sla explain login-broken-k7m2 --json
  plaincrm sla explain login-broken-k7m2 --as-of 2026-11-01
"""


@click.group("sla", epilog=EPILOG)
def command() -> None:
    """Service levels: what is promised to whom, and whether it is kept."""


@command.command(epilog=EPILOG)
@click.argument("ticket", type=RefWord("ticket"))
@reading_without("sort", "limit", "columns", "null")
@pass_app
def explain(app: App, ticket: str, options: ReadingOptions) -> None:
    """The clocks of TICKET: target, deadline, and the spans of working time that count."""
    from plaincrm.views.service import explained

    book = book_for(app, options)
    show(app, explained(find_in(app, book, ticket, ("ticket",)), book.context), options, book)
