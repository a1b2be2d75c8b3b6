"""`plaincrm export`: whole records as CSV, JSON or JSON lines."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._types import KindWord, QueryWord

EPILOG = """\b
Examples:
  plaincrm export json -o backup.json
  plaincrm export csv contacts +newsletter no:unsubscribed -o people.csv
  plaincrm export jsonl deals is:won
"""


@click.command("export", epilog=EPILOG)
@click.argument("form", metavar="FORMAT", type=click.Choice(["csv", "json", "jsonl"]))
@click.argument("kind", type=KindWord(), required=False)
@click.argument("query", type=QueryWord(), nargs=-1)
@click.option("-o", "--output", metavar="FILE", help="A new file, for your eyes only; else standard output.")
@click.option("--as-of", "as_of", metavar="DATE", help="From the book as git has it of that day.")
@pass_app
def command(
    app: App, form: str, kind: str | None, query: tuple[str, ...], output: str | None, as_of: str | None
) -> None:
    """Whole records, with every field, body, tasks and log: all, those of a KIND, those that a QUERY selects.

    FORMAT is csv, json or jsonl. plaincrm import reads each of them back: into an empty book it makes the same
    records, into this one it changes nothing.
    """
    from plaincrm.crm import exporting
    from plaincrm.views.record_export import to_json, to_jsonl

    book = app.book_of(as_of) if as_of else app.book
    records = exporting.chosen(book, kind or "", query)
    if form == "csv":
        data = exporting.to_csv(book, records)
    elif form == "json":
        data = to_json(records[0].kind.plural if kind and records else "records", records, book.world)
    else:
        data = to_jsonl(records, book.world)
    if output and output != "-":
        exporting.save(book, output, data)
        app.say(f"{len(records)} records in {output}")
    else:
        click.echo(data, nl=False)
    app.say_problems(book)
