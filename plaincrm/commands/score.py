"""`plaincrm score`: who and what is worth the next hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import (
    ReadingOptions,
    book_for,
    explaining,
    page_output,
    save_page,
    show,
)
from plaincrm.commands._types import KindWord, QueryWord

if TYPE_CHECKING:
    from plaincrm.core.schema.kinds import Kind
    from plaincrm.crm.book import Book

EPILOG = """\b
Examples:
  plaincrm score
  plaincrm score contacts is:hot --why
  plaincrm score deals --learned -o scores.html
"""


@click.command("score", epilog=EPILOG)
@click.argument("kind", type=KindWord(), required=False)
@click.argument("query", type=QueryWord(), nargs=-1)
@click.option("--learned", is_flag=True, help="Of open deals also what was learned.")
@click.option("--force", is_flag=True, help="Learned scores of too little history, marked with ?.")
@page_output
@explaining
@pass_app
def command(
    app: App,
    kind: str | None,
    query: tuple[str, ...],
    learned: bool,
    force: bool,
    output: str | None,
    options: ReadingOptions,
) -> None:
    """Records by the points that the rules of `score:` give them, from 0 to 100, the best first.

    KIND is contacts, companies or deals; contacts, or with --learned deals, if none is named. The
    learned score is the chance of an open deal in per cent, from your own won and lost deals; it
    needs 40 of each. With fewer than 100 new leads a month, sorting by recency does as well.
    """
    from plaincrm.crm.reports.scores import scores
    from plaincrm.views.score import score_doc, score_rows

    book = book_for(app, options)
    asked = book.find_kind(kind) if kind else None
    words = query if asked or kind is None else (kind, *query)
    chosen = asked or book.record_kind("deal" if learned else "contact")
    if learned and not words and chosen.name == "deal":
        words = ("is:open",)
    ordered = (*words, *([f"sort:{options.sort}"] if options.sort else []))
    found = scores(
        book,
        book.record_kind(chosen.name),
        ordered,
        with_learned=learned,
        force=force,
        limit=options.limit,
    )
    app.tell(found.query.echo)
    if found.history and not force:
        app.tell(f"not enough history ({each})" for each in found.history)
    if not learned:
        _say_rules(app, book, chosen)
    why = options.why and options.form == "table"
    rows = score_rows(found, with_learned=learned, why=why or output is not None)
    if output is None:
        return show(app, rows, options, book)
    return save_page(app, book, score_doc(rows, chosen.plural, book.context.today), output)


def _say_rules(app: App, book: Book, kind: Kind) -> None:
    """Say so where no rule of the settings is about the kind."""
    from plaincrm.sales.scoring import SECTION

    if not any(rule.kind == kind.name for rule in book.settings.section(SECTION).rules):
        said = f"the settings have no rule of score: for {kind.plural}"
        app.say(f"{said}; plaincrm help score has examples")
