"""Spreadsheet cells that can't become formulas, and back; and lines of cells.

A text that a spreadsheet would run (`=cmd()`, `+A1`, `@SUM`) gets a leading `'`, on the first line
and on each further one, for programs that split cells at line ends. A number or a phone number
(`-5`, `+49 30 123`) calls nothing and stays as it is. `restore` takes exactly those marks away
again: restore(neutralise(x)) == x for every text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_TRIGGER = "=+\\-@\uff1d\uff0b\uff0d\uff20"  # and their full-width forms
_LEAD = rf"'*[^\S\r\n]*[{_TRIGGER}]|'*\t"
_FIRST = rf"\A(?={_LEAD}|'*[\r\n])"
_LATER = rf"(?<=[\r\n])(?={_LEAD})"
_MARK = re.compile(f"{_FIRST}|{_LATER}")
_NUMBER = re.compile(r"[+-][0-9(][0-9 ().,/-]*")
_QUOTE = '"'
_SPECIAL = re.compile(r'[",;\t\r\n]|^\s|\s$')
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_UNMARK = re.compile(rf"\A'(?={_LEAD}|'*[\r\n])|(?<=[\r\n])'(?={_LEAD})")


def neutralise(text: str) -> str:
    """`text` as a cell that no spreadsheet runs."""
    return text if _NUMBER.fullmatch(text) else _MARK.sub("'", text)


def restore(text: str) -> str:
    """What `neutralise` was given."""
    return text if "'" not in text else _UNMARK.sub("", text)


def line(cells: Iterable[str]) -> str:
    """The cells as a line of CSV. The csv module leaves a carriage return bare, at which readers
    end the row.
    """
    shown = [
        f'"{cell.replace(_QUOTE, _QUOTE * 2)}"' if _SPECIAL.search(cell) else cell for cell in cells
    ]
    return ",".join(shown if shown != [""] else [_QUOTE * 2]) + "\n"


def tabbed(cells: Iterable[str]) -> str:
    r"""The cells as a line of TSV, one line whatever they hold: `\t`, `\n`, `\r` and `\\` stand for
    tabs, line ends and backslashes.
    """
    return "\t".join(cell.translate(_ESCAPES) for cell in cells) + "\n"
