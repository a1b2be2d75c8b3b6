"""Paths in a book. The folder of no name is the book's own, where a flat vault has its notes."""

from __future__ import annotations


def path_in(folder: str, name: str) -> str:
    """The path of a file in a folder; the folder of no name is the book's own."""
    return f"{folder}/{name}" if folder else name


def lies_in(path: str, folder: str) -> bool:
    """Whether a path lies in a kind's folder or below it; in the book's own, right in it."""
    return path.startswith(f"{folder}/") if folder else "/" not in path
