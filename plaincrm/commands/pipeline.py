"""`plaincrm pipeline`: deals by stage, as a table or a board; or what moved between two days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import TABLE, ReadingOptions, book_for, explaining, select, show
from plaincrm.commands._types import ColumnWord, PipelineWord, QueryWord, period
from plaincrm.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from plaincrm.crm.book import Book, Selection
    from plaincrm.sales.pipeline import PipelineView
    from plaincrm.views.doc import Doc

EPILOG = """\b
Examples:
  plaincrm pipeline
  plaincrm pipeline --board close_date:..eoq
  plaincrm pipeline --since last-month
"""


class RowWord(ColumnWord):
    """What the rows are: a field, a fact, or a period."""

    name = "FIELD"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        from plaincrm.sales.pipeline_rows import PERIODS

        yield from ((name, "of their closing") for name in PERIODS)
        yield from super().candidates(app, incomplete)


@click.command("pipeline", epilog=EPILOG)
@click.argument("query", type=QueryWord("deal"), nargs=-1)
@click.option("--board", is_flag=True, help="A column a stage, a card a deal.")
@click.option(
    "--by",
    default="stage",
    metavar="FIELD",
    type=RowWord(),
    help="Rows by another field than the stage; by month, quarter or year, of their closing.",
)
@click.option("--pipeline", "name", metavar="NAME", type=PipelineWord(), help="Only this pipeline.")
@click.option(
    "--since",
    metavar="DATE",
    help="The bridge from the end of that day, or over that month, to now.",
)
@click.option("--until", metavar="DATE", help="The bridge to the end of that day.")
@explaining
@pass_app
def command(
    app: App,
    query: tuple[str, ...],
    board: bool,
    by: str,
    name: str | None,
    since: str | None,
    until: str | None,
    options: ReadingOptions,
) -> None:
    """Deals by stage: count, value, weighted, rotting; open, won and lost in all.

    A QUERY narrows the deals. Currencies without a rate, and what recurs, stand apart. With
    --since: what the open deals were worth then, what came, went and changed, and what they are
    worth now. With --why each sum has its stages, and the command that lists the deals of each.
    """
    from plaincrm.core.query.grammar import all_of
    from plaincrm.sales import pipeline as sales
    from plaincrm.views.doc import arranged_doc

    if name is None and query and query[0] in app.book.settings.pipelines:
        name, query = query[0], query[1:]
    words = all_of(query, [f'pipeline:"{name}"'] if name else [])
    if since or until:
        _known(app.book, by, name)
        return _bridge(app, words, since, until, options, plain=not board and by == "stage")
    book = book_for(app, options)
    _known(book, by, name)
    found = select(app, book, "deals", words, options)
    views = sales.pipelines(found.records, book.context, by)
    if options.form == TABLE:
        _warn(app, book, views, query)
    doc = _doc(book, found, views, query, by, board=board, why=options.why)
    return show(app, arranged_doc(doc, options.columns, "", None), options, book)


def _doc(
    book: Book,
    found: Selection,
    views: Sequence[PipelineView],
    query: tuple[str, ...],
    by: str,
    *,
    board: bool,
    why: bool,
) -> Doc:
    from plaincrm.sales import pipeline as sales
    from plaincrm.views import pipeline as view
    from plaincrm.views.listing import listing

    deals, context = found.records, book.context
    records = listing(found.kind, found.query, deals, found.total, context)
    reasons: view.Reasons = ()
    if why:
        by_stage = views if by == "stage" else sales.pipelines(deals, context)
        reasons = view.reasons(by_stage, query)
    today = context.today.isoformat()
    if not board:
        return view.pipeline(views, records, by, today, reasons)
    cards = {each.pipeline: sales.cards(each, deals, context) for each in views}
    return view.boards(views, records, by, today, cards, reasons)


def _warn(app: App, book: Book, views: Sequence[PipelineView], query: tuple[str, ...]) -> None:
    """What the figures leave out, or what to type where there are none."""
    for each in views:
        app.tell(f"plaincrm: {each.pipeline}: {warning}" for warning in each.warnings)
    if query and not any(view.count for view in views):
        from plaincrm.commands._empty import nothing_listed

        app.tell(nothing_listed(book, book.kind("deal"), query))


def _bridge(
    app: App,
    words: tuple[str, ...],
    since: str | None,
    until: str | None,
    options: ReadingOptions,
    *,
    plain: bool,
) -> None:
    """What moved between two days."""
    from plaincrm.core import query
    from plaincrm.core.values.duration import DAY
    from plaincrm.crm.pipeline_bridge import between
    from plaincrm.views import bridge as view
    from plaincrm.views.listing import listing

    if since is None:
        raise UsageError("--until goes with --since", "plaincrm pipeline --since last-month")
    if (
        not plain
        or options.columns
        or options.sort
        or options.limit is not None
        or options.why
        or (until and options.as_of)
    ):
        raise UsageError(
            "--since takes a query, --pipeline, --until and a form, and no other option"
        )
    to = until or options.as_of
    last = period(app, to).last if to else app.book.now.date()
    first = period(app, since)
    before = first.first if first.unit == "day" else DAY.clamped(first.first, -1)
    found = between(app.book, before, last, words)
    if found.from_log:
        app.say(f"plaincrm: git has nothing of {before}: stages of the logs, amounts of {last}")
    deals, context = view.moved(found), app.book.context
    kind = app.book.kind("deal")
    records = listing(kind, query.compile([], kind, context), deals, len(deals), context)
    show(app, view.bridge_doc(found, records), options, app.book)


def _known(book: Book, by: str, name: str | None) -> None:
    """Raises UsageError for a field or a pipeline that there is not."""
    from plaincrm.core import query
    from plaincrm.sales.pipeline_rows import is_period

    if by != "stage" and not is_period(by, book.kind("deal")):
        query.column(by, book.kind("deal"), book.context)
    known_pipeline(book, name)


def known_pipeline(book: Book, name: str | None) -> None:
    """Raises UsageError for a pipeline that neither the settings nor a deal know."""
    from plaincrm.core.text.fold import fold

    names = list(book.settings.pipelines)
    used = {fold(deal.text("pipeline")) for deal in book.store.records("deal")} if name else set()
    if name and fold(name) not in {*map(fold, names), *used}:
        raise UsageError(
            f'no pipeline "{name}"', did_you_mean(name, names) or f"pipelines: {', '.join(names)}"
        )
