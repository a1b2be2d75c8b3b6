"""Commits as trees: what changed between two of them, and a new one made of another and some
changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plaincrm.book.git.client import Git
from plaincrm.book.private_folder import make_private
from plaincrm.core.merge.files import SideChanges, Version
from plaincrm.errors import GitFailed, Refused

REF = "refs/plaincrm/sync"  # keeps what is being made from being swept up
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_NONE = "000000"
File = Version | bytes


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One path in two trees; None where it is not there."""

    path: str
    old: Version | None
    new: Version | None


@dataclass(slots=True)
class JoinedTree:
    """The tree of a merge: `files` are those to put into our tree (None: take out). `merged` are
    the paths of files that both sides changed, `contested` (path, field), `said` what a person
    should know; `read` are the blobs that were looked at."""

    files: dict[str, File | None] = field(default_factory=dict)
    read: dict[str, bytes] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    contested: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def differing(git: Git, old: str, new: str) -> list[TreeRow]:
    """The paths in which two commits differ, by one process that costs what the changes cost; `old`
    may be empty, for no commit."""
    out = git.run(
        "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", old or _EMPTY_TREE, new
    )
    words = out.decode("utf-8", "surrogateescape").split("\0")
    rows = []
    for facts, path in zip(words[::2], words[1::2], strict=False):
        modes = facts.lstrip(":").split()
        rows.append(
            TreeRow(path, _version(path, modes[2], modes[0]), _version(path, modes[3], modes[1]))
        )
    return rows


def side(rows: Iterable[TreeRow]) -> SideChanges:
    """The same, as what was done to the old tree."""
    found = SideChanges()
    for row in rows:
        if row.old is not None:
            found.changed[row.path] = row.new
        elif row.new is not None:
            found.made[row.path] = row.new
    return found


def commit(
    git: Git, parents: tuple[str, str], message: str, files: Mapping[str, File | None]
) -> str:
    """A merge commit with the first parent's tree and these files: a version, new bytes, or None
    for no file.

    Nothing but REF and new objects is written. Returns the commit's id.
    """
    out = git.run(
        "fast-import",
        "--quiet",
        "--force",
        "--date-format=now",
        input=b"".join(_stream(parents, message, files, identity(git))),
    )
    return out.decode().strip()


def refuse_odd_paths(git: Git, private: Path, commit: str, example: str) -> None:
    """Raises Refused where git would not take the paths of a commit into an index: then it could
    never be checked out. Nothing but a file of our own is written.
    """
    index = make_private(private) / "index-to-try"
    try:
        git.run("read-tree", commit, index=index)
    except GitFailed as error:
        raise Refused(
            f"the other end has a path that git refuses, such as {example!r}: {error.message};"
            " nothing was changed",
            "have it renamed at the other end, then sync again",
        ) from None
    finally:
        index.unlink(missing_ok=True)


def identity(git: Git) -> str:
    """Who commits here, as `Name <address>`; plaincrm where nobody is known."""
    answer = git.call("var", "GIT_COMMITTER_IDENT")
    name = answer.out.decode("utf-8", "replace").strip().rpartition("> ")[0]
    return f"{name}>" if name and not answer.code else "plaincrm <plaincrm@localhost>"


def _version(path: str, blob: str, mode: str) -> Version | None:
    return None if mode == _NONE else Version(path, blob, mode)


def _stream(
    parents: tuple[str, str], message: str, files: Mapping[str, File | None], who: str
) -> Iterator[bytes]:
    said = message.encode("utf-8", "surrogateescape")
    yield f"commit {REF}\nmark :1\ncommitter {who} now\ndata {len(said)}\n".encode() + said
    yield f"\nfrom {parents[0]}\nmerge {parents[1]}\n".encode()
    for path, file in sorted(
        files.items(), key=lambda item: item[1] is not None
    ):  # room first, then files
        name = _quoted(path)
        if file is None:
            yield b"D " + name + b"\n"
        elif isinstance(file, bytes):
            yield b"M 100644 inline " + name + b"\ndata %d\n" % len(file) + file + b"\n"
        else:
            yield f"M {file.mode} {file.blob} ".encode() + name + b"\n"
    yield b"\nget-mark :1\ndone\n"


def _quoted(path: str) -> bytes:
    """A path as fast-import reads it."""
    if "\0" in path:
        raise GitFailed(f"{path!r} is no path")
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'.encode("utf-8", "surrogateescape")
