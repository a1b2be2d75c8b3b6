"""The folder `inbox/`: files to import, of any form, and Maildirs that a mail program delivers to.

What went in moves to `inbox/done/`, in folders as they were, so that nothing that was given is
lost. A file that is still being written (`.part`, a Maildir's `tmp/`) is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from plaincrm.book import atomic, inside

FOLDER = "inbox"
DONE = "done"
_UNFINISHED = (".part", ".crdownload", ".tmp", ".download", "~")


class Inbox:
    """The inbox of the book at `root`. A missing folder is an empty inbox."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def waiting(self) -> tuple[str, ...]:
        """The files that wait, as paths relative to the book, sorted."""
        found = (path for path, _ in inside.files(self.root, FOLDER))
        return tuple(sorted(path for path in found if _waits(path)))

    def finish(self, path: str) -> Path:
        """Move a file that went in to `inbox/done/`, under a name that is free there; its new
        path. Raises Refused where a folder on the way is a link.
        """
        source = inside.place(self.root, path)
        wanted = f"{FOLDER}/{DONE}/{path.removeprefix(f'{FOLDER}/')}"
        target = next(each for each in _numbered(wanted) if not inside.exists(self.root, each))
        place = inside.place(self.root, target)
        with atomic.told("move", source):
            atomic.make_folder(place.parent)
            inside.place(self.root, target)  # what was made just now is no link either
            source.rename(place)
            _not_to_be_run(place)
        atomic.sync_folder(place.parent)
        return place


def is_maildir(folder: Path) -> bool:
    return (folder / "cur").is_dir() and (folder / "new").is_dir()


def maildir(folder: Path) -> Iterator[Path]:
    """The mails of a Maildir, those read and the new ones, by name."""
    found = (path for name in ("cur", "new") for path in (folder / name).iterdir())
    return iter(sorted(path for path in found if path.is_file() and not path.name.startswith(".")))


def _waits(path: str) -> bool:
    """Whether a file of the inbox is to be imported: not yet in, and whole."""
    _, *folders, name = path.split("/")
    done = folders[:1] == [DONE]
    return not done and "tmp" not in folders and not name.endswith(_UNFINISHED)


def _not_to_be_run(place: Path) -> None:
    """Takes the right to be run from a file that came from outside."""
    mode = place.lstat().st_mode
    if mode & 0o111:
        place.chmod(mode & 0o666)


def _numbered(path: str) -> Iterator[str]:
    yield path
    folder, _, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, f".{ending}") if dot and stem else (name, "")
    yield from (f"{folder}/{stem}-{number}{ending}" for number in count(2))
