"""`plaincrm schema`: the kinds and fields of this book."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import ReadingOptions, answer, arranged, book_for, reading, show
from plaincrm.commands._types import KindWord
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.core.schema.kinds import Kind, Schema

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
@click.option("--settings", is_flag=True, help="With --json-schema: that of plaincrm.yaml.")
@click.option("--form", is_flag=True, help="An empty record of the KIND, for an editor.")
@click.option("--snippets", is_flag=True, help="One for each kind, for VS Code and neovim.")
@reading
@pass_app
def command(
    app: App,
    /,
    kind: str | None,
    facts_only: bool,
    json_schema: bool,
    settings: bool,
    form: bool,
    snippets: bool,
    options: ReadingOptions,
) -> None:
    """The kinds of this book; with a KIND its fields, and what is computed of it.

    Works without a book too, on the kinds that every book has. --json-schema settings is the form
    of plaincrm.yaml.
    """
    from plaincrm.crm.facts import all_facts
    from plaincrm.views import json_schema as draft
    from plaincrm.views import schema as view
    from plaincrm.views.json_text import dumps

    if json_schema and kind == "settings":
        from plaincrm.views.settings_schema import settings_schema

        return answer(app, dumps(settings_schema()))
    book, facts = book_for(app, options) if options.as_of else app.any_book, all_facts()
    found = book.kind(kind) if kind else None
    if form or snippets or settings:
        return _for_editors(app, book.schema, found, form=form, settings=settings)
    if json_schema:
        return answer(app, dumps(draft.json_schema(book.schema, found)))
    if found:
        return show(
            app, arranged(view.of_kind(found, facts, facts_only=facts_only), options), options
        )
    kinds = list(book.schema.kinds.values())
    return show(app, arranged(view.of_kinds(kinds, facts), options), options)


def _for_editors(
    app: App, schema: Schema, kind: Kind | None, *, form: bool, settings: bool
) -> None:
    """An empty record, the schema of the settings, or snippets."""
    from plaincrm.crm.settings_sections import NAMES
    from plaincrm.views import editor_forms
    from plaincrm.views.json_text import dumps

    if form and kind is None:
        raise UsageError("--form wants a KIND", "plaincrm schema contact --form")
    if form and kind is not None:
        return answer(app, editor_forms.form(kind))
    if settings:
        return answer(app, dumps(editor_forms.settings_schema(NAMES)))
    return answer(app, dumps(editor_forms.snippets(schema)))
