"""A file before and after a change."""

from __future__ import annotations

from typing import Protocol

from plaincrm.core.value_class import value


class Versions(Protocol):
    """One file before and after; None where it does not exist. `path` is relative to the book."""

    @property
    def path(self) -> str: ...
    @property
    def old(self) -> bytes | None: ...
    @property
    def new(self) -> bytes | None: ...


@value
class FileChange:
    """The versions of one file, in memory."""

    path: str
    old: bytes | None
    new: bytes | None
