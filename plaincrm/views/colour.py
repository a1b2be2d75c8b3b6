"""Colour with restraint: a view is given a `Paint` and names what a piece of text is, never an
escape code.
"""

from __future__ import annotations

from collections.abc import Callable

Paint = Callable[[str, str], str]
_CODES = {"head": "1", "quiet": "2", "bad": "31", "warn": "33", "good": "32", "found": "1;33"}


def plain(text: str, style: str) -> str:  # noqa: ARG001
    """No colour: not a terminal, `NO_COLOR`, `--color never`."""
    return text


def ansi(text: str, style: str) -> str:
    """`text`, already safe and cut to measure, in the colour of `head quiet bad warn good found`;
    any other: none.
    """
    code = _CODES.get(style)
    return f"\x1b[{code}m{text}\x1b[0m" if code and text else text
