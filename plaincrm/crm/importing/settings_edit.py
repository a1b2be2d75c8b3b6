"""New pipelines in the text of `plaincrm.yaml`, a file that people write: every byte that is there
stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from plaincrm.core.schema.settings import Pipeline, Settings, Stage
from plaincrm.core.schema.settings_file import parse
from plaincrm.core.values.money import plain
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml import write
from plaincrm.core.yaml.front_matter import read_mapping
from plaincrm.core.yaml.whole_file import with_value
from plaincrm.errors import Refused

_KEY = "pipelines"


def with_pipelines(text: str, new: Sequence[Pipeline]) -> str:
    """The settings with `new` after the pipelines that are there (the built-in one is written out
    if none is).

    Raises Refused, with the YAML to paste, where that can't be done surely.
    """
    before = parse(text)
    standing = read_mapping(text).fields.get(_KEY)
    inside = (
        standing
        if isinstance(standing, dict)
        else {p.name: _raw(p) for p in before.pipelines.values()}
    )
    try:
        edited = with_value(text, _KEY, {**inside, **{each.name: _raw(each) for each in new}})
    except Refused:
        edited = text
    odd = standing is not None and not isinstance(standing, dict)
    if odd or not _as_meant(text, edited, before, new):
        hint = "put this under `pipelines:` there\n" + "\n".join(_block(new, 2))
        raise Refused("plaincrm.yaml can't be edited surely; nothing was written", hint)
    return edited


def _raw(pipeline: Pipeline) -> dict[str, Raw]:
    return {stage.name: _says(stage) for stage in pipeline.stages}


def _block(pipelines: Sequence[Pipeline], indent: int) -> list[str]:
    margin = " " * indent
    return [
        margin + line
        for pipeline in pipelines
        for line in (
            write.key(pipeline.name),
            *(f"  {write.key(s.name)} {write.flow(_says(s))}" for s in pipeline.stages),
        )
    ]


def _says(stage: Stage) -> dict[str, Raw]:
    says: dict[str, Raw] = {}
    if stage.role != "open":
        says["status"] = str(stage.role)
    elif stage.probability is not None:
        says["probability"] = plain(stage.probability)
    if stage.rots_after:
        says["rots_after"] = str(stage.rots_after)
    return says


def _as_meant(text: str, edited: str, before: Settings, new: Sequence[Pipeline]) -> bool:
    """Read again: the same settings, and the new pipelines; and nothing lost of the text."""
    after = parse(edited)
    old, now = read_mapping(text).fields, read_mapping(edited).fields
    others = {name: raw for name, raw in now.items() if name != _KEY}
    return (
        dict(after.pipelines)
        == {**before.pipelines, **{pipeline.name: pipeline for pipeline in new}}
        and others == {name: raw for name, raw in old.items() if name != _KEY}
        and len(after.problems) <= len(before.problems)
    )
