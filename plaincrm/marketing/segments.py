"""Segments: saved queries. `segments/warm-leads.yaml` holds the kind, the query and what it is
for.
"""

from __future__ import annotations

from dataclasses import dataclass

from plaincrm.core.query import split_words
from plaincrm.core.records.segment import Segment
from plaincrm.core.values.raw import items
from plaincrm.core.yaml import write
from plaincrm.core.yaml.front_matter import read_mapping
from plaincrm.errors import Problem, did_you_mean

_KEYS = ("kind", "query", "doc", "ids")


@dataclass(frozen=True, slots=True)
class SegmentFile:
    segment: Segment
    problems: tuple[Problem, ...]


def parse(name: str, text: str, path: str) -> SegmentFile:
    """The segment that a file holds; what is wrong with it is a problem, and the rest is read.

    `ids:` instead of `query:` is a snapshot: the records that it had on one day.
    """
    mapping = read_mapping(text, path)
    problems = list(mapping.problems)
    for key in mapping.fields:
        if key not in _KEYS:
            line, column = mapping.positions.get((key,), (1, 1))
            hint = did_you_mean(key, _KEYS)
            problems.append(
                Problem(path, line, column, "segment-key", f'unknown key "{key}"', hint, "warning")
            )
    if not ({"query", "ids"} & mapping.fields.keys()):
        problems.append(
            Problem(
                path,
                1,
                1,
                "segment-query",
                "the segment has no query",
                "query: +vip no:unsubscribed",
            )
        )
    kind, doc, query = (str(mapping.fields.get(key) or "") for key in ("kind", "doc", "query"))
    ids = (
        tuple(item.text for item in items(mapping.fields.get("ids")))
        if "ids" in mapping.fields
        else None
    )
    return SegmentFile(
        Segment(name, kind or "contact", split_words(query), doc, ids), tuple(problems)
    )


def emit_file(segment: Segment) -> str:
    """The text of a segment's file."""
    lines = [f"kind: {segment.kind}"]
    if segment.ids is None:
        lines.append(f"query: {write.scalar(' '.join(segment.query))}")
    else:
        lines += ["ids:", *(f"  - {write.scalar(id)}" for id in segment.ids)]
    if segment.doc:
        lines.append(f"doc: {write.scalar(segment.doc)}")
    return "\n".join(lines) + "\n"
