"""The text of a mail whose charset may lie, and the paragraphs of `format=flowed`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

_CONTROLS = re.compile("[\x80-\x9f]")
_QUOTES = re.compile(r"(>*) ?")


def windows(text: str) -> str:
    """`text` with the dashes, quotes and the euro of Windows, where it was read as Latin-1: mails
    of Outlook say one and mean the other."""
    return _CONTROLS.sub(_meant, text)


def _meant(found: re.Match[str]) -> str:
    return bytes([ord(found[0])]).decode("cp1252", "replace").replace("\ufffd", found[0])


def decode(data: bytes, charset: str) -> str:
    """Bytes by the charset that a mail names, else by those that mails without a right one are
    in."""
    for name in (charset or "utf-8", "utf-8", "cp1252"):
        with suppress(LookupError, ValueError):
            return windows(data.decode(name))
    return windows(data.decode("latin-1"))


def unflowed(text: str, *, delsp: bool) -> str:
    """The paragraphs of `format=flowed` (RFC 3676) on one line each; quoted ones keep their `>`."""
    return "\n".join(_paragraphs(text.replace("\r\n", "\n").split("\n"), delsp))


def _paragraphs(lines: list[str], delsp: bool) -> Iterator[str]:
    held, depth, open = "", 0, False
    for line in lines:
        marks = _QUOTES.match(line)
        level = len(marks[1]) if marks else 0
        words = line[marks.end() :] if marks else line
        if open and level == depth and words != "-- ":
            held += words
        else:
            if open:
                yield _quoted(held, depth)
            held, depth = words, level
        open = words.endswith(" ") and words != "-- "
        if not open:
            yield _quoted(held, depth)
            held = ""
        elif delsp:
            held = held[:-1]
    if open:
        yield _quoted(held, depth)


def _quoted(text: str, depth: int) -> str:
    return f"{'>' * depth} {text}" if depth else text
