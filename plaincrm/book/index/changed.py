"""What changed in a kind's folder since it was last read: the scan of now beside the one that the
cache keeps.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Collection, Mapping

from plaincrm.book.index.scan import Listing, Scan
from plaincrm.core.text.text_file import path_in
from plaincrm.core.value_class import value

# nanoseconds; the clocks of file systems tick every 10 ms at the slowest, but for FAT
TICK = 20_000_000
Marks = Mapping[str, tuple[list[str], bytes, int]]


@value
class ChangedPaths:
    """Paths whose files must be read, and paths whose rows no longer hold (the former, and what is
    gone).
    """

    read: frozenset[str]
    gone: frozenset[str]


def _without(listing: Listing, folder: str, unread: Collection[str]) -> Listing:
    return listing.without(lambda name: path_in(folder, name) in unread)


def marks(found: Scan, unread: Collection[str]) -> dict[str, tuple[list[str], bytes, int]]:
    """The scan in the form that a cache keeps: of each folder the names, the stats, and the latest
    change.

    `unread` are paths that could not be read: they are left out, so that every command tries, and
    tells, again.
    """
    kept = {}
    for folder, listing in found.folders.items():
        if unread:
            listing = _without(listing, folder, unread)
        kept[folder] = (listing.names, listing.stats.tobytes(), _latest(listing))
    return kept


def compare(found: Scan, kept: Marks, since: int) -> ChangedPaths:
    """What to read anew; `since` is when the scan that is kept began."""
    read: set[str] = set()
    gone: set[str] = set()
    for folder, (names, stats, latest) in kept.items():
        listing = found.folders.get(folder)
        if listing is None:
            gone.update(path_in(folder, name) for name in names)
        elif latest >= since - TICK or listing.names != names or listing.stats.tobytes() != stats:
            before = Listing(listing.kind, names, array("q", stats)).stat()
            now = listing.stat()
            same = {
                name
                for name, stat in before.items()
                if now.get(name) == stat and changed(stat) < since - TICK
            }
            read.update(path_in(folder, name) for name in now if name not in same)
            gone.update(path_in(folder, name) for name in before if name not in same)
    for folder in found.folders.keys() - kept.keys():
        read.update(path_in(folder, name) for name in found.folders[folder].names)
    return ChangedPaths(frozenset(read), frozenset(gone))


def changed(stat: tuple[int, ...]) -> int:
    """When a file last changed. Nobody can set the change time back; where there is none, the other
    must do.
    """
    return stat[1] if os.name == "posix" else max(stat[0], stat[1])


def _latest(listing: Listing) -> int:
    times = (
        listing.stats[1::4] if os.name == "posix" else [*listing.stats[0::4], *listing.stats[1::4]]
    )
    return max(times, default=0)
