"""`plaincrm schema`: the kinds and fields of this book."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._types import KindWord

EPILOG = """\b
Examples:
  plaincrm schema
  plaincrm schema deal
  plaincrm schema --json-schema contact > contact.schema.json
"""


@click.command("schema", epilog=EPILOG)
@click.argument("kind", type=KindWord(), required=False)
@click.option("--facts", "facts_only", is_flag=True, help="Only what is computed of the KIND.")
@click.option(
    "--json-schema",
    "json_schema",
    is_flag=True,
    help="JSON Schema of the front matter, for editors.",
)
@click.option("--json", "json", is_flag=True, help="One JSON object.")
@pass_app
def command(app: App, kind: str | None, facts_only: bool, json_schema: bool, json: bool) -> None:
    """The kinds of this book; with a KIND its fields, and what is computed of it.

    Works without a book too, on the kinds that every book has.
    """
    from plaincrm.crm.facts import all_facts
    from plaincrm.views import json_schema as draft
    from plaincrm.views import schema as view
    from plaincrm.views.rows import dumps

    book, facts = app.any_book, all_facts()
    found = book.kind(kind) if kind else None
    kinds = [found] if found else list(book.schema.kinds.values())
    if json_schema:
        text = dumps(draft.json_schema(book.schema, found))
    elif json:
        text = view.as_json(kinds, facts)
    elif found:
        text = (view.facts_table if facts_only else view.kind_table)(found, facts, app.width)
    else:
        text = view.kinds_table(kinds, app.width)
    click.echo(text, nl=False)
