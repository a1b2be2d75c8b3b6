"""`plaincrm report`: figures over a period."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import (
    ReadingOptions,
    arranged,
    book_for,
    explaining,
    is_page,
    save_page,
    show,
    write_out,
)
from plaincrm.commands._types import BookWord, period
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.core.values.periods import Period
    from plaincrm.crm.book import Book
    from plaincrm.crm.reports.report import ReportResult
    from plaincrm.views.doc import Doc
    from plaincrm.views.rows import Rows

EPILOG = """\b
Examples:
  plaincrm report sales --period last-quarter --compare
  plaincrm report money --period 2026 -o money.html
  plaincrm report list
"""


_BEGINNING = 8  # letters by which a file of an earlier run is known: `figure,v`, `# sales,`


class ReportWord(BookWord):
    """The name of a report."""

    name = "report"

    def candidates(self, app: App, _: str) -> Iterable[tuple[str, str]]:
        from plaincrm.crm.reports.registry import every

        yield "list", "What each report tells"
        yield from ((kind.name, kind.doc) for kind in every(app.book))


@click.command("report", epilog=EPILOG)
@click.argument("name", type=ReportWord())
@click.argument("query", nargs=-1)
@click.option(
    "--period", "during", metavar="P", help="2026-10, 2026-Q4, last-month; else this year."
)
@click.option("--compare", is_flag=True, help="Each figure beside that of the period before.")
@click.option(
    "--by", default="", metavar="FIELD", help="Group by a field, month, weekday, product."
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(allow_dash=True),
    help="Into a file: .html, .csv, .json, .md, .txt.",
)
@explaining
@pass_app
def command(
    app: App,
    name: str,
    query: tuple[str, ...],
    during: str | None,
    compare: bool,
    by: str,
    output: str | None,
    options: ReadingOptions,
) -> None:
    """Figures over a period: sales, money, funnel, sources, customers and more.

    `plaincrm report list` tells what each one says. A QUERY narrows the records; docs/figures.md
    has what each figure means.
    """
    from plaincrm.crm.reports import registry
    from plaincrm.crm.reports.report import ReportRequest
    from plaincrm.views import report as view

    book = book_for(app, options)
    if name == "list":
        if query:
            raise UsageError("report list takes no further words")
        return show(app, arranged(view.report_list(registry.every(book)), options), options, book)
    kind = registry.find(book, name)
    why = options.why or is_page(output or "")  # a page has them behind a click
    request = ReportRequest(_period(app, book, during, name), query, by, why)
    found = registry.make(book, kind, request, compare=compare, queries=options.why)
    doc = view.report_doc(found, _records(book, found), why=options.why)
    if output is not None and is_page(output):
        return save_page(app, book, doc, output)
    if output:
        return _write(app, arranged(doc, options), options, output)
    return show(app, arranged(doc, options), options, book)


def _write(app: App, doc: Doc, options: ReadingOptions, output: str) -> None:
    """The report in the format that the file's ending names. Raises UsageError."""
    from plaincrm.views.formats import FORMATS, TABLE, write
    from plaincrm.views.layout import Layout

    ending = output.rpartition(".")[2].casefold()
    form = TABLE if ending == "txt" else ending
    if "." not in output or form not in FORMATS or FORMATS[form].names:
        raise UsageError(f"{output}: a report is .html, .csv, .json, .md or .txt", "-o sales.csv")
    text = write(doc, form, Layout(why=options.why))
    write_out(output, text.encode("utf-8"), text[:_BEGINNING].encode("utf-8"))
    app.say(f"{output} is written")


def _period(app: App, book: Book, during: str | None, name: str) -> Period:
    """The days that are asked for; else this year, of deals that may close this month, and of a
    comparison all there is.
    """
    from datetime import date

    from plaincrm.core.values.periods import Period, period_of

    if during:
        return period(app, during)
    if name == "closing":
        return period_of("month", book.context.today, "this month")
    if name == "compare":
        return Period(date.min, book.context.today, "all")
    return period_of("year", book.context.today, "this year")


def _records(book: Book, report: ReportResult) -> Rows | None:
    """The records that were counted, for --ids and --paths."""
    from plaincrm.core import query
    from plaincrm.views.listing import listing

    if not report.kind:
        return None
    kind = book.kind(report.kind)
    found = query.compile([], kind, book.context)
    return listing(kind, found, report.records, len(report.records), book.context)
