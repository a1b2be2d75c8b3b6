"""Three sequences of named tokens into one: the order of two lists that come from the same third.

Every token has an identity that stands once in its sequence. What a side put in goes where that
side put it, what both left in place stays there, what one side moved is where it was moved to.
Nothing here knows which side is whose: exchanging them changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TypeAlias, TypeVar

Id: TypeAlias = tuple[Hashable, ...]
T = TypeVar("T")
Rank: TypeAlias = Callable[[Id], tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text: what it is, its text with all line ends, and the blank lines behind it."""

    id: Id
    text: str
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Hunk:
    """A stretch `base[start:end]` that a side replaced by `new`."""

    start: int
    end: int
    new: tuple[Id, ...]


@dataclass(slots=True)
class Alignment:
    """Which places of the base a side left alone, and what it put before each place."""

    kept: set[int] = field(default_factory=set)
    hunks: list[Hunk] = field(default_factory=list)
    inserted: dict[int, list[Id]] = field(default_factory=dict)


def pick(versions: Iterable[T], larger: Callable[[T, T], T]) -> T:
    """Of three versions, the base first, the one that was changed; of two changed differently, the
    larger.
    """
    base, left, right = versions
    if left == base:
        return right
    if right in (base, left):
        return left
    return larger(left, right)


def larger(left: str | None, right: str | None) -> str | None:
    """The longer text, else the one with the larger bytes; any text is larger than none."""
    if left is None or right is None:
        return right if left is None else left
    return max(left, right, key=weight)


def weight(text: str) -> tuple[int, bytes]:
    data = text.encode("utf-8", "surrogateescape")
    return len(data), data


def align(base: Sequence[Id], side: Sequence[Id]) -> Alignment:
    """How `side` came from `base`."""
    if base == side:
        return Alignment(set(range(len(base))))
    if base and side[: len(base)] == base:  # most sides only add at the end
        new = side[len(base) :]
        return Alignment(
            set(range(len(base))), [Hunk(len(base), len(base), tuple(new))], {len(base): list(new)}
        )
    found = Alignment()
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, base, side, autojunk=False).get_opcodes():
        if tag == "equal":
            found.kept.update(range(i1, i2))
        else:
            found.hunks.append(Hunk(i1, i2, tuple(side[j1:j2])))
            found.inserted[i1] = list(side[j1:j2])
    return found


def weave(
    versions: Iterable[Iterable[Id]], wanted: Mapping[Id, object], rank: Rank | None = None
) -> list[Id]:
    """The identities in `wanted`, each once, in the order that both sides' changes of the base
    make.
    """
    base, left, right = map(list, versions)
    one_changed = left == base or right == base
    changed = right if left == base else left
    if one_changed and wanted.keys() <= set(changed):
        return [id for id in changed if id in wanted]
    a, b = align(base, left), align(base, right)
    places: list[tuple[Id, bool]] = []
    for at in range(len(base) + 1):
        places += [
            (id, True) for id in _braid(a.inserted.get(at, []), b.inserted.get(at, []), rank)
        ]
        if at < len(base):
            places.append((base[at], at in a.kept and at in b.kept))
    sure = {id for id, settled in places if settled}
    found: dict[Id, None] = {}
    for id, settled in places:
        if id in wanted and (settled or id not in sure):
            found.setdefault(id)
    return list(found)


def tokens_by_id(tokens: Sequence[Token]) -> dict[Id, Token]:
    return {token.id: token for token in tokens}


def _braid(left: list[Id], right: list[Id], rank: Rank | None) -> list[Id]:
    """Two runs put in at one place: one after the other, or by rank where all of them have one."""
    if not left or not right or left == right:
        return left or right
    first, second = sorted([left, right], key=repr)
    if rank is None or not all(rank(id) for id in (*first, *second)):
        return first + second
    found: list[Id] = []
    while first and second:
        key_first, key_second = (rank(first[0]), repr(first[0])), (rank(second[0]), repr(second[0]))
        taken = first if key_first <= key_second else second
        found.append(taken[0])
        first, second = (first[1:], second) if taken is first else (first, second[1:])
    return found + first + second
