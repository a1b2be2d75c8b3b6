"""Where the records come from: the work tree, or git's tree of a past day. Both tell files and give
their bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from plaincrm.book import inside
from plaincrm.book.git.repo_state import is_sparse
from plaincrm.book.index import ignores
from plaincrm.book.index import scan as folder
from plaincrm.book.private_folder import Repo
from plaincrm.core.records.file_names import copies, records_among
from plaincrm.core.text.text_file import lies_in
from plaincrm.errors import Problem, Refused

if TYPE_CHECKING:
    from plaincrm.book.git.client import Git


_SPARSE = "of this checkout, which is sparse: git sparse-checkout disable brings it here"


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
        self._folders: set[str] = set()  # that were seen to be real ones

    def scan(self, kind: str, folder_name: str) -> folder.Scan:
        """Which files are the records of a kind now, and how they stand."""
        ignored = ignores.by_git(self.root, self.repo, [folder_name]) if self.repo else None
        found = folder.scan(self.root, {kind: folder_name}, ignored)
        if self.repo and not found.folders and is_sparse(self.repo):
            found.problems.append(folder.left_out(folder_name, "sparse-checkout", _SPARSE))
        return found

    def records(self, kind: str, folder_name: str) -> Iterator[tuple[str, bytes]]:
        found = self.scan(kind, folder_name)
        self.problems.extend(found.problems)
        for entry in found.entries:
            data = self.file(entry.path)
            if data is not None:
                yield entry.path, data

    def file(self, path: str) -> bytes | None:
        try:
            return inside.read(self.root, path, self._folders)
        except (OSError, Refused) as error:
            why = (
                error.message if isinstance(error, Refused) else f"can't be read: {error.strerror}"
            )
            self.problems.append(Problem(path, 1, 1, "unreadable", why))
            return None

    def names(self, folder_name: str, ending: str) -> list[str]:
        entries = inside.listed(self.root, folder_name)
        files = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
        return _stems(files, ending)


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
        paths = records_among(path for path in self.tree if lies_in(path, folder_name))
        for path, data in zip(
            paths, self.git.blobs([self.tree[path] for path in paths]), strict=True
        ):
            if data is not None:
                yield path, data

    def file(self, path: str) -> bytes | None:
        return self.git.show(self.rev, path)

    def names(self, folder_name: str, ending: str) -> list[str]:
        prefix = f"{folder_name}/"
        names = (path.removeprefix(prefix) for path in self.tree if path.startswith(prefix))
        return _stems([name for name in names if "/" not in name], ending)


def _stems(names: Sequence[str], ending: str) -> list[str]:
    """The names of segments or templates among the files of a folder, without the ending."""
    left_out = copies(names)
    found = (name for name in names if name.endswith(ending) and name[0] not in "._")
    return sorted(name.removesuffix(ending) for name in found if name not in left_out)
