"""The one door to the files of a book: every path is taken below its root, and no link is followed.

A book, its remote, an archive or a mail may name any path. Here it is looked at part by part: it
has to stay below the root, no folder on the way may be a symbolic link or a git repo of its own,
and no part may be a name that git keeps for itself, on any system that the book may come to.
"""

# ruff: noqa: PTH114 (strings: a first index asks for a hundred thousand paths)
from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from plaincrm.book import atomic
from plaincrm.core.text.pattern import pattern
from plaincrm.errors import Refused

# Letters that macOS passes over in names, so that `.g\u200cit` would be git's own folder there.
_INVISIBLE = pattern("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_GITS_OWN = (".git", "git~1")  # the second is Windows' short name of the first


def place(root: Path, path: str) -> Path:
    """The absolute path of `path`, which has to lie in the book, no link on the way, itself
    included. Raises Refused.
    """
    return Path(within(str(root), path))


def place_of_link(root: Path, path: str) -> Path:
    """As `place`, for a path that may be a link itself: it is made or removed, never followed."""
    _checked(str(root), path, None)
    return root / path


def within(root: str, path: str, seen: set[str] | None = None) -> str:
    """As `place`, in the form that is cheap for many files; `seen` are folders that need no second
    look.
    """
    _checked(root, path, seen)
    whole = f"{root}/{path}"
    if os.path.islink(whole):
        raise _is_link(whole)
    return whole


def read(root: Path, path: str, seen: set[str] | None = None) -> bytes | None:
    """The bytes of a file of the book; None where there is none.

    Raises Refused for a path outside it, OSError (ELOOP) for a link, OSError where it can't be
    read.
    """
    _checked(str(root), path, seen)
    try:
        return atomic.read(f"{root}/{path}")
    except (FileNotFoundError, NotADirectoryError):
        return None


def files(root: Path, folder: str, *, hidden: bool = False) -> Iterator[tuple[str, os.stat_result]]:
    """The regular files below a folder of the book, sorted, each with its facts; `hidden` ones too.

    Links, folders that are repos of their own, and what can't be read are passed over.
    """
    for entry in listed(root, folder):
        if entry.name.startswith(".") and not hidden:
            continue
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from files(root, path, hidden=hidden)
        elif entry.is_file(follow_symlinks=False):
            yield path, entry.stat(follow_symlinks=False)


def listed(root: Path, folder: str) -> list[os.DirEntry[str]]:
    """What lies directly in a folder of the book, by name; nothing where the folder is a link, is
    not there, is a repo of its own, or may not be read.
    """
    try:
        _checked(str(root), f"{folder}/x" if folder else "x", None)
        with os.scandir(root / folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (OSError, Refused):
        return []


def is_folder(root: Path, path: str) -> bool:
    """Whether a real folder lies there, not a link to one."""
    try:
        _checked(str(root), path, None)
        return stat.S_ISDIR(os.lstat(root / path).st_mode)
    except (OSError, Refused):
        return False


def exists(root: Path, path: str) -> bool:
    """Whether anything has that name, a link to nowhere too. Raises Refused as `place` does."""
    return os.path.lexists(place_of_link(root, path))


def refuse_folder(root: Path, folder: str) -> None:
    """Raises Refused where a folder of the book is a link, or lies behind one."""
    _checked(str(root), f"{folder}/x", None)


def is_gits_own(name: str) -> bool:
    """Whether git, somewhere, takes a name of a file or folder for its own."""
    if name.isascii() and "git" not in name.casefold():
        return False
    for part in _INVISIBLE.sub("", name).casefold().split("\\"):
        bare = part.partition(":")[0].rstrip(" .")
        if bare in _GITS_OWN:
            return True
    return False


def _checked(root: str, path: str, seen: set[str] | None) -> None:
    """Raises Refused unless the path names something in the book, behind no link."""
    folder, _, name = path.rpartition("/")
    if seen is not None and folder in seen:
        if name in ("", ".", "..") or "\0" in name or is_gits_own(name):
            raise Refused(f"{path!r} is no path inside the book")
        return
    parts = path.split("/")
    if "\0" in path or any(part in ("", ".", "..") for part in parts):
        raise Refused(f"{path!r} is no path inside the book")
    if any(map(is_gits_own, parts)):
        raise Refused(f"{path!r} is a name that git keeps for itself")
    for end in range(1, len(parts)):
        _refuse(f"{root}/{'/'.join(parts[:end])}")
    if seen is not None:
        seen.add(folder)


def _refuse(folder: str) -> None:
    """Raises Refused for a folder that leads elsewhere."""
    if os.path.islink(folder):
        raise _is_link(folder)
    if os.path.lexists(f"{folder}/.git"):
        said = f"{folder} is a git repo of its own; its files are not this book's"
        raise Refused(said, "keep the book's records outside of it")


def _is_link(path: str) -> Refused:
    said = f"{path} is a symbolic link; plaincrm follows none"
    return Refused(said, f"rm {path} takes the link away, not what it leads to")
