"""Where the records come from: the work tree, or git's tree of a past day. Both tell files and give
their bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from plaincrm.book.atomic import read
from plaincrm.book.index import ignores
from plaincrm.book.index import scan as folder
from plaincrm.book.private_folder import Repo
from plaincrm.core.records.file_names import records_among
from plaincrm.errors import Problem

if TYPE_CHECKING:
    from plaincrm.book.git.client import Git


class Source(Protocol):
    """The files of a book."""

    problems: list[Problem]

    def records(self, kind: str, folder: str) -> Iterable[tuple[str, bytes]]:
        """Path and bytes of every record file of a kind, in the order of their paths."""
        ...

    def file(self, path: str) -> bytes | None:
        """The bytes of one file of the book, None where there is none."""
        ...

    def names(self, folder: str, ending: str) -> list[str]:
        """The stems of the files of that ending directly in `folder`, sorted."""
        ...


class WorkTree:
    """The book as it is on the disk."""

    def __init__(self, root: Path, repo: Repo | None) -> None:
        self.root = root
        self.repo = repo
        self.problems: list[Problem] = []

    def scan(self, kind: str, folder_name: str) -> folder.Scan:
        """Which files are the records of a kind now, and how they stand."""
        ignored = ignores.by_git(self.root, self.repo, [folder_name]) if self.repo else None
        return folder.scan(self.root, {kind: folder_name}, ignored)

    def records(self, kind: str, folder_name: str) -> Iterator[tuple[str, bytes]]:
        found = self.scan(kind, folder_name)
        self.problems.extend(found.problems)
        for entry in found.entries:
            data = self.file(entry.path)
            if data is not None:
                yield entry.path, data

    def file(self, path: str) -> bytes | None:
        try:
            return read(f"{self.root}/{path}")
        except FileNotFoundError:
            return None
        except OSError as error:
            self.problems.append(
                Problem(path, 1, 1, "unreadable", f"can't be read: {error.strerror}")
            )
            return None

    def names(self, folder_name: str, ending: str) -> list[str]:
        place = self.root / folder_name
        if place.is_symlink() or not place.is_dir():
            return []
        files = (
            file
            for file in place.glob(f"*{ending}")
            if file.name[0] not in "._" and not file.is_symlink()
        )
        return sorted(file.name.removesuffix(ending) for file in files)


class Past:
    """The book as git's commit `rev` has it; no checkout."""

    def __init__(self, git: Git, rev: str) -> None:
        self.git = git
        self.rev = rev
        self.problems: list[Problem] = []

    @cached_property
    def tree(self) -> Mapping[str, str]:
        return self.git.tree(self.rev)

    def records(self, kind: str, folder_name: str) -> Iterator[tuple[str, bytes]]:
        prefix = f"{folder_name}/"
        paths = records_among(path for path in self.tree if path.startswith(prefix))
        for path, data in zip(
            paths, self.git.blobs([self.tree[path] for path in paths]), strict=True
        ):
            if data is not None:
                yield path, data

    def file(self, path: str) -> bytes | None:
        return self.git.show(self.rev, path)

    def names(self, folder_name: str, ending: str) -> list[str]:
        prefix = f"{folder_name}/"
        inside = (
            path.removeprefix(prefix)
            for path in self.tree
            if path.startswith(prefix) and path.endswith(ending)
        )
        return sorted(
            name.removesuffix(ending) for name in inside if "/" not in name and name[0] not in "._"
        )
