"""`plaincrm export`: records for other programs, and whole ones for plaincrm itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._terminal import put
from plaincrm.commands._types import KindWord, QueryWord
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.core.records.record import Record
    from plaincrm.crm.book import Book

EPILOG = """\b
Examples:
  plaincrm export json -o backup.json
  plaincrm export vcf --into ~/phone/contacts
  plaincrm export site ~/phone
"""
INTO = ("vcf", "ics")
FORMATS = (
    "csv",
    "json",
    "jsonl",
    "vcf",
    "ics",
    "mbox",
    "md",
    "sqlite",
    "ledger",
    "hledger",
    "beancount",
    "todotxt",
    "taskwarrior",
    "remind",
    "mutt",
    "hubspot",
    "pipedrive",
    "salesforce",
    "zoho",
    "testimonials",
    "site",
)


class KindOrFolder(KindWord):
    """A kind of record; of a site the folder that it goes to."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if ctx is not None and ctx.params.get("form") == "site":
            return value
        found: str = super().convert(value, param, ctx)
        return found


@click.command("export", epilog=EPILOG)
@click.argument("form", metavar="FORMAT", type=click.Choice(FORMATS))
@click.argument("kind", type=KindOrFolder(), required=False)
@click.argument("query", type=QueryWord(), nargs=-1)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(allow_dash=True),
    help="A new file, for your eyes only; else standard output.",
)
@click.option(
    "--into",
    metavar="DIR",
    help="vcf, ics: one file for each contact or entry, in a folder that a phone changes too; only"
    " changes are written.",
)
@click.option("--log", is_flag=True, help="vcf: with the log and the tasks, for a whole copy.")
@click.option("--as-of", "as_of", metavar="DATE", help="From the book as git has it of that day.")
@pass_app
def command(
    app: App,
    form: str,
    kind: str | None,
    query: tuple[str, ...],
    output: str | None,
    into: str | None,
    log: bool,
    as_of: str | None,
) -> None:
    """Records of all kinds, those of a KIND, those that a QUERY selects.

    csv, json and jsonl have whole records, with every field, body, tasks and log. plaincrm import
    reads each of them back, and vcf --log too: into an empty book it makes the same records, into
    this one it changes nothing.

    vcf: contacts (or companies), without logs and tasks. ics: tasks, birthdays, and all else that
    is dated. mbox: the e-mails of the logs. md: a table. sqlite: the whole book as a database.
    ledger, hledger, beancount: what was sold and what is owed. todotxt, taskwarrior, remind: open
    tasks. mutt: aliases.
    hubspot, pipedrive, salesforce, zoho: CSV as they import it, one kind a file. testimonials:
    a piece of HTML for a web page with what customers allowed to be shown.

    site DIR: the book as pages for a phone, with a search that needs no network. Fields and kinds
    under private: of the settings are left out; docs/pages.md has more.
    """
    from plaincrm.crm.exporting import records as exporting
    from plaincrm.crm.exporting.forms import KINDS, vcf

    _refuse(form, into, output, log)
    book = app.book_of(as_of) if as_of else app.book
    if form == "site":
        return _site(app, book, kind, (*query, *([output] if output else [])))
    kind = kind or KINDS.get(form)
    records = exporting.chosen(book, kind or "", query)
    if into:
        return _into(app, book, form, records, into)
    data = vcf(book, records, log=log) if form == "vcf" else _data(book, form, kind, records)
    if output and output != "-":
        _save(app, book, form, records, output, data)
    else:
        put(data)
    return app.say_problems(book)


def _refuse(form: str, into: str | None, output: str | None, log: bool) -> None:
    """Raises UsageError for options that a form does not have."""
    if into and (form not in INTO or output):
        raise UsageError(f"export {form} has no --into DIR here", "plaincrm export vcf --into DIR")
    if log and form != "vcf":
        raise UsageError(f"export {form} has no --log", "plaincrm export vcf --log")


def _data(book: Book, form: str, kind: str | None, records: Sequence[Record]) -> bytes:
    """The records in a form."""
    from plaincrm.crm.exporting import records as exporting
    from plaincrm.crm.exporting.forms import FORMS
    from plaincrm.views.record_export import to_json, to_jsonl, to_md

    if form == "csv":
        return exporting.to_csv(book, records)
    if form == "json":
        named = records[0].kind.plural if kind and records else "records"
        return to_json(named, records, book.context)
    if form == "jsonl":
        return to_jsonl(records, book.context)
    return to_md(records, book.context) if form == "md" else FORMS[form](book, records)


def _save(
    app: App, book: Book, form: str, records: Sequence[Record], output: str, data: bytes
) -> None:
    """Write a new file, and say how much of what is in it."""
    from plaincrm.crm.exporting.records import save
    from plaincrm.crm.exporting.written_count import written_count

    save(book, output, data)
    number = sum(1 for _ in book.store.all()) if form == "sqlite" else len(records)
    app.say(f"{written_count(form, data, number)} in {output}")


def _into(app: App, book: Book, form: str, records: Sequence[Record], folder: str) -> None:
    """Bring a folder that a phone changes too up to the book."""
    from plaincrm.crm.exporting.calendars import export_calendar
    from plaincrm.crm.exporting.cards import export_cards
    from plaincrm.views.folder_sync import export_said

    export = export_cards if form == "vcf" else export_calendar
    app.tell(export_said(export(book, records, folder), folder))
    app.say_problems(book)


def _site(app: App, book: Book, folder: str | None, further: Sequence[object]) -> None:
    """Write the pages of the book into a folder. Raises UsageError."""
    from plaincrm.crm.exporting.folder import write_export
    from plaincrm.views.html.site import Site

    if not folder or further:
        raise UsageError("export site takes a folder and nothing else", "plaincrm export site DIR")
    app.say(write_export(book, folder, Site(book).files()))
    app.say_problems(book)
