"""`plaincrm pipeline`: deals by stage, as a table or a board."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import How, answer, book_for, paint_of, reading, select, show_rows
from plaincrm.commands._types import QueryWord
from plaincrm.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from plaincrm.crm.book import Book, Selection
    from plaincrm.sales.pipeline import PipelineView
    from plaincrm.views.output import Rows

EPILOG = """\b
Examples:
  plaincrm pipeline
  plaincrm pipeline --board close_date:..eoq
  plaincrm pipeline is:open --by company
"""


@click.command("pipeline", epilog=EPILOG)
@click.argument("query", type=QueryWord("deal"), nargs=-1)
@click.option("--board", is_flag=True, help="A column a stage, a card a deal.")
@click.option("--by", default="stage", metavar="FIELD", help="Rows by another field than the stage.")
@click.option("--pipeline", "name", metavar="NAME", help="Only this pipeline.")
@reading
@pass_app
def command(app: App, query: tuple[str, ...], board: bool, by: str, name: str | None, how: How) -> None:
    """Deals by stage: count, value, weighted, rotting; open, won and lost in all.

    A QUERY narrows the deals. Currencies without a rate, and what recurs, stand apart.
    """
    from plaincrm.sales import pipeline as sales
    from plaincrm.views import pipeline as view

    book = book_for(app, how)
    _known(book, by, name)
    found = select(app, book, "deals", (*query, *([f'pipeline:"{name}"'] if name else [])), how)
    views = sales.pipelines(found.records, book.world, by)
    if how.form != "table":
        return show_rows(app, book, _rows(book, found, views, by, how), how)
    for each in views:
        app.tell(f"plaincrm: {each.pipeline}: {warning}" for warning in each.warnings)
    if not views:
        app.say("no deals here" + (" that fit" if query else ""))
    if board:
        cards = {each.pipeline: sales.cards(each, found.records, book.world) for each in views}
        return answer(app, view.boards(views, cards, app.width, paint_of(app)), book)
    return answer(app, view.pipeline(views, app.width, paint_of(app)), book)


def _known(book: Book, by: str, name: str | None) -> None:
    """Raises UsageError for a field or a pipeline that there is not."""
    from plaincrm.core import query
    from plaincrm.core.types import fold

    if by != "stage":
        query.column(by, book.kind("deal"), book.world)
    names = list(book.settings.pipelines)
    used = {fold(deal.text("pipeline")) for deal in book.store.records("deal")} if name else set()
    if name and fold(name) not in {*map(fold, names), *used}:
        raise UsageError(f'no pipeline "{name}"', did_you_mean(name, names) or f"pipelines: {', '.join(names)}")


def _rows(book: Book, found: Selection, views: list[PipelineView], by: str, how: How) -> Rows:
    from plaincrm.views import pipeline as view
    from plaincrm.views.listing import listing

    if how.form in ("json", "jsonl"):
        return view.results(views, found.total, book.world.today.isoformat())
    if how.form in ("ids", "paths", "count"):
        return listing(found.kind, found.query, found.records, found.total, book.world)
    return view.stages(views, by)
