"""Which files on the disk are records now.

A record is a regular `*.md` file under a kind's folder, at any depth, whose name may be a record's
(`core/records/file_names.py`), that is no symbolic link nor below one, that lies in no git repo of
its own, and that git does not ignore. What a user would miss (a link, a copy, an unreadable folder)
is told as a Problem; what vanishes while we look is left out.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from zlib import crc32

from plaincrm.core.records.file_names import copies, has_record_name
from plaincrm.core.text.text_file import path_in
from plaincrm.core.value_class import value
from plaincrm.errors import Problem

_63_BITS = (1 << 63) - 1


@value
class ScannedFile:
    """A record's file. `path` is relative to the book, with `/`; times in nanoseconds, `size` in
    bytes.
    """

    kind: str
    id: str
    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class Listing:
    """The record files directly in one folder, in the order of the disk.

    `stats` holds mtime_ns, ctime_ns, size and inode of each in turn: plain numbers, since a hundred
    thousand objects would cost more than the system calls.
    """

    def __init__(self, kind: str, names: list[str], stats: array[int]) -> None:
        self.kind, self.names, self.stats = kind, names, stats

    def stat(self) -> dict[str, tuple[int, ...]]:
        """Name to mtime_ns, ctime_ns, size, inode."""
        four = iter(self.stats)
        return dict(zip(self.names, zip(four, four, four, four, strict=True), strict=True))

    def without(self, hidden: Callable[[str], bool]) -> Listing:
        kept = {name: stat for name, stat in self.stat().items() if not hidden(name)}
        return Listing(
            self.kind, list(kept), array("q", (n for stat in kept.values() for n in stat))
        )


class Scan:
    """The records of a book, folder by folder; and what was left out though it looks like one."""

    def __init__(self) -> None:
        self.folders: dict[str, Listing] = {}
        self.problems: list[Problem] = []
        self.ignore_files: list[str] = []

    @property
    def entries(self) -> list[ScannedFile]:
        """Every record, sorted folder by folder."""
        found = [
            entry for folder, listing in self.folders.items() for entry in _entries(folder, listing)
        ]
        kinds = {kind: place for place, kind in enumerate(dict.fromkeys(e.kind for e in found))}
        return sorted(found, key=lambda entry: (kinds[entry.kind], order(entry.path)))


Ignored = Callable[[Scan], frozenset[str]]


class ScanShare:
    """A part of a kind's folder: of its sub-folders every one whose turn it is, and the files above
    them or not.
    """

    def __init__(self, turn: int = 0, turns: int = 1, top: bool = True) -> None:
        self.turn, self.turns, self.top = turn, turns, top

    def has(self, top: str, folder: str) -> bool:
        """Whether `folder`, which is `top` or lies below it, belongs to the share."""
        below = folder[len(top) + 1 :].partition("/")[0]
        return crc32(os.fsencode(below)) % self.turns == self.turn if below else self.top


WHOLE = ScanShare()


def scan(
    root: Path, folders: Mapping[str, str], ignored: Ignored | None = None, mine: ScanShare = WHOLE
) -> Scan:
    """Finds the records of the kinds in `folders` (kind → folder, relative to the book, with `/`),
    or a share of them.

    `ignored` gets what was found and answers which paths git ignores, folders ending in `/`: see
    ignores.py.
    """
    found = Scan()
    for kind, folder in folders.items():
        top = folder.strip("/")
        if top and (root / top).is_symlink():
            found.problems.append(_link(top))
        else:
            _walk(f"{root}/", kind, top, found, partial(mine.has, top))
    if ignored is not None and found.folders and (hidden := ignored(found)):
        found.folders = {
            folder: _shown(listing, folder, hidden) for folder, listing in found.folders.items()
        }
    return found


def order(path: str) -> list[str]:
    """What paths are sorted by: folder by folder, so that `a/b.md` stands where `a` does."""
    return path.split("/")


def _walk(root: str, kind: str, folder: str, found: Scan, mine: Callable[[str], bool]) -> None:
    """Notes the records in `folder` and below it, as far as they are `mine`."""
    here = mine(folder)
    entries = _list(root, folder, found if here else Scan())
    if folder and any(entry.name == ".git" for entry in entries):
        if here:
            found.problems.append(_nested(folder))
        return
    below = _records(kind, folder, entries, found) if here else _folders(entries)
    for name in sorted(below) if folder else ():  # the book's own folder is itself alone
        if name[0] != "." and mine(f"{folder}/{name}"):
            _walk(root, kind, f"{folder}/{name}", found, mine)


def _records(kind: str, folder: str, entries: list[os.DirEntry[str]], found: Scan) -> list[str]:
    """Notes the records among the entries of `folder`; gives the names of the folders there."""
    names: list[str] = []
    stats: list[int] = []
    below: list[str] = []
    for entry in entries:
        name = entry.name
        if name.endswith(".md") and name[0] not in "._" and entry.is_file(follow_symlinks=False):
            try:
                st = entry.stat(follow_symlinks=False)
            except OSError:  # vanished since it was listed
                continue
            names.append(name)
            stats += (st.st_mtime_ns, st.st_ctime_ns, st.st_size, st.st_ino)
        elif entry.is_dir(follow_symlinks=False):
            below.append(name)
        else:
            _other(entry, path_in(folder, name), found)
    if names:
        listing = Listing(kind, names, _numbers(stats))
        copied = copies(names)
        found.problems += [_copy(folder, *each) for each in sorted(copied.items())]
        found.folders[folder] = listing.without(copied.__contains__) if copied else listing
    return below


def _folders(entries: list[os.DirEntry[str]]) -> list[str]:
    return [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]


def _other(entry: os.DirEntry[str], path: str, found: Scan) -> None:
    """What is neither a record nor a folder: a link that looks like one is told, rules to ignore
    are noted.
    """
    if entry.is_symlink():
        if has_record_name(entry.name) or entry.is_dir():
            found.problems.append(_link(path))
    elif entry.name == ".gitignore":
        found.ignore_files.append(path)


def _list(root: str, folder: str, found: Scan) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(root + folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        why = f"can't be read: {(error.strerror or str(error)).lower()}"
        found.problems.append(left_out(folder, "unreadable", why))
        return []


def _numbers(stats: list[int]) -> array[int]:
    try:
        return array("q", stats)
    except OverflowError:  # some file systems have inodes of 64 bits
        return array("q", [number & _63_BITS for number in stats])


def _entries(folder: str, listing: Listing) -> Iterator[ScannedFile]:
    for name, (mtime, ctime, size, inode) in listing.stat().items():
        yield ScannedFile(listing.kind, name[:-3], path_in(folder, name), size, mtime, ctime, inode)


def _shown(listing: Listing, folder: str, hidden: frozenset[str]) -> Listing:
    """The listing without what git ignores."""
    return listing.without(lambda name: _hidden(path_in(folder, name), hidden))


def _hidden(path: str, hidden: frozenset[str]) -> bool:
    """Whether git ignores the path itself or a folder that it lies in."""
    if path in hidden:
        return True
    ends = (place + 1 for place, letter in enumerate(path) if letter == "/")
    return any(path[:end] in hidden for end in ends)


def _link(path: str) -> Problem:
    return left_out(path, "symlink", "a symbolic link; what it points to is not read")


def _nested(folder: str) -> Problem:
    return left_out(folder, "nested-repo", "a git repo of its own; its files are not this book's")


def _copy(folder: str, name: str, of: str) -> Problem:
    why = f"a copy of {of} that another program made"
    hint = "plaincrm check --fix merges it into the record; or give it a name of its own"
    return Problem(path_in(folder, name), 1, 1, "copy", f"left out: {why}", hint, "warning", True)


def left_out(path: str, code: str, why: str) -> Problem:
    """The problem of a file or folder that is not read as a record, and why not."""
    return Problem(path, 1, 1, code, f"left out: {why}", level="warning")
