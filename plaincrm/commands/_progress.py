"""A line on the terminal while a first reading of many files takes longer than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

PATIENCE = 1.0  # seconds before anything is said


def on_terminal() -> Callable[[str, int, int], None]:
    """A function to be told `(what, done, of all)` now and then; the line is gone when all are
    done.
    """
    began = time.monotonic()
    said = False

    def tell(what: str, done: int, count: int) -> None:
        nonlocal said
        if done < count and time.monotonic() - began > PATIENCE:
            sys.stderr.write(f"\r\033[Kreading {what}: {done:,} of {count:,}")
            said = True
        elif done >= count and said:
            sys.stderr.write("\r\033[K")
            said = False
        sys.stderr.flush()

    return tell
