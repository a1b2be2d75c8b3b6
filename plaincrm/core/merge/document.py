"""A whole file in three versions, merged: text, text, text to one text that is valid whatever they
say.

The result is read again: it must hold the fields, entries and tasks that were meant, and have no
problem that neither side had. Where that fails, or where front matter can't be read in pieces, the
larger file stays as it is, and the whole of the other stands in a code block under `## Conflict
HASH8`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from plaincrm.core.merge import body, fields, parsed, sections
from plaincrm.core.merge.body import Body
from plaincrm.core.merge.property_lines import has_properties, merge_properties
from plaincrm.core.merge.sections import LOG, TASK
from plaincrm.core.merge.weave import larger, pick
from plaincrm.core.schema.kinds import Field
from plaincrm.core.text import outline
from plaincrm.core.text.text_file import BOM, LINE_END
from plaincrm.core.timeline import tasks
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml.fences import find_fences
from plaincrm.errors import Refused


@dataclass(frozen=True, slots=True)
class MergeResult:
    """`text` is the file's. `contested` names the fields whose other values stand in `_conflicts`,
    `report` says in words what else needs a look, `beside` are further files to write: (path,
    text)."""

    text: str
    contested: tuple[str, ...] = ()
    report: tuple[str, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Parts:
    """One version, each of its lines with an end: `final` says whether the last one really had
    it.
    """

    bom: str = ""
    opening: str = ""
    region: str = ""
    closing: str = ""
    final: bool = True
    whole: str = ""


NO_PROBLEMS: Counter[tuple[str, str]] = Counter()


class _Unsure(Exception):
    """The merged text would not read back as it was meant."""


def merge(versions: Sequence[str], schema: Mapping[str, Field]) -> MergeResult:
    """Three record files in one. The first is the base, empty where both sides made the file."""
    base, left, right = versions
    if right in (base, left):
        return MergeResult(left)
    if left == base:
        return MergeResult(right)
    try:
        return _merge(versions, schema)
    except Refused as error:
        return _keep_both(left, right, error.message)
    except _Unsure:
        return _keep_both(left, right, "the two versions can't be put together surely")


def _merge(versions: Sequence[str], schema: Mapping[str, Field]) -> MergeResult:
    eol, texts = _same_ends(versions)
    parts = [_parts(text, eol) for text in texts]
    if has_properties(texts):
        front, merged = merge_properties(texts)
        return _put_together(front, merged, (), parts, eol)
    fronts = [fields.read(part.region, eol) if part.opening else fields.EMPTY for part in parts]
    region, merged, contested = fields.merge(fronts, schema, eol)
    outer = {
        name: pick((getattr(part, name) for part in parts), max)
        for name in ("bom", "opening", "closing", "final")
    }
    if region and not outer["opening"]:
        outer["opening"] = max(part.opening for part in parts) or f"---{eol}"
        outer["closing"] = max(part.closing for part in parts) or f"---{eol}"
    front = f"{outer['bom']}{outer['opening']}{region}{outer['closing']}"
    return _put_together(front, merged, contested, parts, eol)


def _put_together(
    front: str,
    merged: Mapping[str, Raw],
    contested: tuple[str, ...],
    parts: Sequence[_Parts],
    eol: str,
) -> MergeResult:
    """The merged fields with the merged text below them, if they read as they are meant."""
    final = pick((part.final for part in parts), max)
    bodies = [sections.read(parsed.read(part.whole)) for part in parts]
    for quote in (False, True):
        inner = body.merge(bodies, eol, quote)
        text = front + inner.text
        text = text if final or inner.sections[-1].tail else _without_end(text)
        if _reads_as(text, merged, inner, [part.whole for part in parts[1:]]):
            return MergeResult(text, contested, _report(contested, inner))
    raise _Unsure


def _report(contested: tuple[str, ...], inner: Body) -> tuple[str, ...]:
    said = [f"{name} was set differently on both sides" for name in contested]
    if inner.conflicts:
        said.append("text was rewritten on both sides; the other version stands under ## Conflict")
    return tuple(said)


def _same_ends(texts: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The line end of the result, and the texts with it, if each of them has only one sort of
    ends.
    """
    ends = [set(LINE_END.findall(text)) for text in texts]
    if any(len(found) > 1 for found in ends):
        some = Counter(end for found in ends for end in found)
        return max(some, key=lambda end: (some[end], end)), texts
    base, left, right = (next(iter(found), "") for found in ends)
    eol = pick((base, left or base, right or base), max) or "\n"
    return eol, tuple(LINE_END.sub(eol, text) for text in texts)


def _parts(text: str, eol: str) -> _Parts:
    if not text:
        return _Parts()
    final = text[-1] in "\r\n"
    text = text if final else text + eol
    fences = find_fences(text)
    if fences is None:
        mark = BOM if text.startswith(BOM) else ""
        return _Parts(mark, final=final, whole=text)
    if not fences.closed:
        raise Refused("the front matter is not closed")
    mark = BOM if text.startswith(BOM) else ""
    opening, region = text[len(mark) : fences.start], text[fences.start : fences.end]
    return _Parts(mark, opening, region, text[fences.end : fences.body], final, text)


def _without_end(text: str) -> str:
    found = LINE_END.search(text, max(len(text) - 2, 0))
    return text[: found.start()] if found and found.end() == len(text) else text


def _reads_as(text: str, expected: Mapping[str, Raw], inner: Body, sides: Sequence[str]) -> bool:
    page = parsed.read(text)
    tokens = [token for section in inner.sections for token in section.tokens]
    entries = [token.id[1:-1] for token in tokens if token.id[0] == LOG]
    boxes = [tasks.parse(token.text.rstrip("\r\n")) for token in tokens if token.id[0] == TASK]
    there = {name: raw for name, raw in page.document.fields.items() if raw}
    before = _problems(sides[0]) + _problems(sides[1])
    return (
        there == expected
        and _same((entry.key for entry in page.timeline.entries), entries)
        and _same(
            map(tasks.format, page.timeline.tasks), (tasks.format(box[0]) for box in boxes if box)
        )
        and len(page.outline.headings) == sum(bool(section.id[0]) for section in inner.sections)
        and not _problems(text) - before
    )


def _same(found: Iterable[Hashable], meant: Iterable[Hashable]) -> bool:
    """Whether two have the same things, as often, in whatever order."""
    one, other = list(found), list(meant)
    return one == other or Counter(one) == Counter(other)


def _problems(text: str) -> Counter[tuple[str, str]]:
    page = parsed.read(text)
    found = (*page.document.problems, *page.timeline.problems)
    return Counter([(p.code, p.message) for p in found]) if found else NO_PROBLEMS


def _keep_both(left: str, right: str, why: str) -> MergeResult:
    """The larger file as it is, the other whole, as code, under a heading at its end or, if code is
    open there, at its beginning."""
    shown = larger(left, right) or ""
    other = left if shown == right else right
    hash8 = sha256(other.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    title = f"Conflict {hash8}"
    if title in shown:
        return MergeResult(shown, report=(why,))
    eol = next(iter(LINE_END.findall(shown)), "\n")
    ticks = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", other)), 3)
    lines = LINE_END.sub(eol, other.removeprefix(BOM)).removesuffix(eol)
    block = f"## {title}{eol}{eol}{ticks}text{eol}{lines}{eol}{ticks}{eol}"
    at_end = shown + ("" if shown[-1:] in ("\n", "\r") else eol) + eol + block
    if any(
        heading.title == title
        for heading in outline.read(parsed.read(at_end).document.body).headings
    ):
        return MergeResult(at_end, report=(why,))
    start = len(shown) - len(parsed.read(shown).document.body)
    return MergeResult(f"{shown[:start]}{block}{eol}{shown[start:]}", report=(why,))
