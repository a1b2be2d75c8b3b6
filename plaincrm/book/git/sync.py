"""Sync: commit what was edited by hand, fetch, merge by meaning, move the files and the branch,
push.

Nothing of the book changes before the whole merge is made, in git's objects, and found to be sound.
Then the files are replaced one by one under the journal, and the branch follows; a push that lost a
race begins again.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from plaincrm.book import atomic, durable, inside, journal
from plaincrm.book.config import SETTINGS
from plaincrm.book.file_change import FileChange
from plaincrm.book.git import checkout, filters, remote, repo_state, special_files, trees
from plaincrm.book.git.client import Git
from plaincrm.book.git.remote import Remote
from plaincrm.book.git.trees import JoinedTree, TreeRow, differing
from plaincrm.book.journal import BranchMove
from plaincrm.book.lock import writing
from plaincrm.book.transaction import apply_all, recover
from plaincrm.core.merge.files import Version
from plaincrm.errors import Conflict, PlaincrmError

ROUNDS = 6
_OURS = re.compile(r"(?:^|/)\.(?:plaincrm-[^/]*\.tmp|merge_file_[^/]*)$")
# What git surely takes for a path on every system; others are tried before anything is written.
_PLAIN_PATH = re.compile(
    r"(?:\.plaincrm/)?(?:[A-Za-z0-9_-][\w.-]*/)*[A-Za-z0-9_-][\w.-]*|\.gitignore|\.gitattributes",
    re.ASCII,
)
# What a hosting site puts into a repo that it makes.
_OF_A_NEW_REPO = re.compile(
    r"(?:\.?(?:README|LICEN[CS]E|COPYING|gitignore|gitattributes|CODEOWNERS)[\w.-]*)",
    re.IGNORECASE,
)
_NAMED = 200  # paths that one call of git is asked for by name; more, and all are listed
_MARKERS = re.compile(rb"^<{7} .*^={7}\s.*^>{7} ", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a sync did. `committed` are the paths of hand edits, `came` the files that differ now,
    `merged` those that both sides had changed, `contested` (path, field), `said` what a person
    should know."""

    committed: tuple[str, ...] = ()
    came: tuple[FileChange, ...] = ()
    merged: tuple[str, ...] = ()
    contested: tuple[tuple[str, str], ...] = ()
    said: tuple[str, ...] = ()
    pushed: bool = False
    left_alone: tuple[str, ...] = ()
    where: str = ""  # of a push, in words, where that is not plain: " as a branch of its own, …"


class Review:
    """What a sync asks about files edited by hand. This one takes all of them as they are."""

    def own(self, new: Sequence[str]) -> Collection[str]:
        """Those files, of which git doesn't know, that belong to the book."""
        return new

    def refuse(self, changes: Sequence[FileChange]) -> None:
        """Raises PlaincrmError where hardly anybody can have meant it."""

    def committed(self, changes: Sequence[FileChange]) -> tuple[str, Mapping[str, bytes]]:
        """The message of their commit, and what to write into them first."""
        return f"Hand edits: {len(changes)}", {}

    def publishes(self, paths: Sequence[str], commits: int, where: str) -> None:
        """Told before the first push of a branch: the files that go out, and how many commits."""


@dataclass(slots=True)
class SyncRun:
    """One run, with the answers of a `review` of what was edited by hand."""

    git: Git
    private: Path
    review: Review
    timeout: float = 10.0
    done: SyncResult = field(default_factory=SyncResult)
    met: bool = False  # whether the other end answered, and holds this book

    def pending(self) -> SyncResult:
        """What a commit of the hand edits would take, and what it would leave alone."""
        own = tuple(self._own_states())
        return replace(self.done, committed=own)

    def commit(self) -> SyncResult:
        """Only the hand edits are committed; nothing is fetched or sent. Raises as `run`."""
        self._refuse()
        with writing(self.private, self.timeout):
            self._ready()
            self._commit_hand_edits()
        return self.done

    def _ready(self) -> None:
        """Complete what a killed command left; raises where the repo takes no commit now."""
        atomic.sweep(self.private)
        recover(self.git.root, self.private, self.git)
        repo_state.refuse_to_write(self.git.repo)

    def run(self, to: str | None = None, *, offline: bool = False) -> SyncResult:
        """Raises Conflict, PlaincrmError, GitFailed; then the book is as it was, but for hand edits
        committed.

        `to` makes an address the remote first.
        """
        self._refuse()
        with writing(self.private, self.timeout):
            self._ready()
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

    def _committed(self, paths: list[str]) -> dict[str, bytes]:
        """What the last commit has of these files. A path may hold a line end, so that git is asked
        for ids, which may not.
        """
        if not self.git.head():
            return {}
        every = self.git.tree("HEAD", paths if len(paths) <= _NAMED else ())
        known = {path: every[path] for path in paths if path in every}
        found = zip(known, self.git.blobs(list(known.values())), strict=True)
        return {path: data for path, data in found if data is not None}

    def _commit_hand_edits(self) -> None:
        states = self._own_states()
        if not states:
            return
        if torn := [
            path for path, state in states.items() if "U" in state or state in ("AA", "DD")
        ]:
            raise Conflict(
                f"{torn[0]} has a merge of your own to finish", "edit it, then `git add` it"
            )
        filters.refuse_missing(self.git, states)
        old = self._committed(list(states))
        changes = [FileChange(path, old.get(path), self._present(path)) for path in states]
        for change in changes:
            if change.path.endswith(".md") and _MARKERS.search(change.new or b""):
                raise Conflict(
                    f"{change.path} holds an unsolved merge", "choose a side, then sync again"
                )
        self.review.refuse(changes)
        message, more = self.review.committed(changes)
        for path, data in more.items():
            atomic.replace(inside.place(self.git.root, path), data, self._present(path))
        new = [path for path, state in states.items() if state == "??"]
        # Of files that the review adds, git itself has to say whether it knows them.
        sure = more.keys() <= states.keys()
        self.git.commit(list({**states, **more}), message, new=new if sure else None)
        self.done = replace(self.done, committed=tuple(states))

    def _own_states(self) -> dict[str, str]:
        """What differs from the last commit, less what git doesn't know and is not the book's."""
        states = {
            path: state for path, state in self.git.status().items() if not _OURS.search(path)
        }
        new = [path for path, state in states.items() if state == "??"]
        own = self.review.own(new) if new else ()
        left = tuple(sorted(set(new).difference(own)))
        self.done = replace(self.done, left_alone=left)
        return {path: state for path, state in states.items() if path not in left}

    def _present(self, path: str) -> bytes | None:
        """The bytes of a file; None for none, for a link, and for a folder that took its place."""
        place = inside.place_of_link(self.git.root, path)
        return None if place.is_symlink() or place.is_dir() else atomic.present(place)

    def _rounds(self, other: Remote) -> None:
        for number in range(ROUNDS):
            theirs = remote.fetch(self.git, other)
            head = self.git.head()
            if theirs is not None and theirs != head:
                head = self._bring(head, theirs, other)
            self.met = True
            if theirs is None and head is not None:
                self._say_published(head, other)
            pushed = head is not None and theirs != head and remote.push(self.git, other, head)
            if pushed or head in (None, theirs):
                remote.remember(self.git, other)
                where = other.own_words if theirs is None and pushed else ""
                self.done = replace(self.done, pushed=pushed, where=where)
                return
            time.sleep(0.05 * 2**number)
        raise Conflict(
            f"{other.name} changes faster than this can be pushed",
            "everything is merged here; sync again",
        )

    def _say_published(self, head: str, other: Remote) -> None:
        paths = self.git.run("ls-tree", "-r", "--name-only", "-z", head).split(b"\0")
        commits = int(self.git.run("rev-list", "--count", head))
        self.review.publishes([os.fsdecode(path) for path in paths if path], commits, other.name)

    def _bring(self, ours: str | None, theirs: str, other: Remote) -> str:
        """Brings their commit into our branch; the commit that the branch is at then."""
        if ours is None:
            return self._move(other, "", theirs, JoinedTree())
        bases = (self.git.run_or_none("merge-base", "--all", ours, theirs) or "").split()
        if not bases:
            self._refuse_another_book(theirs, other)
            bases = [""]
        if theirs in bases:
            return ours
        if ours in bases:
            return self._move(other, ours, theirs, JoinedTree())
        from plaincrm.book.git.merge_commits import (
            join,  # brings the whole of merging, and mostly there is nothing to merge
        )

        joined = join(self.git, sorted(bases), ours, theirs)
        message = f"Sync with {other.name}\n"
        new = trees.commit(self.git, (ours, theirs), message, joined.files)
        return self._move(other, ours, new, joined)

    def _refuse_another_book(self, theirs: str, other: Remote) -> None:
        """Raises Conflict, unless the other end holds only what a hosting site puts into a new
        repo.
        """
        paths = self.git.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", theirs)
        found = paths.decode("utf-8", "surrogateescape").strip("\0").split("\0")
        if SETTINGS in found:
            raise remote.another_book(other.name)
        if not all(map(_OF_A_NEW_REPO.fullmatch, found)):
            raise remote.no_book(other.name)
        said = f"{other.name} held no book, but {', '.join(found)}; both are in the book's repo now"
        self.done = replace(self.done, said=(*self.done.said, said))

    def _move(self, other: Remote, old: str, new: str, joined: JoinedTree) -> str:
        """Makes the files, the index and the branch those of the commit `new`."""
        rows = differing(self.git, old, new)
        if hidden := filters.filters(self.git, [row.path for row in rows]):
            raise PlaincrmError(
                f"{hidden[0][0]} passes through a filter of git's (such as git-crypt or LFS),"
                " which sync can't see through",
                "git pull, and git push",
            )
        changes = self._changes(rows, joined)
        target = BranchMove(other.branch, old, new)
        self._look_before(rows, changes, new)
        journal.begin(self.private, changes, None, target)
        apply_all(self.git.root, self.private, changes)
        checkout.settle(self.git, target, rows)
        journal.drop(self.private)
        self._account(changes, joined)
        return new

    def _look_before(
        self, rows: Sequence[TreeRow], changes: Sequence[FileChange], new: str
    ) -> None:
        """Raises Conflict or Refused where the commit can't be brought to the disk whole."""
        odd = next((row.path for row in rows if not _PLAIN_PATH.fullmatch(row.path)), None)
        for row in rows:
            inside.place_of_link(self.git.root, row.path)
        if odd is not None:
            trees.refuse_odd_paths(self.git, self.private, new, odd)
        special_files.confirm(self.git, rows)
        gone = {row.path for row in rows if row.new is None}
        emptied = {folder for path in gone for folder in durable.above(path)}
        for change in changes:
            replaced = change.path in emptied or not gone.isdisjoint(durable.above(change.path))
            if not (change.old is None and replaced):
                atomic.confirm(inside.place(self.git.root, change.path), change.old)

    def _changes(self, rows: Sequence[TreeRow], joined: JoinedTree) -> tuple[FileChange, ...]:
        """The regular files that differ, with both contents; git is asked for those that the merge
        didn't see.
        """
        regular = [
            row
            for row in rows
            if special_files.is_plain(row.old) and special_files.is_plain(row.new)
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

    def _account(self, changes: tuple[FileChange, ...], joined: JoinedTree) -> None:
        done = self.done
        self.done = replace(
            done,
            came=(*done.came, *changes),
            merged=(*done.merged, *joined.merged),
            contested=(*done.contested, *joined.contested),
            said=(*done.said, *joined.said),
        )
