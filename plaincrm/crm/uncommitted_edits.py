"""Edits made in an editor that no commit has yet: which files have some, and what git has of
them.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING

from plaincrm.core.text.text_file import decode

if TYPE_CHECKING:
    from plaincrm.book.git.client import Git


class UncommittedEdits:
    """Asks `git` about the files that differ from the last commit, once and only if needed."""

    def __init__(self, git: Git | None) -> None:
        self._git = git

    def has(self, path: str) -> bool:
        """Whether that file differs from the last commit."""
        return path in self._paths

    def committed(self, path: str) -> str:
        """The file as git has it; empty where it has none."""
        git = self._git
        data = git.show("HEAD", path) if git is not None and git.head() else None
        return decode(data or b"", path)[0]

    @cached_property
    def _paths(self) -> Collection[str]:
        return self._git.status().keys() if self._git is not None else ()
