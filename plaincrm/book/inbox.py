"""The folder `inbox/`: files to import, of any form, and Maildirs that a mail program delivers to.

What went in moves to `inbox/done/`, in folders as they were, so that nothing that was given is
lost. A file that is still being written (`.part`, a Maildir's `tmp/`) is left alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from plaincrm.book import atomic

FOLDER = "inbox"
DONE = "done"
_UNFINISHED = (".part", ".crdownload", ".tmp", ".download", "~")


class Inbox:
    """The inbox of the book at `root`. A missing folder is an empty inbox."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / FOLDER

    def waiting(self) -> tuple[str, ...]:
        """The files that wait, as paths relative to the book, sorted."""
        found = _walk(self.folder, top=True)
        return tuple(sorted(path.relative_to(self.root).as_posix() for path in found))

    def finish(self, path: str) -> Path:
        """Move a file that went in to `inbox/done/`, under a name that is free there; its new
        path.
        """
        source = self.root / path
        wanted = self.folder / DONE / source.relative_to(self.folder)
        with atomic.told("move", source):
            wanted.parent.mkdir(parents=True, exist_ok=True)
            place = next(
                each for each in _numbered(wanted) if not each.exists() and not each.is_symlink()
            )
            source.rename(place)
        atomic.sync_folder(place.parent)
        return place


def is_maildir(folder: Path) -> bool:
    return (folder / "cur").is_dir() and (folder / "new").is_dir()


def maildir(folder: Path) -> Iterator[Path]:
    """The mails of a Maildir, those read and the new ones, by name."""
    found = (path for name in ("cur", "new") for path in (folder / name).iterdir())
    return iter(sorted(path for path in found if path.is_file() and not path.name.startswith(".")))


def _walk(folder: Path, top: bool = False) -> Iterator[Path]:
    try:
        entries = list(os.scandir(folder))
    except OSError:  # no inbox, or one that may not be read
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name.endswith(_UNFINISHED) or entry.is_symlink():
            continue
        if entry.is_file(follow_symlinks=False):
            yield Path(entry.path)
        elif (
            entry.is_dir(follow_symlinks=False)
            and entry.name != "tmp"
            and not (top and entry.name == DONE)
        ):
            yield from _walk(Path(entry.path))


def _numbered(path: Path) -> Iterator[Path]:
    yield path
    yield from (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
