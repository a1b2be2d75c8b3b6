"""Taking back plaincrm's own last operations, never the user's words.

An operation is a commit that carries plaincrm's trailer. Undoing it is a commit too, and names what
it took back, so that a second undo goes further back. A file that still is as the operation left it
gets its old content again; in one that changed since, only what the operation did is taken back
(`reverting`), or nothing at all. Redoing is taking back an undo, in the same way; then the
operation can be undone again. Only one's own operations count: those that a sync brought from
somebody else are theirs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from plaincrm.book.git.client import Git
from plaincrm.book.git.log import Commit, TouchedFile
from plaincrm.book.git.repo_state import CUT, DEEPEN
from plaincrm.core.records.file_names import is_record
from plaincrm.core.records.record import Record
from plaincrm.core.text.text_file import decode, encode
from plaincrm.crm.history.field_changes import git_of
from plaincrm.crm.history.revert import reverted
from plaincrm.crm.staged import Staged, subject
from plaincrm.errors import Conflict, PlaincrmError

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.crm.change import Change

UNDO, REDO = "undo", "redo"
_UNDOES, _REDOES = "Plaincrm-Undoes", "Plaincrm-Redoes"
_WINDOW = 100


def operations(book: Book, count: int) -> list[Commit]:
    """The last `count` operations that undo would take back, newest first. Raises GitFailed without
    git.
    """
    return _Past(book, count).undoable[:count]


def take_back(book: Book, count: int, message: str = "", *, only: bool = False) -> Staged:
    """Stage that the last `count` operations are taken back, or `only` the last but so many, those
    after it staying.

    `message`: another first line for the commit. Raises PlaincrmError where there are not so many,
    Conflict where something changed since that can't be told apart from the operation, GitFailed
    without git.
    """
    found = operations(book, count)
    if len(found) < count:
        raise _too_few(book, len(found))
    found = found[-1:] if only else found
    told = "; ".join(commit.subject for commit in found)
    return _inverted(book, found, UNDO, message, subject(f"Undo: {told}"))


def put_back(book: Book, message: str = "") -> Staged:
    """Stage that the last undo is taken back, if no other operation came after it. Raises as
    `take_back` does.
    """
    undo = next(iter(_Past(book, 1).redoable), None)
    if undo is None:
        raise PlaincrmError(
            "there is nothing to redo: no undo since the last operation", "plaincrm undo --list"
        )
    return _inverted(
        book, [undo], REDO, message, subject(f"Redo: {undo.subject.removeprefix('Undo: ')}")
    )


def _inverted(
    book: Book, commits: Sequence[Commit], word: str, message: str, summary: str
) -> Staged:
    trailer = _UNDOES if word == UNDO else _REDOES
    marks = "\n".join(f"{trailer}: {commit.id}" for commit in commits)
    change = book.change(f"{message or summary}\n\n{marks}", word)
    for commit in commits:
        _Inverse(book, git_of(book), change, commit).stage()
    return Staged(change, summary)


class _Past:
    """One's own operations, newest first, as far back as it takes to find `count` that can be
    undone.
    """

    def __init__(self, book: Book, count: int) -> None:
        git, window = git_of(book), _WINDOW + count
        me = _email(git)
        while True:
            commits = git.log(limit=window, options=["--no-merges", "--grep=^Plaincrm-Op:"])
            self.own = [each for each in commits if me in ("", each.email) and not each.cut]
            self.redone = {id for commit in self.own for id in _named(commit, REDO, _REDOES)}
            self.undos = [
                each for each in self.own if each.operation == UNDO and each.id not in self.redone
            ]
            if len(self.undoable) >= count or len(commits) < window:
                return
            window *= 4

    @property
    def undoable(self) -> list[Commit]:
        undone = {id for undo in self.undos for id in _named(undo, UNDO, _UNDOES)}
        return [
            each
            for each in self.own
            if each.operation not in (None, UNDO, REDO) and each.id not in undone
        ]

    @property
    def redoable(self) -> list[Commit]:
        """The undos since the last operation that was no undo or redo."""
        recent = takewhile(lambda each: each.operation in (UNDO, REDO), self.own)
        return [each for each in recent if each in self.undos]


def _email(git: Git) -> str:
    """Whose commits are made here; empty where git knows nobody, and then all are one's own."""
    answer = git.call("var", "GIT_AUTHOR_IDENT")
    found = re.search(r"<([^<>]*)> \d+ [+-]\d+\s*$", answer.out.decode("utf-8", "replace"))
    return found[1] if found and not answer.code else ""


def _named(commit: Commit, word: str, trailer: str) -> list[str]:
    return (
        re.findall(rf"^{trailer}: *([0-9a-f]+)\s*$", commit.message, re.M)
        if commit.operation == word
        else []
    )


def _too_few(book: Book, count: int) -> PlaincrmError:
    listed = "plaincrm undo --list shows what can be taken back"
    said = f"there are only {count} operations to take back"
    if not count:
        said = (
            "there is nothing to undo: no commit here was made by plaincrm, or all are taken back"
            " already"
        )
    if git_of(book).boundary:
        return PlaincrmError(f"{said}; {CUT}", DEEPEN)
    return PlaincrmError(said, listed)


class _Inverse:
    """One operation taken back, file by file."""

    def __init__(self, book: Book, git: Git, change: Change, commit: Commit) -> None:
        self.book = book
        self.change = change
        self.commit = commit
        ids = [blob for file in commit.files for blob in (file.old, file.new) if blob]
        self.blobs = dict(zip(ids, git.blobs(ids), strict=True))

    def stage(self) -> None:
        if len(self.commit.parents) > 1:
            raise Conflict(
                f"{self._name()} is a merge, which undo does not take back", "git revert does"
            )
        for file in self.commit.files:
            self._file(file)

    def _file(self, file: TouchedFile) -> None:
        old, new, now = (
            self._blob(file.old),
            self._blob(file.new),
            self.change.data(file.path),
        )
        was = file.was or file.path
        if was != file.path and self.change.data(was) is not None:
            raise self._changed(was, "is there again")
        if now == new:
            back = old
        elif now == old and was == file.path:
            return
        elif old is None or new is None or now is None:
            raise self._changed(
                file.path, "was deleted since" if now is None else "was changed since"
            )
        else:
            back = self._apart(file.path, old, new, now)
        if was != file.path:
            self.change.put(file.path, None)
        self.change.put(was, back)

    def _apart(self, path: str, old: bytes, new: bytes, now: bytes) -> bytes:
        """The file as it is now without what the operation did to it."""
        texts = [decode(data, path)[0] for data in (old, new, now)]
        kind = self.book.schema.of_path(path, texts[-1]) if is_record(path) else None
        if kind is None:
            raise self._changed(path, "was changed since")
        stem = path.rpartition("/")[2].removesuffix(".md")
        states: Sequence[Record] = [
            Record.read(kind, stem, path, t, self.book.settings.log_settings) for t in texts
        ]
        try:
            return encode(reverted(*states))
        except Conflict as error:
            raise self._changed(path, f"was changed since: {error.message}") from None

    def _changed(self, path: str, how: str) -> Conflict:
        hint = (
            f"git show {self.commit.id[:8]} shows what it did, for a hand; plaincrm undo --only N"
            " takes back another"
        )
        return Conflict(f'"{self._name()}" can\'t be taken back: {path} {how}', hint)

    def _name(self) -> str:
        return self.commit.subject

    def _blob(self, id: str | None) -> bytes | None:
        data = self.blobs.get(id) if id else None
        if id and data is None:
            hint = "is this a shallow clone? git fetch --unshallow"
            raise Conflict(f'git no longer has what "{self._name()}" changed', hint)
        return data
