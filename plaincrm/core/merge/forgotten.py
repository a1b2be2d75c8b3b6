"""What one side did not know of: people that the other has forgotten. Neither a change nor a copy
brings them back.

A side that has the line in its own list and a record of that id all the same made it knowing: it is
somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from plaincrm.core.merge.files import SideChanges, Version
from plaincrm.core.records import erasure


def unknown(ours: str, theirs: str) -> tuple[frozenset[str], frozenset[str]]:
    """For each of two lists of hashes, those of the other that it lacks."""
    left, right = frozenset(ours.split()), frozenset(theirs.split())
    return right - left, left - right


def without(
    side: SideChanges, hashes: frozenset[str], aliases: Callable[[Version], Iterable[str]]
) -> tuple[SideChanges, list[Version]]:
    """The side with the records of `hashes` deleted, and what they were; `aliases` has the former
    ids of a version.
    """
    if not hashes:
        return side, []
    versions = (each for each in (*side.changed.values(), *side.made.values()) if each is not None)
    records = (each for each in versions if each.path.endswith(".md"))
    gone = [each for each in records if erasure.is_erased(each.path, aliases(each), hashes)]
    changed = {path: None if each in gone else each for path, each in side.changed.items()}
    return SideChanges(
        changed, {path: each for path, each in side.made.items() if each not in gone}
    ), gone
