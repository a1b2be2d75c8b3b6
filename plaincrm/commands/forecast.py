"""`plaincrm forecast`: what is won and what may still come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import (
    ReadingOptions,
    arranged,
    book_for,
    explaining,
    page_output,
    save_page,
    show,
)
from plaincrm.commands._types import PipelineWord, QueryWord, period

if TYPE_CHECKING:
    from plaincrm.core.values.periods import PeriodUnit

EPILOG = """\b
Examples:
  plaincrm forecast
  plaincrm forecast --by quarter --from 2026-Q1 --why
  plaincrm forecast +vip --as-of last-month
"""


@click.command("forecast", epilog=EPILOG)
@click.argument("query", type=QueryWord("deal"), nargs=-1)
@click.option("--by", type=click.Choice(["month", "quarter", "year"]), default="month")
@click.option("--pipeline", "name", metavar="NAME", type=PipelineWord(), help="Only this pipeline.")
@click.option("--from", "first", metavar="DATE", help="From the period of that day; else today's.")
@click.option("--to", "last", metavar="DATE", help="Up to the period of that day.")
@page_output
@explaining
@pass_app
def command(
    app: App,
    query: tuple[str, ...],
    by: PeriodUnit,
    name: str | None,
    first: str | None,
    last: str | None,
    output: str | None,
    options: ReadingOptions,
) -> None:
    """Won, commit, best, open and weighted by period, against the goals of the settings.

    Columns add up from the left: commit holds won too, best holds commit; open is all that is
    open. A deal's category is its `forecast:` field, else 75 % and more is commit, 50 % best. Deals
    whose close date has passed, and those without one, stand apart.
    """
    from plaincrm.commands.pipeline import known_pipeline
    from plaincrm.core import query as queries
    from plaincrm.core.query.grammar import all_of
    from plaincrm.crm.reports.outlook import outlook, records_of
    from plaincrm.views.forecast import forecast_doc
    from plaincrm.views.listing import listing

    book = book_for(app, options)
    known_pipeline(book, name)
    words = all_of(query, [f'pipeline:"{name}"'] if name else [])
    begin = period(app, first).first if first else None
    end = period(app, last).last if last else None
    found = outlook(book, words, by, begin, end)
    records = None
    if options.form in ("ids", "paths"):
        kind, deals = book.kind("deal"), records_of(found, book)
        every = queries.compile([], kind, book.context)
        records = listing(kind, every, deals, len(deals), book.context)
    doc = forecast_doc(found, records, book.context.today.isoformat(), why=options.why)
    if output is not None:
        return save_page(app, book, doc, output)
    return show(app, arranged(doc, options), options, book)
