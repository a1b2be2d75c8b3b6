"""Paths as somebody types and reads them who stands in some folder, and as the book has them."""

from __future__ import annotations

import os
from pathlib import Path


def from_here(root: Path, path: str) -> str:
    """A path of the book as it leads to the file from the folder that the user is in: relative
    where that folder is in the book or above it, else absolute.
    """
    if not path or Path(path).is_absolute():
        return path
    whole, here = root / path, Path.cwd()
    if whole.is_relative_to(here) or here.is_relative_to(root):
        return os.path.relpath(whole, here)
    return str(whole)


def from_root(root: Path, typed: str) -> str:
    """The path in the book of a path that was typed: from here, absolute, or from the book itself;
    empty where it leads out of the book.
    """
    at = Path(os.path.normpath(Path.cwd() / typed))
    if at.is_relative_to(root) and (at.exists() or not (root / typed).exists()):
        return at.relative_to(root).as_posix()
    inside = Path(os.path.normpath(root / typed))
    return inside.relative_to(root).as_posix() if inside.is_relative_to(root) else ""
