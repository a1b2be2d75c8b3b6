"""Regular expressions in linear time: google-re2 where it is installed, else `re` where it can't
take long, and a matcher of our own for the rest.

Without re2 back-references, look-around, repeats within repeats, repeats of a choice and more than
two unbounded repeats are refused; patterns over 500 characters always are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from plaincrm.core.text.pattern import pattern
from plaincrm.errors import QueryError

LONGEST = 500
# What `re` may do: it tries so many choices in all their combinations, and begins at each place of
# a text anew, so that one repeat without end takes the square of the length.
_FEW = 6  # choices
_NEAR = 9  # the width of a count
_HIGH = 100  # a count up to which each place of a text may well be tried
_SHORT = 64  # characters


@lru_cache(maxsize=256)
def searcher(pattern: str) -> Callable[[str], bool]:
    """A function that says whether a text has a match, without case. Raises QueryError."""
    if len(pattern) > LONGEST:
        raise QueryError(
            f'the expression "{pattern[:30]}…" is longer than {LONGEST} characters', "shorten it"
        )
    return _with_re2(pattern) or _with_re(pattern)


def _with_re2(pattern: str) -> Callable[[str], bool] | None:
    try:
        import re2  # type: ignore[import-untyped]  # the library has no types
    except ImportError:
        return None
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    try:
        search: Callable[[str], Any] = re2.compile(pattern, options=options).search
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise _refused(pattern, text) from None
    return lambda text: search(text) is not None


def _with_re(pattern: str) -> Callable[[str], bool]:
    if reason := unsafe(pattern):
        raise QueryError(
            f'the expression "{pattern}" may take for ever: it has {reason}', "write it more simply"
        )
    try:
        search = re.compile(pattern, re.IGNORECASE).search
        repeats, endless = _branchings(_bare(pattern))
        if repeats <= _FEW and not endless:
            return lambda text: search(text) is not None
        from plaincrm.core.query.linear_regex import LinearRegex

        found_in = LinearRegex(pattern).found_in
    except (re.error, RecursionError, OverflowError) as error:
        raise _refused(pattern, str(error)) from None
    if repeats > _FEW or endless > 1:
        return found_in
    return lambda text: search(text) is not None if len(text) <= _SHORT else found_in(text)


def _refused(pattern: str, reason: str) -> QueryError:
    return QueryError(
        f'"{pattern}" is no regular expression: {reason}',
        'a part of a text needs none: "name:*part*"',
    )


def unsafe(pattern: str) -> str:
    """Why `re` might not be linear on `pattern`; empty if it is sure to be near enough."""
    bare = _bare(pattern)
    if re.search(r"\\[1-9kK]|\(\?P=", bare):
        return "a back-reference"
    if re.search(r"\(\?(?!:|P<|[imsu]+\))", bare):
        return "a look-around or another extension"
    return _repeats(bare)


def _bare(pattern: str) -> str:
    """The pattern with an `x` for each escape and each class of characters."""
    return re.sub(r"\\[^1-9kK]|\[\^?\]?(?:\\.|[^\]\\])*\]", "x", pattern, flags=re.DOTALL)


def _branchings(bare: str) -> tuple[int, int]:
    """How many repeats and choices a pattern has, and how many of them have no near end: those that
    make `re` try a text again and again.
    """
    counts = [each[0] for each in _REPEAT.finditer(bare.replace("(?", "("))]
    endless = sum(each in "*+" or _width(each) > _NEAR for each in counts)
    return len(counts) + bare.count("|"), endless


def _width(count: str) -> float:
    """How wide the choice is that a count leaves: `{2,5}` is 3; a high one is without end."""
    least, comma, most = count.strip("{}?").partition(",")
    first = float(least or 0)
    last = float(most or math.inf) if comma else first
    return math.inf if last > _HIGH else last - first


_REPEAT = pattern(r"[*+?]|\{\d*,?\d*\}")


def _repeats(bare: str) -> str:
    """Why the repeats of a pattern are unsafe: of a group with a repeat or a choice in it, or too
    many.
    """
    groups: list[bool] = []  # of each open group, whether it holds a repeat or a choice
    closed = holds = False  # whether a group ends right before this place, and whether it holds one
    unbounded, index = 0, 0
    while index < len(bare):
        char = bare[index]
        repeat = (
            None if char == "?" and bare[index - 1 : index] == "(" else _REPEAT.match(bare, index)
        )
        if repeat is not None:
            if closed and holds and repeat[0] != "?":
                return "a repeat within a repeat"
            unbounded += repeat[0] in "*+" or repeat[0].endswith(",}")
            groups = [True] * len(groups)
        elif char == "(":
            groups.append(False)
        elif char == "|":
            groups = [True] * len(groups)
        closed = char == ")" and bool(groups)
        holds = groups.pop() if closed else False
        index = repeat.end() if repeat is not None else index + 1
    return "more than two unbounded repeats" if unbounded > 2 else ""
