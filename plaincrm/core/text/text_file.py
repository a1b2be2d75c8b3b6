"""A text file: its path in the book, its bytes to text and back, exactly, and where a place in its
text lies.

The folder of no name is the book's own, where a flat vault has its notes.

A line ends with LF, CR LF or CR, as editors have it; NEL, LS and PS are characters like any other.
"""

from __future__ import annotations

from plaincrm.core.text.pattern import pattern
from plaincrm.errors import Problem

BOM = "\ufeff"
LINE_END = pattern(r"\r\n|\n|\r")
_ESCAPED = pattern("[\udc80-\udcff]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of the character at `offset`; a byte order mark is no
    column.
    """
    line = (
        text.count("\n", 0, offset)
        + text.count("\r", 0, offset)
        - text.count("\r\n", 0, offset)
        + 1
    )
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    if start == 0 and text.startswith(BOM):
        start = 1
    return line, max(offset - start, 0) + 1


def decode(data: bytes, path: str = "") -> tuple[str, tuple[Problem, ...]]:
    """UTF-8 to text. Invalid bytes survive as surrogate escapes, a byte order mark stays in the
    text.
    """
    try:
        text = data.decode("utf-8")
        problems: list[Problem] = []
    except UnicodeDecodeError:
        text = data.decode("utf-8", "surrogateescape")
        problems = [_not_utf8(text, data, path)]
    if "\0" in text and not data.startswith(_UTF16):
        line, column = place(text, text.index("\0"))
        problems.append(
            Problem(
                path,
                line,
                column,
                "nul-character",
                "a NUL character",
                "delete it; text files have none",
            )
        )
    return text, tuple(problems)


def encode(text: str) -> bytes:
    """The exact inverse of `decode` for any bytes."""
    return text.encode("utf-8", "surrogateescape")


def _not_utf8(text: str, data: bytes, path: str) -> Problem:
    found = [match.start() for match in _ESCAPED.finditer(text)]
    line, column = place(text, found[0])
    count = "a byte that is" if len(found) == 1 else f"{len(found)} bytes that are"
    charset = "UTF-16" if data.startswith(_UTF16) else "another encoding"
    hint = f"the file seems to be in {charset}; save it as UTF-8"
    return Problem(path, line, column, "invalid-utf8", f"{count} not UTF-8", hint)


def path_in(folder: str, name: str) -> str:
    """The path of a file in a folder; the folder of no name is the book's own."""
    return f"{folder}/{name}" if folder else name


def lies_in(path: str, folder: str) -> bool:
    """Whether a path lies in a kind's folder or below it; in the book's own, right in it."""
    return path.startswith(f"{folder}/") if folder else "/" not in path
