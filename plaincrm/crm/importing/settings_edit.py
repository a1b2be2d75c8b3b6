"""New pipelines in the text of `plaincrm.yaml`, a file that people write: every byte that is there
stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from plaincrm.core.schema.settings import Pipeline, Settings, Stage
from plaincrm.core.schema.settings_file import parse
from plaincrm.core.values.money import plain
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml import write
from plaincrm.core.yaml.front_matter import read_mapping
from plaincrm.errors import Refused

_KEY = "pipelines"


def with_pipelines(text: str, new: Sequence[Pipeline]) -> str:
    """The settings with `new` after the pipelines that are there (the built-in one is written out
    if none is).

    Raises Refused, with the YAML to paste, where that can't be done surely.
    """
    before = parse(text)
    present = read_mapping(text)
    inside = present.fields.get(_KEY)
    edited = (
        _below(text, present.positions, inside, new)
        if isinstance(inside, dict)
        else _at_end(text, before, new)
    )
    odd = _KEY in present.fields and not isinstance(inside, dict)
    if odd or not _as_meant(text, edited, before, new):
        hint = "put this under `pipelines:` there\n" + "\n".join(_block(new, 2))
        raise Refused("plaincrm.yaml can't be edited surely; nothing was written", hint)
    return edited


def _below(
    text: str,
    positions: Mapping[tuple[str | int, ...], tuple[int, int]],
    inside: dict[str, Raw],
    new: Sequence[Pipeline],
) -> str:
    """After the last line of the block."""
    if not inside:
        return text
    lines = text.split("\n")
    start = positions[(_KEY,)][0]
    indent = positions[_KEY, next(iter(inside))][1] - 1
    end = next((n for n in range(start, len(lines)) if re.match(r"[^\s#]", lines[n])), len(lines))
    while not lines[end - 1].strip() or (lines[end - 1].startswith("#")):
        end -= 1
    eol = "\r\n" if lines[end - 1].endswith("\r") else "\n"
    head = "\n".join(lines[:end])
    tail = "\n".join(lines[end:])
    block = eol.join(_block(new, indent))
    return f"{head}\n{block}{eol}{tail}" if end < len(lines) else f"{head}{eol}{block}"


def _at_end(text: str, before: Settings, new: Sequence[Pipeline]) -> str:
    eol = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text or text.endswith("\n") else eol
    block = eol.join([f"{_KEY}:", *_block([*before.pipelines.values(), *new], 2)])
    return f"{text}{gap}{block}{eol}"


def _block(pipelines: Sequence[Pipeline], indent: int) -> list[str]:
    margin = " " * indent
    return [
        margin + line
        for pipeline in pipelines
        for line in (
            write.key(pipeline.name),
            *(f"  {write.key(s.name)} {_stage(s)}" for s in pipeline.stages),
        )
    ]


def _stage(stage: Stage) -> str:
    says = {}
    if stage.role != "open":
        says["status"] = str(stage.role)
    elif stage.probability is not None:
        says["probability"] = plain(stage.probability)
    if stage.rots_after:
        says["rots_after"] = str(stage.rots_after)
    return write.flow(dict(says))


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
