"""Sync: commit what was edited by hand, fetch, merge by meaning, move the files and the branch,
push.

Nothing of the book changes before the whole merge is made, in git's objects, and found to be sound.
Then the files are replaced one by one under the journal, and the branch follows; a push that lost a
race begins again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from plaincrm.book import atomic, journal
from plaincrm.book.file_change import FileChange
from plaincrm.book.git import checkout, remote, trees
from plaincrm.book.git.client import Git
from plaincrm.book.git.remote import Remote
from plaincrm.book.git.trees import Joined, Row, differing
from plaincrm.book.journal import Target
from plaincrm.book.lock import writing
from plaincrm.book.transaction import apply_all, recover
from plaincrm.core.merge.files import Version
from plaincrm.errors import Conflict, PlaincrmError

ROUNDS = 6
Edited = Callable[[Sequence[FileChange]], tuple[str, Mapping[str, bytes]]]
_OURS = re.compile(r"(?:^|/)\.(?:plaincrm-[^/]*\.tmp|merge_file_[^/]*)$")
_MARKERS = re.compile(rb"^<{7} .*^={7}\s.*^>{7} ", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did. `committed` are the paths of hand edits, `came` the files that differ now,
    `merged` those that both sides had changed, `contested` (path, field), `said` what a person
    should know."""

    committed: tuple[str, ...] = ()
    came: tuple[FileChange, ...] = ()
    merged: tuple[str, ...] = ()
    contested: tuple[tuple[str, str], ...] = ()
    said: tuple[str, ...] = ()
    pushed: bool = False


@dataclass(slots=True)
class Syncing:
    """One run. `edited` is given the files edited by hand, before and after: it words their commit,
    and says what to write into them first."""

    git: Git
    private: Path
    edited: Edited
    timeout: float = 10.0
    done: Synced = field(default_factory=Synced)
    met: bool = False  # whether the other end answered, and holds this book

    def run(self, to: str | None = None, *, offline: bool = False) -> Synced:
        """Raises Conflict, PlaincrmError, GitFailed; then the book is as it was, but for hand edits
        committed.

        `to` makes an address the remote first.
        """
        self._refuse()
        with writing(self.private, self.timeout):
            atomic.sweep(self.private)
            recover(self.git.root, self.private, self.git)
            self.git.refuse_if_busy()
            added = to is not None and remote.set_remote(self.git, to)
            try:
                other = remote.remote_of(self.git)
                self._commit_hand_edits()
                if not offline:
                    self._rounds(other)
            except PlaincrmError:
                if (
                    added and not self.met
                ):  # a slip in the address, or another book: as if it had not been said
                    remote.unset_remote(self.git)
                raise
        return self.done

    def _refuse(self) -> None:
        if self.git.below_root:
            raise PlaincrmError(
                "this book is a folder of a larger git repo; sync would move what is not the"
                " book's",
                f"sync the repo with git, in {self.git.repo.work_tree}",
            )

    def _commit_hand_edits(self) -> None:
        states = {
            path: state for path, state in self.git.status().items() if not _OURS.search(path)
        }
        if not states:
            return
        if torn := [
            path for path, state in states.items() if "U" in state or state in ("AA", "DD")
        ]:
            raise Conflict(
                f"{torn[0]} has a merge of your own to finish", "edit it, then `git add` it"
            )
        old = (
            self.git.blobs([f"HEAD:{path}" for path in states])
            if self.git.head()
            else [None] * len(states)
        )
        changes = [
            FileChange(path, was, self._present(path))
            for path, was in zip(states, old, strict=True)
        ]
        for change in changes:
            if change.path.endswith(".md") and _MARKERS.search(change.new or b""):
                raise Conflict(
                    f"{change.path} holds an unsolved merge", "choose a side, then sync again"
                )
        message, more = self.edited(changes)
        for path, data in more.items():
            atomic.replace(atomic.inside(self.git.root, path), data, self._present(path))
        self.git.commit(
            list(states), message, new=[path for path, state in states.items() if state == "??"]
        )
        self.done = replace(self.done, committed=tuple(states))

    def _present(self, path: str) -> bytes | None:
        place = self.git.root / path
        return None if place.is_symlink() else atomic.present(place)

    def _rounds(self, other: Remote) -> None:
        for number in range(ROUNDS):
            theirs = remote.fetch(self.git, other)
            head = self.git.head()
            if theirs is not None and theirs != head:
                head = self._bring(head, theirs, other)
            self.met = True
            pushed = head is not None and theirs != head and remote.push(self.git, other, head)
            if pushed or head in (None, theirs):
                remote.remember(self.git, other)
                self.done = replace(self.done, pushed=pushed)
                return
            time.sleep(0.05 * 2**number)
        raise Conflict(
            f"{other.name} changes faster than this can be pushed",
            "everything is merged here; sync again",
        )

    def _bring(self, ours: str | None, theirs: str, other: Remote) -> str:
        """Brings their commit into our branch; the commit that the branch is at then."""
        if ours is None:
            return self._move(other, "", theirs, Joined())
        bases = (self.git.run_or_none("merge-base", "--all", ours, theirs) or "").split()
        if not bases:
            raise remote.another_book(other.name)
        if theirs in bases:
            return ours
        if ours in bases:
            return self._move(other, ours, theirs, Joined())
        from plaincrm.book.git.merge_commits import (
            join,  # brings the whole of merging, and mostly there is nothing to merge
        )

        joined = join(self.git, sorted(bases), ours, theirs)
        message = f"Sync with {other.name}\n"
        new = trees.commit(self.git, (ours, theirs), message, joined.files)
        return self._move(other, ours, new, joined)

    def _move(self, other: Remote, old: str, new: str, joined: Joined) -> str:
        """Makes the files, the index and the branch those of the commit `new`."""
        rows = differing(self.git, old, new)
        if hidden := trees.filtered(self.git, [row.path for row in rows]):
            raise PlaincrmError(
                f"{hidden} passes through a filter of git's (such as git-crypt or LFS), which sync"
                " can't see through",
                "git pull, and git push",
            )
        changes = self._changes(rows, joined)
        target = Target(other.branch, old, new)
        for change in changes:
            atomic.confirm(atomic.inside(self.git.root, change.path), change.old)
        journal.begin(self.private, changes, None, target)
        apply_all(self.git.root, self.private, changes)
        checkout.settle(self.git, target, rows)
        journal.drop(self.private)
        self._account(changes, joined)
        return new

    def _changes(self, rows: Sequence[Row], joined: Joined) -> tuple[FileChange, ...]:
        """The regular files that differ, with both contents; git is asked for those that the merge
        didn't see.
        """
        regular = [
            row for row in rows if not any(v is not None and _odd(v) for v in (row.old, row.new))
        ]
        regular = [
            row
            for row in regular
            if row.old is None or row.new is None or row.old.blob != row.new.blob
        ]
        known = dict(joined.read)
        for row in regular:
            made = joined.files.get(row.path)
            if row.new is not None and isinstance(made, bytes):
                known[row.new.blob] = made
        versions = (
            version for row in regular for version in (row.old, row.new) if version is not None
        )
        asked = list(
            dict.fromkeys(version.blob for version in versions if version.blob not in known)
        )
        contents = {**known, **dict(zip(asked, self.git.blobs(asked), strict=True))}

        def content(version: Version | None) -> bytes | None:
            return None if version is None else contents[version.blob]

        found = (FileChange(row.path, content(row.old), content(row.new)) for row in regular)
        return tuple(sorted(found, key=lambda change: change.path))

    def _account(self, changes: tuple[FileChange, ...], joined: Joined) -> None:
        done = self.done
        self.done = replace(
            done,
            came=(*done.came, *changes),
            merged=(*done.merged, *joined.merged),
            contested=(*done.contested, *joined.contested),
            said=(*done.said, *joined.said),
        )


def _odd(version: Version) -> bool:
    return not version.mode.startswith("100")
