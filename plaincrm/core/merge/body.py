"""Bodies merged section by section, piece by piece.

Entries and tasks never conflict. Where both sides rewrote the same prose, the larger version stays
in place and the other goes below, under a heading `## Conflict HASH8`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import pairwise

from plaincrm.core.merge import log
from plaincrm.core.merge.sections import ITEM, LOG, PROSE, TASK, Section
from plaincrm.core.merge.tasks import merge_line
from plaincrm.core.merge.weave import (
    Hunk,
    Id,
    Token,
    align,
    larger,
    pick,
    tokens_by_id,
    weave,
    weight,
)


@dataclass(slots=True)
class Body:
    """A merged body: its sections, and how many pieces of prose are in conflict."""

    sections: list[Section] = field(default_factory=list)
    conflicts: int = 0
    joints: frozenset[tuple[Id, Id]] = frozenset()
    eol: str = "\n"

    @property
    def text(self) -> str:
        """All of it, with a blank line where pieces meet that were apart and would run into each
        other.
        """
        found = []
        for section, following in pairwise([*self.sections, None]):
            assert section is not None
            text = section.head + self._inner(section.tokens) + section.tail
            apart = following is None or (section.id, following.id) in self.joints
            found.append(text if apart or section.tail or not text else text + self.eol)
        return "".join(found)

    def _inner(self, tokens: Sequence[Token]) -> str:
        found = []
        loose = ""
        for token, following in pairwise([*tokens, None]):
            assert token is not None
            gap = token.gap
            if following is not None and not gap and (token.id, following.id) not in self.joints:
                gap = loose if token.id[0] == following.id[0] else ""
                if PROSE in (token.id[0], following.id[0]):
                    gap = self.eol
            found.append(token.text + gap)
            loose = gap if following is not None and token.id[0] == following.id[0] else ""
        return "".join(found)


def merge(versions: Sequence[list[Section]], eol: str, quote: bool = False) -> Body:
    """The three bodies in one. With `quote`, prose in conflict is quoted, so that it can't change
    what follows.
    """
    versions = _placed(versions)
    sides = [{section.id: section for section in side} for side in versions]
    body = Body(joints=frozenset(_joints(versions)), eol=eol)
    wanted: dict[Id, Section] = {}
    aside: dict[Id, Section] = {}
    for id in dict.fromkeys(id for side in sides for id in side):
        found = _section(id, [side.get(id) for side in sides])
        if found is not None:
            wanted[id] = found.section
            if found.lost:
                aside[id] = _conflict(found.lost, eol, quote)
    order = weave(sides, wanted, _late_log)
    body.sections = [wanted[id] for id in order]
    for id, conflict in aside.items():
        if conflict.id not in wanted:
            body.sections.insert(_after(body.sections, id), conflict)
            wanted[conflict.id] = conflict
    body.conflicts = len(aside)
    return body


def _placed(versions: Sequence[list[Section]]) -> Sequence[list[Section]]:
    """The versions, with what a side put inside of other pieces known by where it stands.

    A check-box put into the middle of an entry cuts off the lines below it. Where both sides did so
    to two entries, equal lines are still those of two entries.
    """
    base = {section.id: [token.id for token in section.tokens] for section in versions[0]}
    return versions[0], *(
        [_by_place(each, base.get(each.id, [])) for each in side] for side in versions[1:]
    )


def _by_place(section: Section, base: list[Id]) -> Section:
    ids = [token.id for token in section.tokens]
    took = {token.id for token in section.tokens if _took_lines(section, token)}
    if not took and not any(map(_cut_off, ids)):
        return section
    names: dict[Id, Id] = {}
    for place, new in align(base, ids).inserted.items():
        seen: Counter[Id] = Counter()
        for id, following in pairwise([*new, ()]):
            cuts = id in took or (id[0] == TASK and _cut_off(following))
            if id not in base and (cuts or _cut_off(id)):
                names[id] = (*id[:-1], place, seen[id[:-1]])
                seen[id[:-1]] += 1
    return replace(
        section, tokens=[replace(each, id=names.get(each.id, each.id)) for each in section.tokens]
    )


def _cut_off(id: Id) -> bool:
    """Whether it is an indented line, which belongs to what stands above it."""
    return id[:1] == (PROSE,) and str(id[1])[:1] in (" ", "\t")


def _took_lines(section: Section, token: Token) -> bool:
    """Whether it is a task in the log with lines below it, which may have been those of an
    entry.
    """
    in_log = str(section.id[1]) == LOG
    return in_log and token.id[0] == TASK and len(token.text.splitlines()) > 1


@dataclass(slots=True)
class _Merged:
    section: Section
    lost: list[Token] = field(default_factory=list)


def _section(id: Id, versions: Sequence[Section | None]) -> _Merged | None:
    base, left, right = versions
    text = pick((side.text if side else None for side in versions), larger)
    if left is None or right is None:
        only = left or right
        return _Merged(only) if only is not None and text is not None else None
    for side in (left, right):
        if side.text == text and base is not None and base.text in (left.text, right.text):
            return _Merged(side)
    return _both(base or Section(id), left, right)


def _both(base: Section, left: Section, right: Section) -> _Merged:
    sides = [tokens_by_id(side.tokens) for side in (base, left, right)]
    ids = [list(side) for side in sides]
    lost = _lost(ids, sides)
    wanted: dict[Id, Token] = {}
    for id in dict.fromkeys(id for side in ids for id in side):
        found = [side.get(id) for side in sides]
        text = _text([token.text if token else None for token in found], id[0] == TASK)
        if text is not None and id not in lost:
            gap = pick((token.gap if token else None for token in found), larger)
            wanted[id] = Token(id, text, gap or "")
    order = weave(ids, wanted, log.rank([base.tokens, left.tokens, right.tokens]))
    head, tail = (
        pick((getattr(side, part) for side in (base, left, right)), max)
        for part in ("head", "tail")
    )
    losers = [side[id] for side in sides[1:] for id in side if id in lost]
    return _Merged(Section(base.id, head, [wanted[id] for id in order], tail), losers)


def _text(versions: Sequence[str | None], task: bool) -> str | None:
    base, left, right = versions
    if task and left is not None and right is not None:
        return merge_line(base, left, right)
    return pick(versions, larger)


def _lost(ids: Sequence[list[Id]], sides: Sequence[dict[Id, Token]]) -> set[Id]:
    """The prose that one side wrote where the other wrote something else, on the side that has less
    of it.
    """
    base, left, right = ids
    if not any(map(_prose, left)) or not any(map(_prose, right)):
        return set()
    rewritten = [_rewrites(base, side, other) for side, other in ((left, right), (right, left))]
    pairs = [(a, b) for a in rewritten[0] for b in rewritten[1] if a[0] & b[0]]
    news = [{id for pair in pairs for id in pair[n][1]} for n in (0, 1)]
    texts = ["".join(sides[n + 1][id].text for id in sides[n + 1] if id in news[n]) for n in (0, 1)]
    return news[0] if weight(texts[0]) < weight(texts[1]) else news[1]


def _rewrites(base: list[Id], side: list[Id], other: list[Id]) -> list[tuple[set[Id], list[Id]]]:
    """(the base's prose that is gone, the new prose in its place) of each stretch that the side
    rewrote.
    """
    known = {*base, *other}
    return [
        (gone, new)
        for hunk in align(base, side).hunks
        if (gone := _gone(base, side, hunk))
        and (new := [id for id in hunk.new if _prose(id) and id not in known])
    ]


def _gone(base: list[Id], side: list[Id], hunk: Hunk) -> set[Id]:
    return {id for id in base[hunk.start : hunk.end] if _prose(id) and id not in side}


def _prose(id: Id) -> bool:
    return id[0] in (PROSE, ITEM)


def _conflict(tokens: list[Token], eol: str, quote: bool) -> Section:
    lines = (
        "".join(token.text + (token.gap or eol) for token in tokens)
        .rstrip("\r\n")
        .replace("\r\n", "\n")
    )
    hash8 = sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    text = "".join((f"> {line}" if quote else line) + eol for line in lines.split("\n"))
    title = f"Conflict {hash8}"
    return Section(
        (2, title.casefold(), 0), f"## {title}{eol}{eol}", [Token((PROSE, text, 1), text)], eol
    )


def _after(sections: list[Section], id: Id) -> int:
    """The place behind a section and those below it."""
    at = next(n for n, section in enumerate(sections) if section.id == id) + 1
    while at < len(sections) and int(str(sections[at].id[0])) > 2:
        at += 1
    return at


def _late_log(id: Id) -> tuple[object, ...]:
    """Of sections that both sides began at one place, the log goes last and the tasks before it."""
    return ({"log": 2, "tasks": 1}.get(str(id[1]), 0), str(id[1]), str(id[0]), str(id[2]))


def _joints(versions: Sequence[list[Section]]) -> set[tuple[Id, Id]]:
    found: set[tuple[Id, Id]] = set()
    for side in versions:
        found.update((a.id, b.id) for a, b in pairwise(side))
        found.update((a.id, b.id) for section in side for a, b in pairwise(section.tokens))
    return found
