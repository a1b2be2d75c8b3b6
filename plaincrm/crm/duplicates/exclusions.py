"""Records that somebody said are two: `.plaincrm/not-duplicates`, a sorted line `kind/a kind/b` a
pair.

It is part of the book, so a colleague is not asked again; two machines' lines merge as a union. Ids
are looked up through aliases, so that a rename or a merge forgets nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.crm.staged import Staged
from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

PATH = ".plaincrm/not-duplicates"


def kept_apart(book: Book) -> set[frozenset[str]]:
    """The pairs of `kind/id` that are not duplicates of each other."""
    lines = (book.source.file(PATH) or b"").decode("utf-8", "replace").splitlines()
    return {frozenset(_today(book, ref) for ref in line.split()) for line in lines}


def _today(book: Book, ref: str) -> str:
    kind, _, id = ref.partition("/")
    found = book.store.get(kind, id) if kind in book.schema.kinds else None
    return found.ref if found else ref


def keep_apart(book: Book, one: Record, other: Record) -> Staged:
    """Stage that the two are no duplicates. Raises Refused for one record twice, or two of
    different kinds.
    """
    if one.ref == other.ref or one.kind.name != other.kind.name:
        raise Refused(
            f"{one.ref} and {other.ref} can't be taken for each other",
            "name two records of one kind",
        )
    summary = f"Not duplicates: {one.ref} and {other.ref}"
    change = book.change(summary, "dedupe")
    lines = set(change.text(PATH).splitlines())
    if frozenset((one.ref, other.ref)) not in kept_apart(book):
        lines.add(" ".join(sorted((one.ref, other.ref))))
        change.write(PATH, "".join(f"{line}\n" for line in sorted(lines) if line.strip()))
    return Staged(change, summary, [])
