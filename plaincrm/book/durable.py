"""Many files brought to the disk: all staged, then all renamed, a crowd of them with one wait for
each step.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from plaincrm.book import atomic
from plaincrm.book.file_change import Versions

CROWD = 32  # files from which on the disk takes them all in less time than one by one


def put(
    root: Path, changes: Sequence[Versions], staged: dict[str, Path], done: list[Versions]
) -> None:
    """Brings every file from its old version to its new one, durably; deletions last.

    `staged` and `done` tell on an error how far it came: hidden files by path, and what has its new
    version.
    """
    together = len(changes) >= CROWD and can_sync_all()
    for change in changes:
        if change.new is not None:
            staged[change.path] = atomic.stage(root / change.path, change.new, durable=not together)
    if together:
        sync_all(root)
    for change in sorted(changes, key=lambda change: change.path not in staged):
        _swap(root, change, staged.get(change.path), done)
    if together:
        sync_all(root)
    else:
        for folder in {(root / change.path).parent for change in changes}:
            atomic.sync_folder(folder)


def _swap(root: Path, change: Versions, staged: Path | None, done: list[Versions]) -> None:
    if staged is not None:
        atomic.swap_in(staged, root / change.path, change.old)
    elif change.old is not None:
        atomic.unlink(root / change.path, change.old)
    done.append(change)


def can_sync_all() -> bool:
    """Whether the system can do it, and tells of errors. Linux can."""
    return _libc() is not None


def sync_all(root: Path) -> None:
    """Makes durable all that was written to the file system that `root` lies on. Raises
    PlaincrmError.
    """
    with atomic.told("write", root):
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
