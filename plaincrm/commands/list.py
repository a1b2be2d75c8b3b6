"""`plaincrm list`: records, tasks or log lines that a query selects."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import How, answer, book_for, reading, words_of
from plaincrm.commands._types import KindWord, QueryWord

EPILOG = """\b
Examples:
  plaincrm list contacts +vip no:phone
  plaincrm list deals is:open value:5000.. --sort -value
  plaincrm list log type:call at:2026-10 --csv
"""


@click.command("list", epilog=EPILOG)
@click.argument("kind", type=KindWord(also=("tasks", "log")), default="contacts")
@click.argument("query", type=QueryWord(), nargs=-1)
@reading
@pass_app
def command(app: App, kind: str, query: tuple[str, ...], how: How) -> None:
    """Records of a KIND that a QUERY selects; without a query, all.

    KIND is contacts, companies, deals, tickets, articles, one of the book's own, or tasks or log: the lines of
    all records as rows. docs/query.md has the query language.
    """
    from plaincrm.views.listing import listing
    from plaincrm.views.output import render

    book = book_for(app, how)
    selection = book.select(kind, words_of(query, how))
    rows = listing(selection.kind, selection.query, selection.records, selection.total, book.world, how.columns)
    answer(app, render(rows, how.form, width=app.width, template=how.template, null=how.null))
    if how.form == "table" and not selection.records:
        app.say(f"no {selection.kind.plural} here" + (" that fit" if query else ""))
