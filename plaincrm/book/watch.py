"""Told by the system when files of a book are saved, and when it is quiet again; the home of
watchdog.

It says only that there is reason to look: what changed is found by looking at the files, as every
command does. So nothing is wrong where an event is lost, or where there are none: see
`Watch.polling`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Self

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from plaincrm.book import private_folder

QUIET = 0.025  # seconds without an event after which a save counts as done
WRITING = 0.1  # and while a file that was written to is not closed; not all systems tell of that
MOST = 0.5  # seconds after which a burst is shown though it goes on
HELD = 10.0  # and as long while git or plaincrm itself is at it: a checkout is one change
LULL = 0.5  # within such a change, a pause that shows that the lock is a forgotten one
CHANGES: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileClosedEvent,
    FileDeletedEvent,
    FileMovedEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
]
_PASSING = (
    "*~",
    "#*#",
    "*.sw?",
    "*.tmp",
    "4913",
)  # backups, swap files, and vim's trial whether it may write
_HANDLES = Path("/proc/self/fdinfo")
_PAIRING = {  # where watchdog holds renames back, to tell them from deletions: by version
    "watchdog.observers.inotify_move_event_grouper": "InotifyMoveEventGrouper",
    "watchdog.observers.inotify_buffer": "InotifyBuffer",
}


def matters(path: str) -> bool:
    """Whether a file of this path in the book, with `/`, can be part of an answer: not so hidden
    files and folders (`.git`, `.plaincrm-*.tmp`, swap files, `.#locks`), backups, and what editors
    make in passing.
    """
    *folders, name = path.split("/")
    if any(folder.startswith(".") for folder in folders):
        return False
    return name == ".gitignore" or not (
        name.startswith(".") or any(fnmatch(name, each) for each in _PASSING)
    )


class Watch(FileSystemEventHandler):
    """The files of the book at `root`, watched between `__enter__` and `__exit__`.

    `polling` says, once entered, why there are no events and the files must be looked at now and
    then; "" where there are. Folders that are linked are not watched, as no records are read from
    them.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.polling = ""
        self._prefix = f"{root}/"
        self._saved = Event()
        self._refolded = False
        self._open: set[str] = set()
        self._observer: BaseObserver | None = None
        self._watches: dict[str, tuple[int, ObservedWatch]] = {}
        repo = private_folder.find_repo(root)
        self._busy = [
            private_folder.private_folder(root, repo) / private_folder.JOURNAL,
            *([repo.folder / "index.lock"] if repo else []),
        ]

    def __enter__(self) -> Self:
        logging.getLogger("watchdog").addHandler(logging.NullHandler())
        _pair_at_once()
        try:
            self._observer = Observer()
            self._observer.schedule(self, str(self.root), event_filter=CHANGES)
            self._observer.start()
            self._follow()
        except OSError as error:
            self._poll(error.strerror or str(error))
        return self

    def __exit__(self, *_: object) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            with suppress(RuntimeError):  # never started
                observer.join()

    def wait(self, seconds: float) -> bool:
        """Wait for a save, at most so long, and for the quiet after it: whether there was one."""
        if not self._saved.wait(seconds):
            return False
        self._settle()
        if self._refolded:
            self._refolded = False
            try:
                self._follow()
            except OSError as error:
                self._poll(error.strerror or str(error))
        return True

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by watchdog in a thread of its own."""
        paths = [os.fsdecode(path) for path in (event.src_path, event.dest_path) if path]
        if any(matters(path.removeprefix(self._prefix)) for path in paths):
            self._refolded = self._refolded or event.is_directory
            change = (
                self._open.add
                if event.event_type in ("created", "modified")
                else self._open.discard
            )
            change(paths[0])
            self._saved.set()

    def _settle(self) -> None:
        start = last = monotonic()
        held = self._held()
        while monotonic() - start < (HELD if held else MOST):
            self._saved.clear()
            if self._saved.wait(WRITING if self._open else QUIET):
                last = monotonic()
            elif not held or monotonic() - last > LULL:
                break
            held = self._held()
        self._open.clear()

    def _held(self) -> bool:
        return any(os.path.lexists(path) for path in self._busy)

    def _follow(self) -> None:
        """Watch the folders of the book that there are now. `.git` alone would be more than all
        records.

        Raises OSError where the system can't watch them all.
        """
        assert self._observer is not None
        found = dict(_folders(self.root))
        for path, (inode, watch) in list(self._watches.items()):
            if found.get(path) != inode:
                self._observer.unschedule(watch)
                del self._watches[path]
        for path in found.keys() - self._watches.keys():
            with suppress(FileNotFoundError):
                watch = self._observer.schedule(self, path, recursive=True, event_filter=CHANGES)
                self._watches[path] = (found[path], watch)
        if _watched() < 1 + sum(1 for top in self._watches for _ in _below(top)):
            raise OSError("no inotify watches are left")

    def _poll(self, why: str) -> None:
        self.__exit__()
        self.polling = why
        self._saved.clear()


def _folders(root: Path) -> Iterator[tuple[str, int]]:
    with os.scandir(root) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                yield entry.path, entry.inode()


def _below(top: str) -> Iterator[str]:
    """A folder and those below it that may be watched."""
    return (folder for folder, _, _ in os.walk(top) if os.access(folder, os.R_OK))


def _watched() -> float:
    """How many folders the kernel watches for this process: watchdog passes over those that it
    could not add.

    Endless where the system doesn't tell, which is where it has no such limit.
    """
    if not _HANDLES.is_dir():
        return float("inf")
    count = 0
    for handle in _HANDLES.iterdir():
        with suppress(OSError):
            count += sum(
                line.startswith("inotify ")
                for line in handle.read_text("ascii", "replace").splitlines()
            )
    return count


def _pair_at_once() -> None:
    """Have watchdog tell of a rename at once: it waits half a second for a second event that has
    come long since.
    """
    for module, name in _PAIRING.items():
        with suppress(ImportError, AttributeError):
            getattr(import_module(module), name).delay = 0.01
