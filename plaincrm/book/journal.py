"""The journal: what a command is about to write, kept safe until it is written and committed.

One file in the private folder: a line of JSON (paths, digests, sizes, the commit's message), then
the new contents one after another. It is on the disk before the first rename. A command that finds
a journal, holding the lock, knows that its writer is dead, and completes the change: each file that
is still old becomes new. A file that is neither was changed by a person since; it stays as it is,
and the new version is kept aside.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from plaincrm.book import atomic, durable, inside
from plaincrm.book.file_change import FileChange, Versions
from plaincrm.book.private_folder import JOURNAL, pending
from plaincrm.core.value_class import value
from plaincrm.errors import PlaincrmError


@value
class JournalEntry:
    """One file of a journal: the digest of the old content, and the new content."""

    path: str
    old: str | None
    new: bytes | None


@value
class BranchMove:
    """A branch that goes from one commit to another once the files are as the new one has them."""

    branch: str
    old: str
    new: str


@value
class Journal:
    """A change that was begun. `message` is None where it was not to be committed, or the commit is
    there.
    """

    message: str | None
    entries: tuple[JournalEntry, ...]
    target: BranchMove | None = None


@value
class Recovery:
    """What completing a journal did: the paths that are new now, and what was set aside (path,
    where).
    """

    message: str | None
    completed: tuple[str, ...]
    aside: tuple[tuple[str, Path], ...]
    target: BranchMove | None = None


def begin(
    private: Path,
    changes: Sequence[Versions],
    message: str | None,
    target: BranchMove | None = None,
) -> None:
    """Writes the journal, durably. Raises PlaincrmError; then there is none."""
    path = private / JOURNAL
    try:
        atomic.replace(path, _written(changes, message, target), None)
    except Exception:  # whatever it was: half a journal would mislead the next command
        atomic.discard(path)
        raise


def _written(
    changes: Sequence[Versions], message: str | None, target: BranchMove | None
) -> Iterator[bytes]:
    """The journal in pieces, since a change may hold more than memory does."""
    digest = sha256()
    for change in changes:
        digest.update(change.new or b"")
    head: dict[str, object] = {"version": 1, "message": message, "digest": digest.hexdigest()}
    if target is not None:
        head["target"] = {"branch": target.branch, "old": target.old, "new": target.new}
    yield json.dumps(head).encode()[:-1] + b', "files": ['
    for number, change in enumerate(changes):
        yield (b", " if number else b"") + json.dumps(_describe(change)).encode()
    yield b"]}\n"
    for change in changes:
        yield change.new or b""


def drop(private: Path) -> None:
    """Removes the journal: the change is whole. Durable, so that no old journal comes back."""
    path = private / JOURNAL
    with atomic.told("delete", path):
        path.unlink(missing_ok=True)
    atomic.sync_folder(private)


@contextmanager
def ending(private: Path) -> Iterator[None]:
    """Drops the journal after the block, which commits, and after an error of it; but Ctrl-C is
    like a kill: the next command commits what is written."""
    try:
        yield
    except Exception:  # any error of the block, but not Ctrl-C
        drop(private)
        raise
    drop(private)


def recover(root: Path, private: Path) -> Recovery | None:
    """Completes the journal, if there is one; twice does no harm. Call it under the lock, then
    `drop`.
    """
    if not pending(private):
        return None
    journal = load(private)
    _sweep(root, journal.entries)
    completed: list[str] = []
    aside: list[tuple[str, Path]] = []
    left: list[FileChange] = []
    for entry in journal.entries:
        found = atomic.present(inside.place(root, entry.path))
        if found != entry.new and (None if found is None else _digest(found)) != entry.old:
            aside.append((entry.path, _keep(private, entry)))
            continue
        completed.append(entry.path)
        if found != entry.new:
            left.append(FileChange(entry.path, found, entry.new))
    durable.put(root, left, {}, [])
    return Recovery(journal.message, tuple(completed), tuple(aside), journal.target)


def load(private: Path) -> Journal:
    """Reads the journal. A damaged one is moved aside, and PlaincrmError raised: it can't be
    completed.
    """
    path = private / JOURNAL
    line, _, body = (atomic.present(path) or b"").partition(b"\n")
    try:
        head = json.loads(line)
        if head["version"] != 1 or head["digest"] != _digest(body):
            raise ValueError("digest")
        target = BranchMove(**head["target"]) if "target" in head else None
        return Journal(head["message"], tuple(_entries(head["files"], body)), target)
    except (ValueError, KeyError, TypeError) as error:
        damaged = path.with_name("journal.damaged")
        path.replace(damaged)
        raise PlaincrmError(
            f"the journal of an interrupted command is damaged; it was moved to {damaged}",
            "run `plaincrm check`, and look at `git status`",
        ) from error


def _describe(change: Versions) -> dict[str, str | int | None]:
    was = change.old
    old = None if was is None else _digest(was)
    new = change.new
    return {"path": change.path, "old": old, "size": None if new is None else len(new)}


def _entries(rows: Sequence[dict[str, str | int | None]], body: bytes) -> Iterable[JournalEntry]:
    start = 0
    for row in rows:
        old, size = row["old"], row["size"]
        if size is None:
            yield JournalEntry(str(row["path"]), None if old is None else str(old), None)
        else:
            end = start + int(size)
            yield JournalEntry(str(row["path"]), None if old is None else str(old), body[start:end])
            start = end


def _keep(private: Path, entry: JournalEntry) -> Path:
    """Keeps the new version of a file that a person has changed since, and says where."""
    data = entry.new or b""
    target = private / "rescued" / f"{_digest(data)[:12]}-{Path(entry.path).name}"
    atomic.replace(target, data, atomic.present(target))
    return target


def _sweep(root: Path, entries: Iterable[JournalEntry]) -> None:
    for folder in {(root / entry.path).parent for entry in entries}:
        atomic.sweep(folder)


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
