"""The door to the terminal: whatever is written to one passes here, by whatever command.

Views make text safe where they show it. This is the last door, which no command can go round: where
stdout or stderr is a terminal, `install` stands in for it. Of escape codes it lets those through
that plaincrm itself writes, colours and redrawing. All others are spelled out.
"""

from __future__ import annotations

import codecs
import io
import re
import sys
from functools import cache
from typing import Any, TextIO

import click

_COLOURS = "0|1|2|31|32|33|1;33"  # those of `views/layout.py`, and the end of each
_DRAWING = r"H|2?J|K|\?25[lh]"  # those of `views/redraw.py`, of progress and of click's bar
_BENEATH = "  "  # what goes on on a line below
_BACK = r"\r(?=\x1b\[(?:K|\?25l))"  # to the start of a line that is written anew


def install() -> None:
    """Put the door before stdout and stderr, each where it is a terminal."""
    if sys.stdout.isatty() and not _has_door(sys.stdout):
        sys.stdout = _doored(sys.stdout)
    if sys.stderr.isatty() and not _has_door(sys.stderr):
        sys.stderr = _doored(sys.stderr)


def cleaned(text: str) -> str:
    """`text` as a terminal, or a pager on one, may have it."""
    from plaincrm.views.safe import safe

    if text.isprintable():
        return text
    parts = _ours().split(text)  # ours stand at the odd places
    return "".join(part if n % 2 else safe(part) for n, part in enumerate(parts))


def fitted(text: str, lead: str = "") -> str:
    """Talk for stderr. On a terminal that is narrower, what to type stands on lines of its own, and
    no word is broken. `lead` stands before it. A line that begins with a mark is laid out already.
    """
    if not sys.stderr.isatty():
        return text
    import shutil

    width = shutil.get_terminal_size().columns
    taken = len(lead)
    return "\n".join(_beneath(line, width, taken) for line in text.split("\n"))


def _beneath(text: str, width: int, taken: int) -> str:
    from plaincrm.views.table import columns, wrapped

    if taken + columns(text) <= width or not text[:1].isalnum():
        return text
    first, *parts = text.split("; ")
    # The lead is as wide as a word: a word in its place makes the first line end in time.
    begun = wrapped(f"{'x' * taken}{first}", width - len(_BENEATH))
    lines = [begun[0][taken:], *begun[1:]]
    for part in parts:
        lines += wrapped(part, width - len(_BENEATH))
    return f"\n{_BENEATH}".join(lines)


def put(data: bytes) -> None:
    """Data of records on stdout: the bytes as they are, or safe text where that is a terminal.

    None of plaincrm's own escape codes is among them, so none passes.
    """
    from plaincrm.views.safe import safe

    if sys.stdout.isatty():
        click.echo(safe(data.decode("utf-8", "backslashreplace")), nl=False)
    else:
        click.echo(data, nl=False)


def confirm(question: str, default: bool = False) -> bool:
    """Whether the user says yes, asked on stderr.

    The line editor writes its prompt past every stream, so the question is made safe here.
    """
    return click.confirm(_asked(question), default=default, err=True)


def prompt(question: str, default: str | None = None, **options: Any) -> Any:
    """What the user types; `options` are those of `click.prompt`."""
    return click.prompt(_asked(question), default, **options)


def _asked(question: str) -> str:
    from plaincrm.views.safe import safe

    return safe(question)


@cache
def _ours() -> re.Pattern[str]:
    return re.compile(rf"(\x1b\[(?:(?:{_COLOURS})m|{_DRAWING})|{_BACK})")


class _Door(io.RawIOBase):
    """Takes the bytes of a stream in UTF-8, and hands on the text made safe."""

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._terminal.isatty()

    def fileno(self) -> int:
        return self._terminal.fileno()

    def write(self, data: Any) -> int:
        taken = bytes(data)
        self._terminal.write(cleaned(self._decoder.decode(taken)))
        self._terminal.flush()
        return len(taken)


def _doored(terminal: TextIO) -> TextIO:
    if isinstance(terminal, io.TextIOWrapper):
        # A terminal that is not UTF-8 must not stop an answer.
        terminal.reconfigure(errors="backslashreplace")
    door: Any = _Door(terminal)
    return io.TextIOWrapper(door, "utf-8", "backslashreplace", newline="", line_buffering=True)


def _has_door(stream: TextIO) -> bool:
    return isinstance(getattr(stream, "buffer", None), _Door)
