"""What a commit has besides the bytes of plain files: symbolic links, files that can be run,
submodules. They are put into the work tree without ever looking through a link, or over a file that
is not the one the commit had.

A link is made, since the book's own person may have committed it; nothing of plaincrm follows it.
Of a submodule there is a folder, and nothing in it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from plaincrm.book import atomic, inside
from plaincrm.book.git.client import Git
from plaincrm.book.git.trees import TreeRow
from plaincrm.core.merge.files import Version
from plaincrm.errors import Conflict

_LINK, _SUBMODULE, _PROGRAM, _PLAIN = "120000", "160000", "100755", "100644"


def special(rows: Iterable[TreeRow]) -> list[TreeRow]:
    """Those of the rows that writing bytes to a plain file does not bring about."""
    return [row for row in rows if _is_special(row)]


def is_plain(version: Version | None) -> bool:
    """Whether it is a file of bytes, or none at all."""
    return version is None or version.mode.startswith("100")


def confirm(git: Git, rows: Iterable[TreeRow]) -> None:
    """Raises Conflict where something else is in the place of a link or submodule to come, Refused
    for a path outside the book. Nothing is written.
    """
    for row in special(rows):
        place = inside.place_of_link(git.root, row.path)
        if is_plain(row.new) or not os.path.lexists(place):
            continue
        if is_plain(row.old) and row.old is not None:
            continue  # a plain file that the commit had: whoever writes it looks at its bytes
        if not _holds(git, place, row.old) and not _holds(git, place, row.new):
            what = "a link" if row.new and row.new.mode == _LINK else "a submodule"
            raise Conflict(
                f"{row.path} is in the way of {what} of that name which comes from the other end;"
                " nothing was changed",
                f"move yours away, or see who made theirs: git log --all -- {row.path}",
            )


def settle(git: Git, rows: Iterable[TreeRow]) -> None:
    """Brings the work tree to the new versions. What somebody put in their place since stays.

    Twice does no harm.
    """
    for row in special(rows):
        place = inside.place_of_link(git.root, row.path)
        with atomic.told("write", place):
            _settle(git, place, row)


def _is_special(row: TreeRow) -> bool:
    if not is_plain(row.old) or not is_plain(row.new):
        return True
    return row.new is not None and row.new.mode != (row.old.mode if row.old else _PLAIN)


def _settle(git: Git, place: Path, row: TreeRow) -> None:
    if is_plain(row.old) and is_plain(row.new):
        assert row.new is not None
        _set_mode(place, row.new.mode == _PROGRAM)
        return
    if row.old is not None and row.new != row.old and _holds(git, place, row.old):
        _remove(place, row.old)
    if row.new is None or os.path.lexists(place):
        return
    atomic.make_folder(place.parent)
    if row.new.mode == _LINK:
        place.symlink_to(os.fsdecode(_content(git, row.new)))
    elif row.new.mode == _SUBMODULE:
        place.mkdir()
    else:
        atomic.replace(place, _content(git, row.new), None)
        _set_mode(place, row.new.mode == _PROGRAM)


def _holds(git: Git, place: Path, version: Version | None) -> bool:
    """Whether what lies there is that version, and nothing of anybody's own."""
    if version is None or not os.path.lexists(place):
        return False
    if version.mode == _SUBMODULE:
        return place.is_dir() and not place.is_symlink() and not any(place.iterdir())
    if version.mode == _LINK:
        return place.is_symlink() and os.fsencode(place.readlink()) == _content(git, version)
    return not place.is_symlink() and atomic.present(place) == _content(git, version)


def _remove(place: Path, version: Version) -> None:
    if version.mode == _SUBMODULE:
        place.rmdir()
    else:
        place.unlink()


def _set_mode(place: Path, runs: bool) -> None:
    """Lets a file be run, or not, by whoever may read it. The bytes are not touched."""
    with suppress(FileNotFoundError):
        handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            status = os.fstat(handle)
            readers = (status.st_mode & 0o444) >> 2
            mode = stat.S_IMODE(status.st_mode)
            wanted = mode | readers if runs else mode & ~0o111
            if stat.S_ISREG(status.st_mode) and mode != wanted:
                os.fchmod(handle, wanted)
        finally:
            os.close(handle)


def _content(git: Git, version: Version) -> bytes:
    return git.blobs([version.blob])[0] or b""
