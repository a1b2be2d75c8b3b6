"""Moving deals: what a change of stage writes. Nothing is written here; the edits go back to the
caller.
"""

from __future__ import annotations

import re
from datetime import date

from plaincrm.core.records.edits import DeleteField, Edit, SetField, logged
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.settings import Pipeline, Role, Settings, Stage
from plaincrm.core.text.fold import fold
from plaincrm.errors import Refused, UsageError, did_you_mean
from plaincrm.sales.deals import next_of, stage_of


def move(
    deal: Record, name: str, context: Context, until: date | None = None, reason: str = ""
) -> list[Edit]:
    """The edits that put `deal` into stage `name`; none if it is there already and nothing else
    changes.

    `until`: the day a parked deal comes back. `reason`: why it was lost. Raises Refused for an
    unknown stage or pipeline, UsageError for `until` or `reason` with a stage of another role.
    """
    old, new = stage_of(deal, context), find(name, deal, context)
    _check_extras(new, until, reason)
    edits: list[Edit] = []
    if fold(old.name) != fold(new.name):
        edits += [
            SetField("stage", new.name),
            logged(context.now, "stage", f"{old.name} -> {new.name}"),
        ]
        edits += _closing(deal, new, context)
    if until:
        edits.append(SetField("next", f"{until} {_taken_up(deal)}"))
    if reason:
        edits.append(SetField("lost_reason", reason))
    return edits


def win(deal: Record, context: Context) -> list[Edit]:
    """The edits that move `deal` to the first stage of its pipeline that means won."""
    return move(deal, _of_role("won", deal, context).name, context)


def lose(deal: Record, context: Context, reason: str = "") -> list[Edit]:
    """The edits that move `deal` to the first stage of its pipeline that means lost."""
    return move(deal, _of_role("lost", deal, context).name, context, reason=reason)


def closing(deal: Record, context: Context) -> list[Edit]:
    """What a new deal gets that begins in a stage that means won or lost: the day of its end."""
    if stage_of(deal, context).role not in ("won", "lost"):
        return []
    return [SetField("closed", context.today.isoformat())]


def find(name: str, deal: Record, context: Context) -> Stage:
    """The stage that the user means: without case, blanks, hyphens and underscores alike. Raises
    Refused.
    """
    pipeline = _pipeline(deal, context)
    exact = pipeline.find(name.strip())
    alike = [stage for stage in pipeline.stages if _loose(stage.name) == _loose(name)]
    if exact is None and len(alike) != 1:
        names = [stage.name for stage in pipeline.stages]
        nearest = did_you_mean(name, names)
        listed = f"stages of {pipeline.name}: {', '.join(names)}"
        raise Refused(f'there is no stage "{name}"', f"{nearest} {listed}".strip())
    return exact or alike[0]


def refuse_unknown(name: str, settings: Settings) -> None:
    """Raises Refused for a stage that no pipeline has, before anybody asks which deal is meant."""
    names = [stage.name for each in settings.pipelines.values() for stage in each.stages]
    if all(_loose(each) != _loose(name) for each in names):
        nearest = did_you_mean(name, names)
        listed = f"stages: {', '.join(dict.fromkeys(names))}"
        raise Refused(f'there is no stage "{name}"', f"{nearest} {listed}".strip())


def _loose(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", fold(name.strip()))


def _pipeline(deal: Record, context: Context) -> Pipeline:
    name = deal.text("pipeline")
    found = context.settings.pipeline(name)
    if found is None:
        known = ", ".join(context.settings.pipelines)
        raise Refused(
            f'{deal.ref} runs through an unknown pipeline "{name}"', f"the pipelines are: {known}"
        )
    return found


def _of_role(role: Role, deal: Record, context: Context) -> Stage:
    pipeline = _pipeline(deal, context)
    stage = pipeline.of_role(role)
    if stage is None:
        hint = f"give one of its stages `status: {role}` in plaincrm.yaml"
        raise Refused(f'the pipeline "{pipeline.name}" has no stage that means {role}', hint)
    return stage


def _check_extras(stage: Stage, until: date | None, reason: str) -> None:
    if until and stage.role != "parked":
        raise UsageError(f'"{stage.name}" is no parking stage', "leave --until away")
    if reason and stage.role != "lost":
        raise UsageError(f'"{stage.name}" does not mean lost', "leave --reason away")


def _closing(deal: Record, stage: Stage, context: Context) -> list[Edit]:
    """`closed` goes with won and lost, and both it and the reason go when a deal is opened
    again.
    """
    edits: list[Edit] = []
    if stage.role in ("won", "lost"):
        edits.append(SetField("closed", context.today.isoformat()))
    elif "closed" in deal.fields:
        edits.append(DeleteField("closed"))
    if stage.role != "lost" and "lost_reason" in deal.fields:
        edits.append(DeleteField("lost_reason"))
    return edits


def _taken_up(deal: Record) -> str:
    action = next_of(deal)
    return (action and action.text) or "Take it up again"
