"""Which files changed, found out by child processes while the program is still starting.

A scan of the folders costs most of a warm command, and needs nothing but the cache: what was there
when it was made. So it is begun before click is imported, each child with a share of the folders,
and its answer, mostly "nothing", is read when the records are needed. A child is never trusted with
more than that: whoever asks it has opened the same cache file, and without an answer (no fork, a
child that died) looks for itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from plaincrm.book import private_folder, workers
from plaincrm.book.index import cache
from plaincrm.book.index.cache import CacheFile
from plaincrm.book.workers import Copy
from plaincrm.core.value_class import value
from plaincrm.errors import Problem

# bytes of cache, of some 1,500 records, up to which a look of one's own costs no more than a child
SMALL = 400_000
MANY = 20_000  # records from which two children are faster than one, which has a core for itself


@value
class Prefetched:
    """What a scan of one kind found: paths to read, paths whose rows no longer hold, how many
    records, problems.
    """

    read: list[str]
    gone: list[str]
    records: int
    problems: list[Problem]


Answer = dict[str, tuple[list[str], list[str], int, list[tuple[Any, ...]]]]


class PrefetchJobs:
    """The children that look at the folders of some kinds of the book at `root`; each kind is told
    once.
    """

    def __init__(
        self, root: Path, kept: dict[str, CacheFile], children: Sequence[Copy | None]
    ) -> None:
        self.root = root
        self._kept = kept
        self._children = children
        self._answers: list[Answer] | None = None

    def __del__(self) -> None:
        self._end()

    def _end(self) -> None:
        for child in self._children:
            workers.end(child)
        self._children = ()

    def kept(self, kind: str, stamp: str) -> CacheFile | None:
        """The cache file that the children were sent with, if there is one and it has that
        stamp.
        """
        kept = self._kept.pop(kind, None)
        return kept if kept is not None and kept.stamp == cache.mark(stamp) else None

    def found(self, kind: str) -> Prefetched | None:
        """Waits for the children. None where one of them could not tell."""
        if self._answers is None:
            self._answers = [
                answer for child in self._children for answer in workers.answers_of(child) or [{}]
            ]
            self._end()
        parts = [answer.get(kind) for answer in self._answers]
        told = [
            Prefetched(read, gone, count, [Problem(*each) for each in problems])
            for read, gone, count, problems in filter(None, parts)
        ]
        if len(told) < len(parts):
            return None
        return Prefetched(
            [path for each in told for path in each.read],
            [path for each in told for path in each.gone],
            sum(each.records for each in told),
            [problem for each in told for problem in each.problems],
        )


def send(
    root: Path, repo: private_folder.Repo | None, private: Path, kinds: Iterable[str]
) -> PrefetchJobs | None:
    """Children that look at the folders of those of the kinds that there is a cache of; None where
    none can go.
    """
    looked = list(kinds)
    small = sum(cache.size(private, kind) for kind in looked) < SMALL
    if small or private_folder.pending(private) or not hasattr(os, "fork"):
        return None
    ours = cache.mark(cache.belonging(root))
    kept = {
        k: found
        for k in looked
        if (found := cache.opened(private, k, lambda stamp: stamp.startswith(ours)))
        and found.folder
    }
    if not kept:
        return None
    shares = 2 if sum(each.count for each in kept.values()) >= MANY else 1
    look = partial(_seen, root, repo, kept, shares)
    return PrefetchJobs(root, kept, [workers.begin(look, [share]) for share in range(shares)])


def _seen(
    root: Path,
    repo: private_folder.Repo | None,
    kept: Mapping[str, CacheFile],
    shares: int,
    share: int,
) -> Answer:
    """What one child finds in its share: every so manieth sub-folder of a kind, and the files above
    them in turn.
    """
    from plaincrm.book.index import changed, ignores, scan

    answer: Answer = {}
    for turn, (kind, each) in enumerate(kept.items()):
        mine = scan.ScanShare(share, shares, turn % shares == share)
        found = scan.scan(root, {kind: each.folder}, mine=mine)
        marks = each.read("marks")
        if marks is not None and (repo is None or not ignores.could_match(root, repo, found)):
            changes = changed.compare(
                found, {f: m for f, m in marks.items() if mine.has(each.folder, f)}, each.since
            )
            count = sum(len(listing.names) for listing in found.folders.values())
            answer[kind] = (
                list(changes.read),
                list(changes.gone),
                count,
                [each.fields for each in found.problems],
            )
    return answer
