"""`plaincrm sql`: questions to the book in SQL."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import ReadingOptions, arranged, book_for, reading, show

EPILOG = """\b
Examples:
  plaincrm sql "SELECT name, value, value_currency FROM open_deals ORDER BY value DESC LIMIT 5"
  plaincrm sql "SELECT country, count(*) AS people FROM contacts GROUP BY country" --csv
  plaincrm sql "SELECT kind, id FROM search WHERE search MATCH 'Bergen'" --json
"""


@click.command("sql", epilog=EPILOG)
@click.argument("statement", metavar="QUERY")
@reading
@pass_app
def command(app: App, statement: str, options: ReadingOptions) -> None:
    """Ask the book in SQL; SQLite answers, and only reads.

    Tables: one for each kind (contacts, companies, deals, tickets, articles), field_values, links,
    log, tasks, stages; views: open_deals, pipeline, contact_cards; full text: search. It is a copy
    in memory, made for the one question: nothing can be changed through it.
    """
    from plaincrm.crm.database import ask
    from plaincrm.views.database import rows

    book = book_for(app, options)
    show(app, arranged(rows(ask(book, statement)), options), options, book)
