"""One writer per book at a time. Readers take no lock: a record is replaced whole, never seen
half.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from plaincrm.book.atomic import told
from plaincrm.book.private_folder import make_private
from plaincrm.errors import Overtaken

_PAUSE = 0.02  # seconds between two tries


class _Held(threading.local):
    """The locks that this thread has."""

    def __init__(self) -> None:
        self.paths: set[Path] = set()


_held = _Held()


@contextmanager
def writing(private: Path, timeout: float = 10.0) -> Iterator[None]:
    """Holds the book's lock; it is freed when the process ends, however it ends.

    May be nested within one thread. Raises Conflict after `timeout` seconds (0: at once).
    """
    path = make_private(private) / "lock"
    if path in _held.paths:
        yield
        return
    with told("take the lock", path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with told("take the lock", path):
            if not _taken(handle, timeout):
                raise Overtaken(f"another plaincrm is writing{_owner(private)}", "try again")
        _held.paths.add(path)
        _sign(private)
        yield
    finally:
        if path in _held.paths:
            _held.paths.remove(path)
            fcntl.flock(
                handle, fcntl.LOCK_UN
            )  # closing frees it only once no child has it open any more
        os.close(handle)


def _taken(handle: int, timeout: float) -> bool:
    """Takes the lock, waiting for it as long as that."""
    end = time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(_PAUSE)


def _sign(private: Path) -> None:
    """Leaves the process id beside the lock, for the message of whoever waits in vain."""
    with suppress(OSError):
        (private / "lock.pid").write_text(str(os.getpid()), encoding="ascii")


def _owner(private: Path) -> str:
    try:
        return f" (pid {int((private / 'lock.pid').read_text(encoding='ascii'))})"
    except (OSError, ValueError):
        return ""
