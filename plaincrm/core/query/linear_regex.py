"""Regular expressions in linear time, without a library: all places of the expression that a text
may have reached are followed at once, so that no character is looked at twice (Ken Thompson, 1968).

What was worked out for a set of places and a character is kept, so that a long text costs a look-up
for each of its characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from plaincrm.core.query.regex_tree import (
    ANCHORS,
    RegexChoice,
    RegexLeaf,
    RegexNode,
    RegexRepeat,
    RegexRun,
    parsed,
)
from plaincrm.errors import QueryError

MOST_PLACES = 600  # its counted repeats written out; more than 500 characters have without any
MOST_KEPT = 200_000  # places in answers that are kept, some megabytes; then they begin anew
MOST_WORK = 5_000_000  # places gone through for one text, some seconds; look-ups cost nothing
_FOUND = -1
_LAST_LINE_END = "\n$"  # a line end with which the text ends: `$` stands before it, too


class _Place:
    """Where a text may be: at a leaf that wants a character, at a fork, or through."""

    def __init__(self, leaf: RegexLeaf | None = None) -> None:
        self.leaf = leaf
        self.next: list[_Place] = []


class LinearRegex:
    """An expression that `found_in` a text or not. Raises QueryError where it has too many places,
    and re.error for what is none.
    """

    def __init__(self, text: str, flags: int = re.IGNORECASE) -> None:
        tree, more = parsed(text)
        self._flags = flags | more
        self._count = self._work = 0
        self._end = _Place()
        self._start = self._built(tree, self._end)
        self._wanted: dict[str, Callable[[str], object]] = {}
        self._forget()

    def _forget(self) -> None:
        self._sets: dict[tuple[frozenset[_Place], str], int] = {}
        self._states: list[tuple[frozenset[_Place], str]] = []
        self._after: list[dict[str, int]] = []
        self._kept = 0

    def found_in(self, text: str) -> bool:
        """Whether a part of the text fits. Raises QueryError where that takes too long."""
        self._work = 0
        state = self._number(frozenset(), "")
        body, last = (text[:-1], _LAST_LINE_END) if text.endswith("\n") else (text, "")
        for char in body:
            known = self._after[state].get(char)
            state = self._step(state, char) if known is None else known
            if state == _FOUND:
                return True
        for char in (last, "") if last else ("",):
            state = self._step(state, char)
            if state == _FOUND:
                return True
        return False

    def _step(self, state: int, char: str) -> int:
        """The state after a character; _FOUND if the expression was through before it."""
        if self._kept > MOST_KEPT:
            reached, before = self._states[state]
            self._forget()
            state = self._number(reached, before)
        reached, before = self._states[state]
        at = self._closed([*reached, self._start], before, char)
        self._work += len(at)
        if self._work > MOST_WORK:
            raise QueryError(
                "the regular expression takes too long on one of the texts", "write it more simply"
            )
        if self._end in at:
            after = _FOUND
        else:
            real = char[:1]
            nexts = (
                place.next[0]
                for place in at
                if real and place.leaf and self._fits(place.leaf, real)
            )
            after = self._number(frozenset(nexts), real)
        self._after[state][char] = after
        self._kept += 1 + len(self._states[after][0]) if after >= 0 else 1
        return after

    def _number(self, reached: frozenset[_Place], before: str) -> int:
        """The number of a state: the places reached, and the kind of character before them."""
        key = reached, _kind(before)
        found = self._sets.get(key)
        if found is None:
            found = self._sets[key] = len(self._states)
            self._states.append(key)
            self._after.append({})
        return found

    def _closed(self, places: list[_Place], before: str, after: str) -> set[_Place]:
        """The places, and all that are reached from them without a character."""
        seen: set[_Place] = set()
        while places:
            place = places.pop()
            if place in seen:
                continue
            seen.add(place)
            anchor = place.leaf.text if place.leaf and place.leaf.text in ANCHORS else ""
            if place.leaf is None or (anchor and self._holds(anchor, before, after)):
                places.extend(place.next)
        return seen

    def _holds(self, anchor: str, before: str, after: str) -> bool:
        if anchor in (r"\b", r"\B"):
            return (_is_word(before) != _is_word(after)) == (anchor == r"\b")
        lines = bool(self._flags & re.MULTILINE)
        if anchor in ("^", r"\A"):
            return not before or (anchor == "^" and lines and before == "\n")
        if anchor == r"\Z":
            return not after
        return after in ("", _LAST_LINE_END) or (lines and after == "\n")

    def _fits(self, leaf: RegexLeaf, char: str) -> bool:
        if leaf.text in ANCHORS:
            return False
        wants = self._wanted.get(leaf.text)
        if wants is None:
            wants = self._wanted[leaf.text] = re.compile(leaf.text, self._flags).fullmatch
        return wants(char) is not None

    def _built(self, node: RegexNode, after: _Place) -> _Place:
        """The first place of `node`, from which the text goes on to `after`."""
        if isinstance(node, RegexLeaf):
            return self._place(node, [after])
        if isinstance(node, RegexRun):
            for part in reversed(node.parts):
                after = self._built(part, after)
            return after
        if isinstance(node, RegexChoice):
            return self._place(None, [self._built(way, after) for way in node.ways])
        return self._repeated(node, after)

    def _repeated(self, node: RegexRepeat, after: _Place) -> _Place:
        if node.most is None:
            again = self._place(None, [])
            again.next = [self._built(node.part, again), after]
            after = again
        else:
            end = after
            for _ in range(node.most - node.least):
                after = self._place(None, [self._built(node.part, after), end])
        for _ in range(node.least):
            after = self._built(node.part, after)
        return after

    def _place(self, leaf: RegexLeaf | None, following: list[_Place]) -> _Place:
        self._count += 1
        if self._count > MOST_PLACES:
            raise QueryError(
                "the regular expression is too large with its repeats written out",
                "count to less, or write it more simply",
            )
        place = _Place(leaf)
        place.next = following
        return place


def _kind(char: str) -> str:
    """What anchors want to know of a character: one of its kind, or none."""
    if not char or char == "\n":
        return char
    return "a" if _is_word(char) else " "


def _is_word(char: str) -> bool:
    return char[:1].isalnum() or char == "_"
