"""Many files in one commit, in time that grows with their number and no faster.

`git add` and `git commit` compare each file with each path that they are given: of 20,000 files
that is the whole time. So the files are told to `git update-index`, which looks at nothing else,
and the commit is of the whole index; what somebody else staged there is kept out of it by a copy of
the index that is without it. Their contents go into a few packs, each on the disk after one wait
for it, not one a file.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from plaincrm.book.git.answers import listed
from plaincrm.book.private_folder import Repo

_ONE_PACK = ("core.bigFileThreshold=1",)  # what is larger than that git adds to one pack
_BATCH = 8000  # files a pack: git looks for each among all that are in it already


class _Git(Protocol):
    """What a bulk commit needs of `client.Git`."""

    repo: Repo

    @property
    def prefix(self) -> str: ...
    def head(self) -> str | None: ...
    def record(self, message: str, *, index: Path | None = None) -> str | None: ...
    def run(
        self,
        *args: str,
        input: bytes | None = None,
        settings: Sequence[str] = (),
        index: Path | None = None,
    ) -> bytes: ...


def commit(git: _Git, paths: Sequence[str], message: str) -> str | None:
    """Commits the present state of exactly `paths`, which differ from the last commit and are not
    ignored. The commit's id. Raises GitFailed."""
    if not paths:
        return None
    for start in range(0, len(paths), _BATCH):
        some = listed(paths[start : start + _BATCH])
        git.run(
            "update-index", "-z", "--add", "--remove", "--stdin", input=some, settings=_ONE_PACK
        )
    prefix = git.prefix
    mine = {f"{prefix}{path}".encode("utf-8", "surrogateescape") for path in paths}
    staged = list(_staged(git))
    others = [entry for entry, path in staged if path not in mine]
    if len(others) == len(staged):
        return None
    with _without(git, others) as index:
        return git.record(message, index=index)


def _staged(git: _Git) -> Iterator[tuple[bytes, bytes]]:
    """What the index has and the last commit has not: the line that would take it back, and its
    path.
    """
    before = git.head() or git.run("hash-object", "-t", "tree", "--stdin").decode().strip()
    parts = git.run(
        "diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", before
    ).split(b"\0")
    for said, path in zip(parts[::2], parts[1::2], strict=False):
        mode, _, id, _, _ = said.lstrip(b":").split(b" ")
        yield (b"0" if mode == b"000000" else mode) + b" " + id + b"\t" + path, path


@contextmanager
def _without(git: _Git, entries: Sequence[bytes]) -> Iterator[Path | None]:
    """A copy of the index that has the `entries` as the last commit has them; None if there are
    none.
    """
    if not entries:
        yield None
        return
    copy = git.repo.folder / "plaincrm-index"
    try:
        shutil.copyfile(git.repo.folder / "index", copy)
        git.run("update-index", "-z", "--index-info", input=b"\0".join([*entries, b""]), index=copy)
        yield copy
    finally:
        copy.unlink(missing_ok=True)
