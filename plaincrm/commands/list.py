"""`plaincrm list`: records, tasks or log lines that a query selects."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import TABLE, ReadingOptions, book_for, reading, select, show
from plaincrm.commands._types import ColumnWord, KindWord, QueryWord

EPILOG = """\b
Examples:
  plaincrm list contacts +vip no:phone
  plaincrm list deals is:open value:5000.. --sort -value
  plaincrm list log type:call at:2026-10 --csv
"""


@click.command("list", epilog=EPILOG)
@click.argument("kind", type=KindWord(also=("tasks", "log")), default="contacts")
@click.argument("query", type=QueryWord(), nargs=-1)
@click.option(
    "--sum",
    "summed",
    metavar="FIELD",
    type=ColumnWord(),
    help="Its sum under the list, per currency.",
)
@reading
@pass_app
def command(
    app: App, kind: str, query: tuple[str, ...], summed: str | None, options: ReadingOptions
) -> None:
    """Records of a KIND that a QUERY selects; without a query, all.

    KIND is contacts, companies, deals, tickets, articles, one of the book's own, or tasks or log:
    the lines of all records as rows. Where the first word is no kind, all words are a query over
    contacts. docs/query.md has the query language.
    """
    from plaincrm.views.listing import ORDER, listing, with_sum

    book = book_for(app, options)
    named = book.find_kind(kind)
    words = query if named else (kind, *query)
    order = ORDER.get(named.name) if named else None
    found = select(
        app, book, named.name if named else "contacts", [order, *words] if order else words, options
    )
    rows = listing(found.kind, found.query, found.shown, found.total, book.context, options.columns)
    if summed:
        rows = with_sum(rows, found.kind, summed, book.context)
    show(app, rows, options, book)
    if options.form == TABLE and not found.total:
        from plaincrm.commands._empty import nothing_listed

        app.tell(nothing_listed(book, found.kind, words, "" if named else kind))
