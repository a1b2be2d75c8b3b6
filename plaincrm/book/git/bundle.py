"""A backup: the whole history of a book in one file, which git calls a bundle.

It is proved before it takes its name: cloned into a folder of its own, and compared with what it
was made of.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from plaincrm.book import atomic
from plaincrm.book.git.answers import failure
from plaincrm.book.git.client import Git
from plaincrm.errors import GitFailed, PlaincrmError, Refused

_HEAD = b"# v"  # how every bundle begins: `# v2 git bundle`
_ENDING = b"git bundle\n"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: its bytes, commits and files, and the commit it was made of; `left_out`
    are files with changes that no commit holds.
    """

    path: Path
    size: int
    commits: int
    files: int
    head: str
    left_out: tuple[str, ...]


def backup(git: Git, path: Path, private: Path) -> Backup:
    """Write the history of the repo to `path` and restore it once, to see that it can be.

    Raises Refused where `path` holds something else, PlaincrmError where there is nothing to back
    up or what was restored differs, GitFailed.
    """
    head = git.head()
    if head is None:
        raise PlaincrmError("there is no commit yet, so there is nothing to back up")
    before = atomic.present(path, largest=atomic.ANY_SIZE)
    if before is not None and not _is_bundle(before):
        raise Refused(f"{path} holds something else; nothing written", "name another file")
    atomic.make_folder(private)
    with tempfile.TemporaryDirectory(dir=private, prefix="backup-") as folder:
        new = Path(folder) / "book.bundle"
        git.run("bundle", "create", "-q", str(new), "HEAD", "--branches", "--tags")
        files = _restored(git, new, Path(folder) / "restored", head)
        data = atomic.read(new, largest=atomic.ANY_SIZE)
        atomic.replace(path, data, before)
    commits = int(git.run("rev-list", "--count", "HEAD").strip())
    return Backup(path, len(data), commits, files, head, tuple(sorted(git.status())))


def _is_bundle(data: bytes) -> bool:
    return data.startswith(_HEAD) and data.partition(b"\n")[0].endswith(_ENDING.strip())


def _restored(git: Git, bundle: Path, folder: Path, head: str) -> int:
    """How many files the restored book has. Raises PlaincrmError where it is not the same."""
    answer = git.call("clone", "-q", "--bare", str(bundle), str(folder))
    if answer.code:
        raise failure("clone", answer)
    where = f"--git-dir={folder}"
    there = git.call(where, "rev-parse", "HEAD").out.decode().strip()
    sound = git.call(where, "fsck", "--no-dangling", "--no-progress")
    if there != head or sound.code:
        raise PlaincrmError(
            "the backup could not be restored to what it was made of; nothing was written",
            "git fsck looks whether the book's own repo is sound",
        )
    listed = git.call(where, "ls-tree", "-r", "--name-only", "-z", "HEAD")
    if listed.code:
        raise GitFailed("the restored backup has no files")
    return listed.out.count(b"\0")
