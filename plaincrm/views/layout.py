"""How an answer is laid out: the width, the colours, and what the format was told besides.

Colour with restraint: a view is given a `Paint` and names what a piece of text is, never an escape
code.
"""

from __future__ import annotations

from collections.abc import Callable

from plaincrm.core.value_class import value

Paint = Callable[[str, str], str]
WIDTH = 80  # columns of a text where there is no terminal to ask
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


@value
class Layout:
    """What a format is told besides the values that it shows.

    `width` and `height`: columns and lines of the terminal, None where nothing is to be cut.
    `argument`: what the format's option was given (`--template JINJA`). `null`: names end in NUL,
    for xargs -0. `why`: figures show the terms that they are made of. `place(path)`: a path of the
    book as it leads to the file for whoever reads the answer.
    """

    width: int | None = None
    height: int | None = None
    paint: Paint = plain
    argument: str = ""
    null: bool = False
    why: bool = False
    place: Callable[[str], str] = str
