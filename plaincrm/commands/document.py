"""`plaincrm document`: a quote, an invoice, a contract."""

from __future__ import annotations

from collections.abc import Iterable

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import answer, write_out
from plaincrm.commands._types import BookWord, RefWord, find
from plaincrm.errors import UsageError

EPILOG = """\b
Examples:
  plaincrm document quote fjord-website-2027
  plaincrm document invoice friederike-moeller -o invoice.html
  plaincrm document contract prairie-website -o contract.md
"""
_FORMS = ("html", "md", "txt")
_KINDS = ("deal", "contact", "company", "ticket")  # what a bare id is looked for among


class DocumentWord(BookWord):
    """The name of a template of documents."""

    name = "template"

    def candidates(self, app: App, _: str) -> Iterable[tuple[str, str]]:
        from plaincrm.crm.documents import names

        yield from ((name, "") for name in names(app.book))


@click.command("document", epilog=EPILOG)
@click.argument("template", type=DocumentWord())
@click.argument("ref", type=RefWord("deal", "contact", "company"))
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(allow_dash=True),
    help="Into a file: .html to print, .md, .txt.",
)
@pass_app
def command(app: App, template: str, ref: str, output: str | None) -> None:
    """One record through a template: Markdown, or with -o FILE.html a page to print.

    quote, invoice and contract are shipped, in English and German; templates/documents/ of the book
    holds your own. Items, net, tax by rate and gross are worked out; a quote shows until when it is
    valid.
    """
    from plaincrm.crm.documents import render

    book = app.book
    record = find(app, ref, () if "/" in ref else _KINDS)
    found = render(book, template, record)
    if output is None:
        return answer(app, app.shown(found.text), book)
    form = output.rpartition(".")[2].casefold()
    if form not in _FORMS:
        raise UsageError(f"{output}: a document is .html, .md or .txt", "-o quote.html")
    text = found.text if form == "txt" else found.markdown
    if form == "html":
        from plaincrm.views.html.document_page import document_page

        text = document_page(found.title, found.markdown, found.language, book.settings.country)
    write_out(output, text.encode("utf-8"), text.partition("\n")[0].encode("utf-8"))
    return app.say(f"{output} is written")
