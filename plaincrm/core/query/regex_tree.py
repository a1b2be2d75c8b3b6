"""A regular expression as a tree: leaves that want a character or a place, runs, choices, repeats.

It reads what `re` and re2 have in common. Leaves keep their text, and `re` says what fits one.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value


@value
class RegexLeaf:
    """One character as the expression writes it (`a`, `.`, `[a-z]`, `\\d`), or an anchor."""

    text: str


@value
class RegexRun:
    """One after another."""

    parts: tuple[RegexNode, ...]


@value
class RegexChoice:
    """One of several."""

    ways: tuple[RegexNode, ...]


@value
class RegexRepeat:
    """`least` times up to `most`; None has no end."""

    part: RegexNode
    least: int
    most: int | None


RegexNode: TypeAlias = RegexLeaf | RegexRun | RegexChoice | RegexRepeat
ANCHORS = ("^", "$", r"\b", r"\B", r"\A", r"\Z")
_LEAF = pattern(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|0[0-7]{0,2}|N\{[^}]*\}|.)"
    r"|\[\^?\]?(?:\\.|[^\]\\])*\]|.",
    re.DOTALL,
)
_COUNTS = pattern(r"(?:([*+?])|\{(\d*)(?:(,)(\d*))?\})")
_OPENS = pattern(r"\((?:\?(?::|P<\w+>))?")
_FLAGS = pattern(r"\(\?([imsu]+)\)")
_DEEPEST = 50


def parsed(text: str) -> tuple[RegexNode, int]:
    """The tree, and the flags that stand at the beginning. Raises re.error."""
    flags = 0
    start = 0
    while found := _FLAGS.match(text, start):
        for letter in found[1]:
            flags |= {"i": re.I, "m": re.M, "s": re.S, "u": re.U}[letter]
        start = found.end()
    reader = _Reader(text, start)
    tree = reader.choice(0)
    if reader.place < len(text):
        raise re.error("unbalanced parenthesis", text, reader.place)
    return tree, int(flags)


class _Reader:
    def __init__(self, text: str, place: int) -> None:
        self.text, self.place = text, place

    def choice(self, depth: int) -> RegexNode:
        """Runs with `|` between them, up to the end or a `)`."""
        ways = [self.run(depth)]
        while self.text.startswith("|", self.place):
            self.place += 1
            ways.append(self.run(depth))
        return ways[0] if len(ways) == 1 else RegexChoice(tuple(ways))

    def run(self, depth: int) -> RegexNode:
        parts: list[RegexNode] = []
        while self.place < len(self.text) and self.text[self.place] not in "|)":
            parts.append(self.repeated(self.one(depth)))
        return parts[0] if len(parts) == 1 else RegexRun(tuple(parts))

    def one(self, depth: int) -> RegexNode:
        """A group or a leaf."""
        opens = _OPENS.match(self.text, self.place)
        if opens is None:
            return self.leaf()
        if depth >= _DEEPEST:
            raise re.error("too deep", self.text, self.place)
        self.place = opens.end()
        inner = self.choice(depth + 1)
        if not self.text.startswith(")", self.place):
            raise re.error("missing ), unterminated subpattern", self.text, self.place)
        self.place += 1
        return inner

    def leaf(self) -> RegexNode:
        found = _LEAF.match(self.text, self.place)
        if found is None or self._count() is not None:
            raise re.error("nothing to repeat", self.text, self.place)
        self.place = found.end()
        return RegexLeaf(found[0])

    def repeated(self, part: RegexNode) -> RegexNode:
        """`part` with the count that follows it; one that takes as little as it can finds the
        same.
        """
        counted = self._count()
        if counted is None:
            return part
        least, most, self.place = counted
        if self.text.startswith("?", self.place):
            self.place += 1
        if self._count() is not None:
            raise re.error("multiple repeat", self.text, self.place)
        return RegexRepeat(part, least, most)

    def _count(self) -> tuple[int, int | None, int] | None:
        """Least, most, and where the count ends; None where no count stands."""
        found = _COUNTS.match(self.text, self.place)
        if found is None or found[0] == "{}":
            return None
        if found[1]:
            return int(found[1] == "+"), (1 if found[1] == "?" else None), found.end()
        least = int(found[2] or 0)
        most: int | None = least
        if found[3] is not None:
            most = int(found[4]) if found[4] else None
        if most is not None and most < least:
            raise re.error("min repeat greater than max repeat", self.text, self.place)
        return least, most, found.end()
