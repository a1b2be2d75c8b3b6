"""Which files of the book are records: one rule, for every way of finding them.

A record is a regular `*.md` file under a kind's folder, at any depth, whose name does not begin with `.` or
`_`, that is no symbolic link nor below one, and that git does not ignore. What a user would miss (a link, an
unreadable folder) is told as a Problem; what vanishes while we look is left out.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plaincrm.errors import Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """A record's file. `path` is relative to the book, with `/`; times in nanoseconds, `size` in bytes."""

    kind: str
    id: str
    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


@dataclass(slots=True)
class Scan:
    """The records of a book, sorted folder by folder; and what was left out though it looks like one."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignore_files: list[str] = field(default_factory=list)


Ignored = Callable[[Scan], frozenset[str]]


def scan(root: Path, folders: Mapping[str, str], ignored: Ignored | None = None) -> Scan:
    """Finds the records of the kinds in `folders` (kind → folder, relative to the book, with `/`).

    `ignored` gets what was found and answers which paths git ignores, folders ending in `/`: see ignores.py.
    """
    found = Scan()
    for kind, folder in folders.items():
        _walk(root, kind, folder.strip("/"), found, top=True)
    if ignored is not None and found.entries and (hidden := ignored(found)):
        found.entries = [entry for entry in found.entries if not _hidden(entry.path, hidden)]
    return found


def is_record(name: str) -> bool:
    """Whether a regular file of this name, in a kind's folder, is a record."""
    return name.endswith(".md") and name[0] not in "._" and name != ".md"


def _walk(root: Path, kind: str, folder: str, found: Scan, *, top: bool = False) -> None:
    if top and (root / folder).is_symlink():
        found.problems.append(_link(folder))
        return
    for entry in _list(root, folder, found):
        path = f"{folder}/{entry.name}"
        if entry.is_symlink():
            if is_record(entry.name) or entry.is_dir():
                found.problems.append(_link(path))
        elif entry.is_dir(follow_symlinks=False):
            if entry.name != ".git":
                _walk(root, kind, path, found)
        elif entry.name == ".gitignore":
            found.ignore_files.append(path)
        elif is_record(entry.name) and entry.is_file(follow_symlinks=False):
            found.entries.extend(_entry(kind, path, entry))


def _list(root: Path, folder: str, found: Scan) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(root / folder) as entries:
            return sorted(entries, key=_name)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        why = f"can't be read: {(error.strerror or str(error)).lower()}"
        found.problems.append(_left_out(folder, "unreadable", why))
        return []


def _entry(kind: str, path: str, entry: os.DirEntry[str]) -> Iterator[Entry]:
    try:
        st = entry.stat(follow_symlinks=False)
    except OSError:  # vanished since it was listed
        return
    yield Entry(kind, entry.name[:-3], path, st.st_size, st.st_mtime_ns, st.st_ctime_ns, st.st_ino)


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _hidden(path: str, hidden: frozenset[str]) -> bool:
    """Whether git ignores the path itself or a folder that it lies in."""
    if path in hidden:
        return True
    ends = (place + 1 for place, letter in enumerate(path) if letter == "/")
    return any(path[:end] in hidden for end in ends)


def _link(path: str) -> Problem:
    return _left_out(path, "symlink", "a symbolic link; what it points to is not read")


def _left_out(path: str, code: str, why: str) -> Problem:
    return Problem(path, 1, 1, code, f"left out: {why}", level="warning")
