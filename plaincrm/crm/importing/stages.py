"""The pipelines that the deals of foreign files run through: one of the book's where it has all
their stages, one of their own where it has not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plaincrm.core.schema.settings import Pipeline, Settings, Stage
from plaincrm.core.text.fold import fold
from plaincrm.core.values.raw import Raw
from plaincrm.crm.importing.source import SourceFile
from plaincrm.errors import Refused, did_you_mean
from plaincrm.interchange.csv import stages
from plaincrm.interchange.csv.draft import Draft, first

DEFAULT = "default"
_CERTAIN = {"won": Decimal(100), "lost": Decimal(0)}


@dataclass(frozen=True)
class Routes:
    """Where deals go: `(source, pipeline as the file names it)` to a pipeline; `new` have to be
    made.
    """

    ways: dict[tuple[str, str], Pipeline]
    new: tuple[Pipeline, ...] = ()

    def place(self, sheet: SourceFile, draft: Draft) -> dict[str, Raw]:
        """The draft's fields with a pipeline and a stage of this book. Raises Refused."""
        fields = dict(draft.fields)
        pipeline = (
            self.ways.get(_way(sheet, draft)) if draft.kind == "deal" and not sheet.own else None
        )
        if pipeline is None:
            return fields
        name = first(fields.get("stage", ""))
        stage = _find(pipeline, name)
        if name and stage is None and draft.outcome in ("won", "lost"):
            stage = pipeline.of_role("won" if draft.outcome == "won" else "lost")
        if name and stage is None:
            names = [each.name for each in pipeline.stages]
            hint = did_you_mean(name, names) or f"its stages: {', '.join(names)}"
            raise Refused(f'the pipeline "{pipeline.name}" has no stage "{name}"', hint)
        if stage:
            fields["stage"] = stage.name
        if pipeline.name == DEFAULT:
            fields.pop("pipeline", None)
            return fields
        return {"pipeline": pipeline.name, **{k: v for k, v in fields.items() if k != "pipeline"}}


def route(sheets: Sequence[SourceFile], settings: Settings, wanted: str = "") -> Routes:
    """Find the pipelines of all deals; `wanted` is the one that the user names for all of them."""
    groups: defaultdict[tuple[str, str], list[Draft]] = defaultdict(list)
    for sheet in sheets:
        for draft in _deals(sheet):
            groups[_way(sheet, draft)].append(draft)
    named = {way: wanted or _name(way, drafts, settings) for way, drafts in groups.items()}
    members: defaultdict[str, list[Draft]] = defaultdict(list)
    for way, drafts in groups.items():
        members[named[way]] += drafts
    pipelines = {
        name: settings.pipeline(name) or _made(name, drafts) for name, drafts in members.items()
    }
    new = tuple(p for name, p in pipelines.items() if settings.pipeline(name) is None)
    return Routes({way: pipelines[name] for way, name in named.items()}, new)


def _deals(sheet: SourceFile) -> Iterator[Draft]:
    for outcome in sheet.outcomes if "deal" in sheet.kinds else ():
        if isinstance(outcome, Draft):
            yield from (draft for draft in (outcome, *outcome.beside) if draft.kind == "deal")


def _way(sheet: SourceFile, draft: Draft) -> tuple[str, str]:
    return sheet.source, fold(first(draft.fields.get("pipeline", "")))


def _name(way: tuple[str, str], drafts: Sequence[Draft], settings: Settings) -> str:
    source, pipeline = way
    if pipeline:
        found = settings.pipeline(pipeline)
        return found.name if found else first(drafts[0].fields["pipeline"])
    default = settings.pipeline(DEFAULT)
    names = {first(draft.fields.get("stage", "")) for draft in drafts} - {""}
    if default and all(_find(default, name) for name in names):
        return DEFAULT
    return source or "imported"


def _made(name: str, drafts: Sequence[Draft]) -> Pipeline:
    """The stages that the deals are in; one for won and one for lost are always there."""
    seen = stages.seen(drafts)
    found = [Stage(s.name, _CERTAIN.get(s.role, s.probability), None, s.role) for s in seen]  # type: ignore[arg-type]
    for role, chance in _CERTAIN.items():
        if not any(stage.role == role for stage in found):
            free = (
                role if not any(fold(stage.name) == role for stage in found) else f"Closed {role}"
            )
            found.append(Stage(free, chance, None, role))  # type: ignore[arg-type]
    return Pipeline(name, tuple(found))


def _find(pipeline: Pipeline, name: str) -> Stage | None:
    exact = pipeline.find(name)
    alike = [stage for stage in pipeline.stages if _loose(stage.name) == _loose(name)]
    return exact or (alike[0] if len(alike) == 1 else None)


def _loose(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", fold(name.strip()))
