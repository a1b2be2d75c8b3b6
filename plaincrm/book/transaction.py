"""What one command writes, as one transaction that happens whole or not at all.

    with Transaction(root, private, git, "Move deal to won", operation="move") as files:
        files.put("deals/website.md", new, expected=old)
    files.written.commit

Nothing is written before the `with` block ends. Then: take the lock, complete what a killed command
left, look again at each file (Conflict if it changed), commit the user's own uncommitted edits of
these files, write the journal, stage all new versions on the disk, rename them into place, commit
exactly these paths, drop the journal. An error before the last rename takes the earlier ones back;
a kill after the journal is completed by the next command.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from plaincrm.book import atomic as files
from plaincrm.book import durable, inside, journal
from plaincrm.book.config import SETTINGS
from plaincrm.book.file_change import Versions
from plaincrm.book.git import head, repo_state
from plaincrm.book.git.client import Git
from plaincrm.book.git.log import signed
from plaincrm.book.lock import writing
from plaincrm.book.private_folder import pending
from plaincrm.book.spool import Spool, SpooledFile
from plaincrm.core.value_class import value
from plaincrm.errors import Conflict, GitFailed


@value
class WrittenChange:
    """What a change did: the paths that it wrote, its commit, and that of the user's own edits
    before it.

    The commits are None where there was nothing to commit, or no git, or the user commits by hand.
    """

    paths: tuple[str, ...]
    commit: str | None = None
    hand_edits: str | None = None


class Transaction:
    """Collects edits of files of the book at `root`, and writes them as one. Paths are relative,
    with `/`.

    `git` None: a book without git. `operation` is the command's word; the commit's message carries
    it, so that `undo` knows its own. `no_commit`: only the files are written. `timeout` is for the
    lock, in seconds.
    """

    def __init__(
        self,
        root: Path,
        private: Path,
        git: Git | None,
        message: str,
        operation: str = "",
        *,
        no_commit: bool = False,
        timeout: float = 10.0,
    ) -> None:
        self.root = Path(os.path.realpath(root))
        self.private = private
        self.git = git
        self.no_commit = no_commit
        self.message = signed(message, operation) if operation else message
        self.timeout = timeout
        self.written = WrittenChange(())
        self._spool = Spool(private)
        self._changes: dict[str, SpooledFile | int] = {}  # of a new file its number on the spool
        self._folders: set[str] = (
            set()
        )  # seen to lie in the book, when something was planned for them

    @property
    def files(self) -> tuple[Versions, ...]:
        """The files that differ, sorted by path."""
        planned = (self._planned(path) for path in sorted(self._changes))
        return tuple(each for each in planned if each is not None and each.differs)

    def plans(self, path: str) -> bool:
        """Whether something is planned for `path`."""
        return path in self._changes

    def read(self, path: str) -> bytes | None:
        """The content that `path` will have, or has; None if there is no such file."""
        if planned := self._planned(path):
            return planned.new
        return files.present(inside.place(self.root, path))

    def put(self, path: str, new: str | bytes, expected: bytes | None) -> None:
        """Plans new content for `path`. `expected` is what it was made from; None for a new file.

        A second put to a path builds on the first. Raises Refused for a path outside the book.
        """
        data = new.encode("utf-8", "surrogateescape") if isinstance(new, str) else new
        self._plan(path, expected, data)

    def add(self, path: str, new: bytes) -> None:
        """Plans a new file. Raises Conflict where there is one, Refused for a path outside the
        book.
        """
        if path in self._changes or os.path.lexists(
            inside.within(str(self.root), path, self._folders)
        ):
            raise Conflict(f"{path} is there, but is no record that can be read", "plaincrm check")
        self._changes[path] = self._kept(new)

    def delete(self, path: str, expected: bytes) -> None:
        """Plans to delete `path`."""
        self._plan(path, expected, None)

    def move(self, old: str, new: str, expected: bytes, data: str | bytes | None = None) -> None:
        """Plans to rename `old`, with new content if `data` is given. `new` must not exist."""
        self.put(new, expected if data is None else data, None)
        self.delete(old, expected)

    def diff(self) -> str:
        """A unified diff of all that is planned."""
        return "".join(line for change in self.files for line in _diff(change))

    def commit(self, *, no_commit: bool = False) -> WrittenChange:
        """Writes all that is planned; see the module. Does nothing if nothing differs.

        Raises Conflict if a file changed underneath, PlaincrmError if the disk refuses (nothing is
        written), GitFailed if only the commit failed (the files stay as written).
        """
        changes = self.files
        if changes:
            with writing(self.private, self.timeout):
                files.sweep(self.private)
                recover(self.root, self.private, self.git)
                git = None if no_commit or self.no_commit else self.git
                self.written = self._write(changes, git)
        self._changes.clear()
        return self.written

    def __enter__(self) -> Transaction:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.commit()

    def _plan(self, path: str, expected: bytes | None, new: bytes | None) -> None:
        inside.within(str(self.root), path)
        planned = self._planned(path)
        old = planned.old if planned else expected
        was = planned.was if planned else self._kept(expected)
        self._changes[path] = SpooledFile(path, self._spool, was, self._kept(new), old != new)

    def _planned(self, path: str) -> SpooledFile | None:
        planned = self._changes.get(path)
        if isinstance(planned, int):
            return SpooledFile(path, self._spool, -1, planned, differs=True)
        return planned

    def _kept(self, data: bytes | None) -> int:
        with files.told("write", self.private):
            return -1 if data is None else self._spool.keep(data)

    def _write(self, changes: Sequence[Versions], git: Git | None) -> WrittenChange:
        folders: set[str] = set()
        for change in changes:
            files.confirm(inside.within(str(self.root), change.path, folders), change.old)
        paths = tuple(change.path for change in changes)
        hand_edits, tracked = _commit_hand_edits(git, changes) if git else (None, frozenset[str]())
        journal.begin(self.private, changes, self.message if git else None)
        apply_all(self.root, self.private, changes)
        new = dict.fromkeys(c.path for c in changes if c.old is None)
        wanted = [path for path in paths if path in tracked or path in new]
        with journal.ending(self.private):
            try:
                commit = git.commit(wanted, self.message, new=list(new)) if git else None
            except GitFailed as error:
                raise GitFailed(
                    f"{error.message}; the files are written, the commit is not", error.hint
                ) from None
        if commit is not None:
            head.note(self.private, commit)
        return WrittenChange(paths, commit, hand_edits)


def recover(root: Path, private: Path, git: Git | None, *, wait: bool = True) -> tuple[str, ...]:
    """Completes and commits the change of a command that was killed. The paths; mostly none, for
    one stat.

    With `wait` False (reading commands) a lock that somebody holds means that the writer lives:
    nothing is done. Raises Conflict if a person changed one of the files since; their version
    stands, and the message says where the other one is kept.
    """
    if not pending(private):
        return ()
    with ExitStack() as stack:
        if not _locked(stack, private, wait=wait):
            return ()
        done = journal.recover(root, private)
        if done is None:
            return ()
        if not wait and git is not None and repo_state.is_held(git.repo):
            return done.completed  # the files are whole; a writer commits them, or says why not
        _commit_recovered(private, git, done)
    if done.aside:
        path, kept = done.aside[0]
        raise Conflict(
            f"{path} was changed since a command was killed; your version stands, the command's is"
            f" in {kept}",
            "compare the two, then run the command again",
        )
    return done.completed


def _locked(stack: ExitStack, private: Path, *, wait: bool) -> bool:
    """Takes the lock until the stack closes. False where somebody holds it and `wait` is False."""
    try:
        stack.enter_context(writing(private, 10.0 if wait else 0.0))
    except Conflict:
        if wait:
            raise
        return False
    return True


def _commit_recovered(private: Path, git: Git | None, done: journal.Recovery) -> None:
    """Commits what was completed, and drops the journal. While git is held it stays: it has the
    message.
    """
    try:
        _finish_recovered(private, git, done)
    except GitFailed as error:
        if not error.is_lock:
            journal.drop(private)
        raise


def _finish_recovered(private: Path, git: Git | None, done: journal.Recovery) -> None:
    if git is not None and done.target is not None:
        from plaincrm.book.git import checkout  # brings the whole of merging

        checkout.finish(git, private, done)
        return
    if git is not None and done.message is not None:
        git.commit(done.completed, done.message)
    journal.drop(private)


def _commit_hand_edits(git: Git, changes: Sequence[Versions]) -> tuple[str | None, frozenset[str]]:
    """Commits what the user changed in these files by hand, as no operation of ours: no undo takes
    it. The settings go along: what the past meant rests on them, and nobody syncs one machine.

    Also tells which of the files git tracks, to spare the commit a question.
    """
    there = [change.path for change in changes if change.old is not None]
    _refuse_what_git_cant_take(git, changes)
    looked = [*(change.path for change in changes), SETTINGS]
    states = git.status(looked, ignored=True) if there else {}
    edited = [path for path, state in states.items() if state != "!!"]
    new = [path for path in edited if states[path] == "??"]
    done = git.commit(edited, f"Hand edits: {_some(edited)}", new=new) if edited else None
    return done, frozenset(path for path in there if states.get(path) != "!!")


def _refuse_what_git_cant_take(git: Git, changes: Sequence[Versions]) -> None:
    """Raises Conflict, Refused or GitFailed where a commit would fail, or be half a change."""
    from plaincrm.book.git import filters
    from plaincrm.book.index import ignores

    repo_state.refuse_to_write(git.repo)
    ignores.refuse_hidden(git, [change.path for change in changes if change.old is None])
    filters.refuse_missing(git, (change.path for change in changes))


def apply_all(root: Path, private: Path, changes: Sequence[Versions]) -> None:
    """Stages every new version, then renames them all. On an error all is as before, and the
    journal gone.

    Ctrl-C may strike between a rename and its note in `done`, so there the journal stays, as after
    a kill.
    """
    staged: dict[str, str] = {}
    done: list[Versions] = []
    try:
        durable.put(root, changes, staged, done)
    except Exception:
        for temporary in staged.values():
            files.discard(Path(temporary))
        _take_back(root, done)
        journal.drop(private)
        raise


def _take_back(root: Path, done: list[Versions]) -> None:
    """Gives back the old content to files that hold the new one; a file that somebody changed since
    stays.
    """
    for change in reversed(done):
        path = root / change.path
        if files.present(path) != change.new:
            continue
        if change.old is not None:
            files.replace(path, change.old, change.new)
        elif change.new is not None:
            files.remove(path, change.new)


def _diff(change: Versions) -> Iterator[str]:
    from difflib import unified_diff

    old = f"a/{change.path}" if change.old is not None else "/dev/null"
    new = f"b/{change.path}" if change.new is not None else "/dev/null"
    for line in unified_diff(_lines(change.old), _lines(change.new), old, new):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(data: bytes | None) -> list[str]:
    """Lines by LF only: no other character that Unicode calls a line break splits a diff."""
    lines = (data or b"").decode("utf-8", "backslashreplace").split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _some(paths: list[str]) -> str:
    shown = ", ".join(paths[:3])
    return shown if len(paths) <= 3 else f"{shown} and {len(paths) - 3} more"
