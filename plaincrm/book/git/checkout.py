"""The last step of a sync: the branch and the index go to the new commit, whose files are there
already.

The journal holds the files and the two commits, so a sync that is killed anywhere in here is
completed by the next command. A file that a person saved in between is merged with what the sync
had for it, like any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from plaincrm.book import atomic, inside, journal
from plaincrm.book.git import special_files
from plaincrm.book.git.client import Git
from plaincrm.book.git.trees import REF, TreeRow, differing
from plaincrm.book.journal import BranchMove, Recovery
from plaincrm.core.text.text_file import decode, encode
from plaincrm.errors import Conflict


def settle(git: Git, target: BranchMove, rows: Iterable[TreeRow]) -> None:
    """Moves the branch, if it is where it was, and the index; `rows` are what differs between the
    commits.

    Twice does no harm. Raises Conflict if the branch is somewhere else by now.
    """
    head = git.run_or_none("symbolic-ref", "-q", "HEAD")
    present = git.head() or ""
    if head != target.branch or present not in (target.old, target.new):
        raise Conflict(
            "the branch was changed while a sync was at work",
            "look at `git status`, then sync again",
        )
    if present == target.old:
        git.run("update-ref", "-m", "plaincrm sync", target.branch, target.new, target.old)
    git.run("read-tree", "-i", "-m", target.new)
    special_files.settle(git, rows)
    git.call("update-ref", "-d", REF)


def finish(git: Git, private: Path, done: Recovery) -> tuple[str, ...]:
    """Completes a sync that was killed: its files are there but for those `aside`. The paths."""
    assert done.target is not None
    for path, kept in done.aside:
        _reconcile(git, done.target, path, kept)
    try:
        settle(git, done.target, differing(git, done.target.old, done.target.new))
    except Conflict:
        journal.drop(
            private
        )  # the user went on without it; it is for them to say what the files are to be
        raise
    journal.drop(private)
    return done.completed


def _reconcile(git: Git, target: BranchMove, path: str, kept: Path) -> None:
    """A file that a person saved while the sync lay dead: their version and the sync's, merged."""
    place = inside.place(git.root, path)
    from plaincrm.core.merge import merge

    person, synced = atomic.present(place), kept.read_bytes()
    if person is None or not synced:
        return
    old = git.show(target.old, path)
    texts = [decode(data)[0] for data in (person, synced)]
    merged = merge(decode(old)[0] if old is not None else None, texts[0], texts[1], path)
    atomic.replace(place, encode(merged.text), person)
