"""What state a repo is in, seen by a look at a few of git's files: a merge under way, no branch, a
history that is cut, a checkout that is not whole.

Nothing here starts git, so every writing command can afford to ask.
"""

from __future__ import annotations

import re
from pathlib import Path

from plaincrm.book.private_folder import Repo
from plaincrm.core.value_class import value
from plaincrm.errors import Conflict

CUT = "history is cut here: this clone is shallow"
DEEPEN = "git fetch --unshallow brings the rest"


@value
class UnfinishedOperation:
    """Something that the user began with git: the file that tells it, its name, the way out."""

    file: str
    name: str
    way_out: str


_UNDER_WAY = (
    UnfinishedOperation("MERGE_HEAD", "merge", "git merge --continue, or git merge --abort"),
    UnfinishedOperation(
        "CHERRY_PICK_HEAD", "cherry-pick", "git cherry-pick --continue, or --abort"
    ),
    UnfinishedOperation("REVERT_HEAD", "revert", "git revert --continue, or git revert --abort"),
    UnfinishedOperation("rebase-merge", "rebase", "git rebase --continue, or git rebase --abort"),
    UnfinishedOperation("rebase-apply/applying", "git am", "git am --continue, or git am --abort"),
    UnfinishedOperation("rebase-apply", "rebase", "git rebase --continue, or git rebase --abort"),
    UnfinishedOperation(
        "sequencer", "cherry-pick or revert", "git cherry-pick --quit, or git revert --quit"
    ),
    UnfinishedOperation("BISECT_LOG", "bisect", "git bisect reset"),
)


def refuse_if_busy(repo: Repo) -> None:
    """Raises Conflict in the middle of a merge, rebase, bisect … of the user's own."""
    for each in _UNDER_WAY:
        if (repo.folder / each.file).exists():
            article = "" if each.name == "git am" else "a "
            raise Conflict(f"{article}{each.name} of your own is under way", each.way_out)


def refuse_to_write(repo: Repo) -> None:
    """Raises Conflict where a commit now would be lost to a branch, or be half a change."""
    refuse_if_busy(repo)
    if is_detached(repo):
        raise Conflict(
            "HEAD is detached: no branch is checked out, and the next checkout would lose this",
            "git switch main, or git switch -c NAME for a branch from here",
        )
    if is_sparse(repo):
        raise Conflict(
            "this checkout is sparse: git leaves parts of the book out of it",
            "git sparse-checkout disable brings all of it here",
        )


def is_held(repo: Repo) -> bool:
    """Whether nothing can be committed now: a merge of the user's own is under way, or the index is
    locked, perhaps by a git that was killed.
    """
    names = ("index.lock", *(each.file for each in _UNDER_WAY))
    return any((repo.folder / name).exists() for name in names)


def is_detached(repo: Repo) -> bool:
    """Whether a commit is checked out, and no branch."""
    said = _text(repo.folder / "HEAD")
    return bool(said) and not said.startswith("ref:")


def is_sparse(repo: Repo) -> bool:
    """Whether git leaves some of the tracked files out of the work tree."""
    configs = (repo.common / "config", repo.folder / "config.worktree")
    on = r"^\s*sparsecheckout\s*=\s*(true|yes|on|1)\s*$"
    return any(re.search(on, _text(each), re.IGNORECASE | re.MULTILINE) for each in configs)


def boundary(repo: Repo) -> frozenset[str]:
    """The commits of a shallow clone whose parents are not here; empty where history is whole."""
    return frozenset(_text(repo.common / "shallow").split())


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""
