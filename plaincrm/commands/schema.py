"""`plaincrm schema`: the kinds and fields of this book."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import How, answer, arranged, book_for, reading, show
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
@reading
@pass_app
def command(app: App, kind: str | None, facts_only: bool, json_schema: bool, how: How) -> None:
    """The kinds of this book; with a KIND its fields, and what is computed of it.

    Works without a book too, on the kinds that every book has.
    """
    from plaincrm.crm.facts import all_facts
    from plaincrm.views import json_schema as draft
    from plaincrm.views import schema as view
    from plaincrm.views.json_text import dumps

    book, facts = book_for(app, how) if how.as_of else app.any_book, all_facts()
    found = book.kind(kind) if kind else None
    if json_schema:
        return answer(app, dumps(draft.json_schema(book.schema, found)))
    if found:
        return show(app, arranged(view.of_kind(found, facts, facts_only=facts_only), how), how)
    kinds = list(book.schema.kinds.values())
    return show(app, arranged(view.of_kinds(kinds, facts), how), how)
