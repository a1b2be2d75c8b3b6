"""A whole file system made durable in one go, as many files want it: one wait for the disk, not one a file."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from plaincrm.book.files import told


def can_sync_all() -> bool:
    """Whether the system can do it, and tells of errors. Linux can."""
    return _libc() is not None


def sync_all(root: Path) -> None:
    """Makes durable all that was written to the file system that `root` lies on. Raises PlaincrmError."""
    with told("write", root):
        handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            syncfs(handle)
        finally:
            os.close(handle)


def syncfs(handle: int) -> None:
    """The system call, which Python has no name for."""
    import ctypes

    if _libc().syncfs(handle):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


@cache
def _libc() -> Any:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    return libc if hasattr(libc, "syncfs") else None
