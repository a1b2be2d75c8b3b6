"""Where a book keeps what belongs to this machine only: lock, journal, cache.

That is git's private folder (what `git rev-parse --git-path plaincrm` prints), or the user's cache
folder where the book is no git repo; never the work tree. The `.git` entry is found here by walking
up, as git does it, because starting git only to learn a path would double the cost of a warm query.
"""

from __future__ import annotations

import os
from pathlib import Path

from plaincrm.book.atomic import told
from plaincrm.core.value_class import value

JOURNAL = "journal"


@value
class Repo:
    """A git work tree. `folder` is its own git folder; `common` the one that linked work trees
    share.
    """

    work_tree: Path
    folder: Path
    common: Path


def find_repo(root: Path) -> Repo | None:
    """The git repo that `root` lies in, or None. Reads a few small files, starts nothing."""
    here = Path(os.path.realpath(root))
    for candidate in (here, *here.parents):
        folder = _git_folder(candidate / ".git")
        if folder is not None:
            return Repo(candidate, folder, _common_folder(folder))
    return None


def private_folder(root: Path, repo: Repo | None = None) -> Path:
    """The absolute private folder of the book at `root`. It need not exist yet: see `make_private`.

    A book below its repo's root gets a folder of its own, since two books may share one repo.
    """
    here = Path(os.path.realpath(root))
    repo = repo or find_repo(here)
    if repo is None:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return caches.absolute() / "plaincrm" / _digest(str(here))
    shared = repo.folder / "plaincrm"
    return (
        shared
        if repo.work_tree == here
        else shared / _digest(str(here.relative_to(repo.work_tree)))
    )


def make_private(private: Path) -> Path:
    """Makes the private folder, readable by its owner only. Raises PlaincrmError where that is
    impossible.
    """
    with told("make the folder", private):
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
    return private


def pending(private: Path) -> bool:
    """Whether a journal lies there: some writer is at work, or died. One stat."""
    return holds(private, JOURNAL)


def holds(private: Path, name: str) -> bool:
    """Whether there is such a file. None is seen in the folder of somebody else, as after `sudo
    plaincrm`: reading goes on without it, and the lock, which a writer takes first, says why."""
    return os.path.exists(private / name)  # noqa: PTH110 (Path.exists raises there)


def _git_folder(entry: Path) -> Path | None:
    """What `.git` stands for: itself, or the folder that the file `.git` of a linked work tree
    names.
    """
    if os.path.lexists(
        entry / "HEAD"
    ):  # of old, HEAD was a link to a branch that need not exist yet
        return entry
    target = _first_line(entry)
    if target is None or not target.startswith("gitdir:"):
        return None
    folder = Path(os.path.realpath(entry.parent / target.removeprefix("gitdir:").strip()))
    return folder if os.path.lexists(folder / "HEAD") else None


def _common_folder(folder: Path) -> Path:
    target = _first_line(folder / "commondir")
    return Path(os.path.realpath(folder / target)) if target else folder


def _first_line(path: Path) -> str | None:
    try:
        return os.fsdecode(path.read_bytes()).partition("\n")[0].rstrip("\r")
    except OSError:
        return None


def _digest(text: str) -> str:
    from hashlib import sha256

    return sha256(os.fsencode(text)).hexdigest()[:16]
