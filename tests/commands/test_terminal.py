"""What differs on a terminal: a pager, colours, and `TERM=dumb`."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

RED, YELLOW = "\x1b[31mplaincrm:", "\x1b[33mplaincrm:"


def typed(book: Path, *words: str, lines: int = 24, **environ: str) -> str:
    """What a terminal of 80 columns shows."""
    above, below = pty.openpty()
    fcntl.ioctl(below, termios.TIOCSWINSZ, struct.pack("HHHH", lines, 80, 0, 0))
    run = [sys.executable, "-m", "plaincrm", *words]
    where = {"PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm", **environ}
    process = subprocess.Popen(
        run, cwd=book, env=os.environ | where, stdin=below, stdout=below, stderr=below
    )
    os.close(below)
    found = b""
    try:
        while piece := os.read(above, 65536):
            found += piece
    except OSError:
        pass  # how Linux says that the other end of a terminal is closed
    process.wait()
    os.close(above)
    return found.decode("utf-8").replace("\r\n", "\n")


def test_a_long_answer_goes_through_the_pager(studio: Path) -> None:
    paged = typed(studio, "list", "contacts", PAGER="sed s/^/|/")
    assert paged.count("\n|") > 40
    assert "|" not in typed(studio, "list", "contacts", PAGER="")
    assert "|" not in typed(studio, "list", "contacts", "--limit", "3", PAGER="sed s/^/|/")


@pytest.mark.parametrize(("word", "colour"), [("nobody", RED), ("magnus-dahl", YELLOW)])
def test_errors_are_red_and_warnings_yellow(studio: Path, word: str, colour: str) -> None:
    assert colour in typed(studio, "show", word, PAGER="")
    assert "\x1b" not in typed(studio, "show", word, PAGER="", TERM="dumb")
    assert "\x1b" not in typed(studio, "show", word, PAGER="", NO_COLOR="1")
    assert "\x1b" not in typed(studio, "--color", "never", "show", word, PAGER="")
