"""Who was forgotten: `.plaincrm/erased`, a sorted line a hash, and not a word about whom.

It holds the hash of a forgotten record's place (folder and id), of each of its former ids, and of
its addresses. The book's machines have the union of their lists, so that a machine which did not
know can't bring anybody back.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from plaincrm.core.records.file_names import ERASED
from plaincrm.core.text.fold import fold

PATH = ERASED


def place_hash(folder: str, id: str) -> str:
    """What the list holds of the record `id` in a kind's folder; the book's own kinds have one
    too.
    """
    return sha256(f"{folder}/{fold(id)}".encode("utf-8", "surrogateescape")).hexdigest()


def is_erased(path: str, aliases: Iterable[str], hashes: Iterable[str]) -> bool:
    """Whether the record at `path` (relative to the book), or one that it was before, is on the
    list.
    """
    folder, stem = path.partition("/")[0], path.rpartition("/")[2].removesuffix(".md")
    return any(place_hash(folder, id) in hashes for id in (stem, *aliases))


def lines(hashes: Iterable[str]) -> str:
    """The list as a file."""
    return "".join(f"{each}\n" for each in sorted(set(hashes)))
