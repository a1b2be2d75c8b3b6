"""Regular expressions in linear time: google-re2 where it is installed, else a safe subset of `re`.

The subset leaves out what can make `re` backtrack for ever: back-references, look-around, repeats
within repeats, repeats of a choice, more than two unbounded repeats, and patterns over 500
characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from plaincrm.core.text.pattern import pattern
from plaincrm.errors import QueryError

LONGEST = 500


@lru_cache(maxsize=256)
def searcher(pattern: str) -> Callable[[str], bool]:
    """A function that says whether a text has a match, without case. Raises QueryError."""
    if len(pattern) > LONGEST:
        raise QueryError(
            f'the expression "{pattern[:30]}…" is longer than {LONGEST} characters', "shorten it"
        )
    found = _with_re2(pattern) or _with_re(pattern)
    return lambda text: found(text) is not None


def _with_re2(pattern: str) -> Callable[[str], Any] | None:
    try:
        import re2  # type: ignore[import-untyped]
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
    return search


def _with_re(pattern: str) -> Callable[[str], Any]:
    if reason := unsafe(pattern):
        raise QueryError(
            f'the expression "{pattern}" may take for ever: it has {reason}', "write it more simply"
        )
    try:
        return re.compile(pattern, re.IGNORECASE).search
    except (re.error, RecursionError, OverflowError) as error:
        raise _refused(pattern, str(error)) from None


def _refused(pattern: str, reason: str) -> QueryError:
    return QueryError(
        f'"{pattern}" is no regular expression: {reason}',
        'a part of a text needs none: "name:*part*"',
    )


def unsafe(pattern: str) -> str:
    """Why `re` might not be linear on `pattern`; empty if it is sure to be near enough."""
    bare = re.sub(r"\\[^1-9kK]|\[\^?\]?(?:\\.|[^\]\\])*\]", "x", pattern, flags=re.DOTALL)
    if re.search(r"\\[1-9kK]|\(\?P=", bare):
        return "a back-reference"
    if re.search(r"\(\?(?!:|P<|[aiLmsux]+\))", bare):
        return "a look-around or another extension"
    return _repeats(bare)


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
