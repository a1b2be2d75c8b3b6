"""One writer per book at a time. Readers take no lock: a record is replaced whole, never seen half."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from plaincrm.book.files import told
from plaincrm.book.place import make_private
from plaincrm.errors import Conflict


@contextmanager
def writing(private: Path, timeout: float = 10.0) -> Iterator[None]:
    """Holds the book's lock; it is freed when the process ends, however it ends.

    May be nested within one thread. Raises Conflict after `timeout` seconds (0: at once).
    """
    from filelock import FileLock, Timeout

    path = make_private(private) / "lock"
    lock = FileLock(path, mode=0o600, is_singleton=True)
    with told("take the lock", path):
        try:
            lock.acquire(timeout=timeout)
        except Timeout:
            raise Conflict(f"another plaincrm is writing{_owner(private)}", "try again") from None
    try:
        _sign(private)
        yield
    finally:
        lock.release()


def _sign(private: Path) -> None:
    """Leaves the process id beside the lock, for the message of whoever waits in vain."""
    with suppress(OSError):
        (private / "lock.pid").write_text(str(os.getpid()), encoding="ascii")


def _owner(private: Path) -> str:
    try:
        return f" (pid {int((private / 'lock.pid').read_text(encoding='ascii'))})"
    except (OSError, ValueError):
        return ""
