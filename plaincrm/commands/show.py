"""`plaincrm show`: everything about one record."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import How, arranged, book_for, reading
from plaincrm.commands._reading import show as show_rows
from plaincrm.commands._types import RefWord, find_all, find_all_in
from plaincrm.errors import UsageError

EPILOG = """\b
Examples:
  plaincrm show ola-nordmann
  plaincrm show "+47 922 33 444" --brief
  plaincrm show deal/fjord-website-2027 --log 50
"""


@click.command("show", epilog=EPILOG)
@click.argument("ref", type=RefWord())
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
@reading
@pass_app
def command(app: App, ref: str, brief: bool, log: int, history: bool, how: How) -> None:
    """Everything about one record: fields, links both ways, open deals and tickets, tasks, log.

    REF is an id, kind/id, e-mail, phone, name, or the beginning of an id; @segment and - show
    several.
    """
    if history:
        return _history(app, ref, how)
    from plaincrm.views.card import cards
    from plaincrm.views.card_layout import CardStyle

    book = book_for(app, how)
    records = find_all_in(app, book, [ref])
    rows = cards(records, book.context, CardStyle(log=log, brief=brief), how.columns)
    return show_rows(app, arranged(rows, how), how, book)


def _history(app: App, ref: str, how: How) -> None:
    """The record's changes, as `plaincrm history REF` shows them."""
    from plaincrm.crm.history.field_changes import history
    from plaincrm.views.history import rows

    if how.as_of:
        raise UsageError("--history has every day already; leave --as-of away")
    found = history(app.book, find_all(app, [ref]))
    show_rows(app, arranged(rows(found, len(found), app.book.store), how), how)
