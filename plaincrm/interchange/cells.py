"""Spreadsheet cells that can't become formulas, and back.

A text that a spreadsheet would run (`=cmd()`, `+49…`, `@SUM`) gets a leading `'`, on the first line and on
each further one, for programs that split cells at line ends. `restore` takes exactly those marks away again:
restore(neutralise(x)) == x for every text.
"""

from __future__ import annotations

import re

_TRIGGER = "=+\\-@\uff1d\uff0b\uff0d\uff20"  # and their full-width forms
_LEAD = rf"'*[^\S\r\n]*[{_TRIGGER}]|'*\t"
_FIRST = rf"\A(?={_LEAD}|'*[\r\n])"
_LATER = rf"(?<=[\r\n])(?={_LEAD})"
_MARK = re.compile(f"{_FIRST}|{_LATER}")
_UNMARK = re.compile(rf"\A'(?={_LEAD}|'*[\r\n])|(?<=[\r\n])'(?={_LEAD})")


def neutralise(text: str) -> str:
    """`text` as a cell that no spreadsheet runs. For text cells only: `-5` is text to it."""
    return _MARK.sub("'", text)


def restore(text: str) -> str:
    """What `neutralise` was given."""
    return _UNMARK.sub("", text)
