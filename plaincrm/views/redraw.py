"""A view that is drawn again and again on one screen."""

from __future__ import annotations

from shutil import get_terminal_size

_HOME, _CLEAR, _REST_OF_LINE, _REST = "\033[H", "\033[2J", "\033[K", "\033[J"


def drawn(text: str, foot: str, *, first: bool) -> str:
    """`text` from the top of the terminal, over what stood there, and a last line.

    What doesn't fit is counted, not shown; nothing flickers, since only the first time all is
    cleared before.
    """
    lines = text.splitlines()
    room = max(get_terminal_size().lines - 2, 1)
    if len(lines) > room:
        lines = [*lines[: room - 1], f"… {len(lines) - room + 1} more lines"]
    start = _CLEAR + _HOME if first else _HOME
    return start + "".join(f"{line}{_REST_OF_LINE}\n" for line in [*lines, foot]) + _REST
