"""What a command prints, held back until it is whole."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import TextIO


class HeldPage(io.TextIOWrapper):
    """What a view prints, held back until it is whole; to the view it is the stream that it is
    meant for.
    """

    def __init__(self, meant_for: TextIO) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", errors="backslashreplace", newline="")
        self._terminal = meant_for.isatty()

    def isatty(self) -> bool:
        return self._terminal


@contextmanager
def held_back() -> Iterator[tuple[HeldPage, HeldPage]]:
    out, err = HeldPage(sys.stdout), HeldPage(sys.stderr)
    with redirect_stdout(out), redirect_stderr(err):
        yield out, err


def text(page: HeldPage) -> str:
    page.flush()
    data: bytes = page.buffer.getvalue()  # type: ignore[attr-defined]  # a BytesIO
    return data.decode("utf-8", "surrogateescape")
