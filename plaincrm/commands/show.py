"""`plaincrm show`: everything about one record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import How, answer, answering, book_for, paint_of
from plaincrm.commands._types import RefWord, find_all, find_all_in
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.core.records.facts import Context
    from plaincrm.core.records.record import Record

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
@answering("json", "as_of")
@pass_app
def command(app: App, ref: str, brief: bool, log: int, history: bool, how: How) -> None:
    """Everything about one record: fields, links both ways, open deals and tickets, tasks, log.

    REF is an id, kind/id, e-mail, phone, name, or the beginning of an id; @segment and - show
    several.
    """
    if history:
        return _history(app, ref, how)
    book = book_for(app, how)
    records = find_all_in(app, book, [ref])
    if how.form == "json":
        return answer(app, app.shown(_json(records, book.context)), book)
    from plaincrm.crm.card import card
    from plaincrm.views import card as view

    style = view.Style(
        min(app.width or view.WIDTH, 100), paint_of(app), log, brief, app.width is not None
    )
    return answer(
        app,
        "\n".join(view.card(card(record, book.context), book.context, style) for record in records),
        book,
    )


def _json(records: Sequence[Record], context: Context) -> str:
    from plaincrm.views.record_json import whole
    from plaincrm.views.rows import dumps, envelope

    found = [whole(record, context, context.facts.of(record.kind.name)) for record in records]
    return dumps(envelope("show", len(found), found))


def _history(app: App, ref: str, how: How) -> None:
    """The record's changes, as `plaincrm history REF` shows them."""
    from plaincrm.crm.history.field_changes import history
    from plaincrm.views import history as view

    if how.as_of:
        raise UsageError("--history has every day already; leave --as-of away")
    found = history(app.book, find_all(app, [ref]))
    answer(
        app,
        app.shown(
            view.as_json(found, len(found))
            if how.form == "json"
            else view.as_table(found, app.width)
        ),
    )
