"""Names of columns and pipelines, as options take them, with their completion."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App
from plaincrm.commands._types import BookWord

if TYPE_CHECKING:
    from plaincrm.core.schema.kinds import Kind

# Commands that show records of one kind, without a word that says so.
_KINDS = {"pipeline": "deal", "forecast": "deal", "ticket": "ticket", "score": "deal"}


class ColumnWord(BookWord):
    """A field or a fact: `name`, `-value` to sort by, several with commas between them."""

    name = "FIELD"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        from plaincrm.crm.completion import column_names

        before, comma, last = incomplete.rpartition(",")
        sign = "-" if last.startswith("-") else ""
        for name, help in column_names(app.book, _shown(app)):
            yield f"{before}{comma}{sign}{name}", help


class PipelineWord(BookWord):
    """A pipeline of the book."""

    name = "NAME"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        return ((name, "") for name in app.book.settings.pipelines)


def _shown(app: App) -> list[Kind]:
    """The kinds whose columns are meant: that of the command, or that which is named before."""
    context = click.get_current_context(silent=True)
    path = context.command_path.split()[1:] if context else []
    named = str(context.params.get("kind") or "") if context else ""
    kind = app.book.schema.find(named) or app.book.schema.find(_KINDS.get("".join(path[:1]), ""))
    if kind is None and path[:1] == ["list"]:
        kind = app.book.schema.find("contact")
    return [kind] if kind is not None else list(app.book.schema.kinds.values())
