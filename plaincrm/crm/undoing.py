"""Taking back plaincrm's own last operations, never the user's words.

An operation is a commit that carries plaincrm's trailer. Undoing it is a commit too, and names what it took back, so
that a second undo goes further back. A file that still is as the operation left it gets its old content again; in
one that changed since, only what the operation did is taken back (`reverting`), or nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from plaincrm.book.folder import is_record
from plaincrm.book.git import Git
from plaincrm.book.git_log import Commit, Touched
from plaincrm.core.frontmatter import decode, encode
from plaincrm.core.record import Record
from plaincrm.crm.changes import Done, subject
from plaincrm.crm.past_changes import git_of
from plaincrm.crm.reverting import reverted
from plaincrm.errors import Conflict, PlaincrmError

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.crm.editing import Editing

WORD = "undo"
_TRAILER = "Plaincrm-Undoes"
_WINDOW = 100


def operations(book: Book, count: int) -> list[Commit]:
    """The last `count` operations that undo would take back, newest first. Raises GitFailed without git."""
    git, window = git_of(book), _WINDOW + count
    while True:
        commits = git.log(limit=window, options=["--first-parent", "--grep=^Plaincrm-Op:"])
        undone = {id for commit in commits for id in _undoes(commit)}
        found = [each for each in commits if each.operation not in (None, WORD) and each.id not in undone]
        if len(found) >= count or len(commits) < window:
            return found[:count]
        window *= 4


def take_back(book: Book, count: int, message: str = "") -> Done:
    """Stage that the last `count` operations are taken back. `message`: another first line for the commit.

    Raises PlaincrmError where there are not so many, Conflict where something changed since that can't be told
    apart from the operation, GitFailed without git.
    """
    git, found = git_of(book), operations(book, count)
    if len(found) < count:
        raise PlaincrmError(_too_few(len(found)), "plaincrm undo --list shows what can be taken back")
    told = "; ".join(commit.subject for commit in found)
    summary = subject(f"Undo: {told}")
    marks = "\n".join(f"{_TRAILER}: {commit.id}" for commit in found)
    change = book.change(f"{message or summary}\n\n{marks}", WORD)
    for commit in found:
        _Inverse(book, git, change, commit).stage()
    return Done(change, summary)


def _undoes(commit: Commit) -> list[str]:
    return re.findall(rf"^{_TRAILER}: *([0-9a-f]+)\s*$", commit.message, re.M) if commit.operation == WORD else []


def _too_few(count: int) -> str:
    if count:
        return f"there are only {count} operations to take back"
    return "there is nothing to undo: no commit here was made by plaincrm, or all are taken back already"


class _Inverse:
    """One operation taken back, file by file."""

    def __init__(self, book: Book, git: Git, change: Editing, commit: Commit) -> None:
        self.book = book
        self.change = change
        self.commit = commit
        ids = [blob for file in commit.files for blob in (file.old, file.new) if blob]
        self.blobs = dict(zip(ids, git.blobs(ids), strict=True))

    def stage(self) -> None:
        if len(self.commit.parents) > 1:
            raise Conflict(f"{self._name()} is a merge, which undo does not take back", "git revert does")
        for file in self.commit.files:
            self._file(file)

    def _file(self, file: Touched) -> None:
        old, new, now = self._blob(file.old), self._blob(file.new), self.change.change.read(file.path)
        was = file.was or file.path
        if was != file.path and self.change.change.read(was) is not None:
            raise self._changed(was, "is there again")
        if now == new:
            back = old
        elif now == old and was == file.path:
            return
        elif old is None or new is None or now is None:
            raise self._changed(file.path, "was deleted since" if now is None else "was changed since")
        else:
            back = self._apart(file.path, old, new, now)
        if was != file.path:
            self.change.put(file.path, None)
        self.change.put(was, back)

    def _apart(self, path: str, old: bytes, new: bytes, now: bytes) -> bytes:
        """The file as it is now without what the operation did to it."""
        kind = self.book.schema.of_path(path)
        if kind is None or not is_record(path.rpartition("/")[2]):
            raise self._changed(path, "was changed since")
        texts = [decode(data, path)[0] for data in (old, new, now)]
        stem = path.rpartition("/")[2].removesuffix(".md")
        states: Sequence[Record] = [Record.read(kind, stem, path, t, self.book.settings.log_types) for t in texts]
        try:
            return encode(reverted(*states))
        except Conflict as error:
            raise self._changed(path, f"was changed since: {error.message}") from None

    def _changed(self, path: str, how: str) -> Conflict:
        hint = f"git show {self.commit.id[:8]} shows what it did; take it back by hand"
        return Conflict(f'"{self._name()}" can\'t be taken back: {path} {how}', hint)

    def _name(self) -> str:
        return self.commit.subject

    def _blob(self, id: str | None) -> bytes | None:
        data = self.blobs.get(id) if id else None
        if id and data is None:
            hint = "is this a shallow clone? git fetch --unshallow"
            raise Conflict(f'git no longer has what "{self._name()}" changed', hint)
        return data
