"""Words that the writing commands take: stages, handles, and deals that may be named by their contact."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from plaincrm.commands._app import App
from plaincrm.commands._types import BookWord, find_all, open_one
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.core.record import Record


class StageWord(BookWord):
    """A stage of any pipeline."""

    name = "STAGE"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        pipelines = app.book.settings.pipelines.values()
        return ((stage.name, pipeline.name) for pipeline in pipelines for stage in pipeline.stages)


class HandleWord(BookWord):
    """The short code of a line of `today` or `list tasks`."""

    name = "HANDLE"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        from plaincrm.crm.matters import all_handles, matters

        handles = all_handles(app.book.world)
        return ((handles[each.key], f"{each.record.title}: {each.text}") for each in matters(app.book.world))


class TypeWord(BookWord):
    """A type of log entry."""

    name = "TYPE"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        from plaincrm.core.log import TYPES

        return ((word, "") for word in sorted(TYPES | app.book.settings.log_types))


def open_all(app: App, word: str, kind: str, **sure: bool) -> list[Record]:
    """The records of `kind` that a word means: one, by its own name or its contact's; `@segment`; `-`."""
    if word != "-" and not word.startswith("@"):
        return [open_one(app, word, kind, **sure)]
    records = find_all(app, [word], (kind,), **sure)
    other = next((record for record in records if record.kind.name != kind), None)
    if other is not None:
        raise UsageError(f"{word} holds {other.ref}, which is no {kind}", f"name a segment of {kind}s")
    return records
