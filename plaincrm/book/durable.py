"""Many files brought to the disk: all staged, then all renamed, a crowd of them with one wait for
each step.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from plaincrm.book import atomic, inside
from plaincrm.book.file_change import Versions

CROWD = 32  # files from which on the disk takes them all in less time than one by one


def put(
    root: Path, changes: Sequence[Versions], staged: dict[str, str], done: list[Versions]
) -> None:
    """Brings every file from its old version to its new one, durably; deletions last.

    `staged` and `done` tell on an error how far it came: hidden files by path, and what has its new
    version.
    """
    together = len(changes) >= CROWD and can_sync_all()
    seen: set[str] = set()
    first = _making_room(changes)
    for change in first:
        _swap(root, change, None, done)
        _take_empty_folders(root, change.path)
    for change in changes:
        if change.new is not None:
            place = Path(inside.within(str(root), change.path, seen))
            staged[change.path] = str(atomic.stage(place, change.new, durable=not together))
    if together:
        sync_all(root)
    left = [change for change in changes if change not in first] if first else changes
    for change in sorted(left, key=lambda change: change.path not in staged):
        _swap(root, change, staged.get(change.path), done)
    if together:
        sync_all(root)
    else:
        folders = {(root / change.path).parent for change in changes}
        for folder in folders if not first else filter(Path.is_dir, folders):
            atomic.sync_folder(folder)


def above(path: str) -> list[str]:
    """The folders that a path lies in, the topmost first."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _making_room(changes: Sequence[Versions]) -> list[Versions]:
    """The files that go where a folder comes, and those of a folder that goes where a file comes.

    Both are rare, so that the paths alone are looked at first.
    """
    paths = {change.path for change in changes}
    both = paths.intersection(folder for path in paths for folder in above(path))
    if not both:
        return []
    return [
        change
        for change in changes
        if (change.path in both or not both.isdisjoint(above(change.path))) and change.new is None
    ]


def _take_empty_folders(root: Path, path: str) -> None:
    for folder in reversed(above(path)[1:]):
        with suppress(OSError):  # another file in it goes next, or somebody put one there
            inside.place(root, folder).rmdir()


def _swap(root: Path, change: Versions, staged: str | None, done: list[Versions]) -> None:
    if staged is not None:
        atomic.swap_in(Path(staged), root / change.path, change.old)
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
