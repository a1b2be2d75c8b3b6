"""Words that the writing commands take: stages, handles, and deals that may be named by their
contact.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App
from plaincrm.commands._types import BookWord, RefWord, find_all, open_one
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.core.records.record import Record
    from plaincrm.core.schema.kinds import Kind


class StageWord(BookWord):
    """A stage of any pipeline."""

    name = "STAGE"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        pipelines = app.book.settings.pipelines.values()
        return ((stage.name, pipeline.name) for pipeline in pipelines for stage in pipeline.stages)


class SettingWord(BookWord):
    """A setting of the book, with its sections: `currency`, `mail.from`."""

    name = "KEY"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        from plaincrm.crm.actions.config import names

        return ((name, "") for name in names(app.book))


class HandleWord(BookWord):
    """The short code of a line of `today` or `list tasks`."""

    name = "HANDLE"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        from plaincrm.crm.reminders.index import reminders

        found = reminders(app.book.context)
        return ((each.handle, f"{each.title}: {each.text}") for each in found)


class TypeWord(BookWord):
    """A type of log entry."""

    name = "TYPE"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        from plaincrm.core.timeline.log import TYPES

        return ((word, "") for word in sorted(TYPES | app.book.settings.log_types))


class AssignmentWord(BookWord):
    """`field=value`: completes the fields of the KIND, or of the records, that stand before it, and
    their values.
    """

    name = "FIELD=VALUE"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        from plaincrm.crm.completion import assignment_words

        ctx = click.get_current_context(silent=True)
        before = (
            []
            if ctx is None
            else [str(ctx.params.get("kind") or ""), *(ctx.params.get("words") or ())]
        )
        kinds = [kind for word in before if (kind := _kind_of(app, word))]
        yield from assignment_words(
            app.book, kinds[:1] or list(app.book.schema.kinds.values()), incomplete
        )


class TargetWord(AssignmentWord):
    """A reference first, then `field=value`."""

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        yield from super().candidates(app, incomplete)
        yield from RefWord().candidates(app, incomplete)


def _kind_of(app: App, word: str) -> Kind | None:
    """The kind that a word names, or whose record it names by its id."""
    named = app.book.schema.find(word.partition("/")[0])
    if named or not word:
        return named
    found = [kind for kind in app.book.schema.kinds.values() if app.book.store.get(kind.name, word)]
    return found[0] if found else None


def open_all(app: App, word: str, kind: str, **sure: bool) -> list[Record]:
    """The records of `kind` that a word means: one, by its own name or its contact's; `@segment`;
    `-`.
    """
    if word != "-" and not word.startswith("@"):
        return [open_one(app, word, kind, **sure)]
    records = find_all(app, [word], (kind,), **sure)
    other = next((record for record in records if record.kind.name != kind), None)
    if other is not None:
        raise UsageError(
            f"{word} holds {other.ref}, which is no {kind}", f"name a segment of {kind}s"
        )
    return records


def fields_in(
    words: Sequence[str], names: Collection[str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The `contact=kari` among words, of the fields `names`, and the words without them."""
    parts = [(word, *word.partition("=")) for word in words]
    found = {name: value for _, name, mark, value in parts if mark and name in names}
    rest = tuple(word for word, name, mark, _ in parts if not (mark and name in names))
    return found, rest
