"""What git itself would leave: both versions between markers. Only for a merge driver that can do
no better.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile


def marked(files: Sequence[bytes], size: int = 7) -> bytes:
    """Base, ours, theirs in one: the lines that all begin and end with, and one conflict of all
    between.
    """
    base, ours, theirs = files
    versions = [data.splitlines(keepends=True) for data in (ours, base, theirs)]
    start = _shared(versions)
    end = _shared([lines[start:][::-1] for lines in versions])
    middles = [b"".join(_ended(lines[start : len(lines) - end])) for lines in versions]
    marks = (b"<" * size + b" ours\n", b"|" * size + b" base\n", b"=" * size + b"\n")
    body = b"".join(mark + middle for mark, middle in zip(marks, middles, strict=True))
    last = versions[0][len(versions[0]) - end :]
    return b"".join(versions[0][:start]) + body + b">" * size + b" theirs\n" + b"".join(last)


def _shared(versions: Sequence[Sequence[bytes]]) -> int:
    """How many lines all of them begin with."""
    return sum(
        1 for _ in takewhile(lambda lines: len(set(lines)) == 1, zip(*versions, strict=False))
    )


def _ended(lines: list[bytes]) -> list[bytes]:
    return [line if line.endswith((b"\n", b"\r")) else line + b"\n" for line in lines]
