"""The records of a kind, from the cache where it holds and from their files where it does not.

    scan the folder ─▶ compare with the cache ─▶ read what changed ─▶ rows and records

The cache is made anew when so much had to be read that the next command would feel it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from plaincrm.book.index import cache, changed
from plaincrm.book.index.changed import ChangedPaths, Marks
from plaincrm.book.index.scan import Scan, order
from plaincrm.book.source import Source, WorkTree
from plaincrm.core.records.collection import Collection, Holdings
from plaincrm.core.records.columns import ColumnData, Columns
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.text_file import decode, path_in
from plaincrm.core.value_class import changed as changed_value
from plaincrm.crm.loading.cache_home import CacheHome

if TYPE_CHECKING:
    from plaincrm.book.index.prefetch import Prefetched, PrefetchJobs
    from plaincrm.crm.loading.build import Tell

FEW = 16  # files that a command may read anew without making the cache anew
SHARE = 256  # and one in so many of a large kind


def load(
    kind: Kind,
    source: Source,
    context: Context,
    home: CacheHome | None = None,
    prefetch_jobs: PrefetchJobs | None = None,
    tell: Tell | None = None,
) -> Collection:
    """Every record of the kind, as the files are now. Without a `home` no cache is asked."""
    with no_collection():
        if isinstance(source, WorkTree) and home is not None:
            return _Loading(kind, source, context, home, prefetch_jobs, tell).collection()
        files = {
            path: data for each in kind.places for path, data in source.records(kind.name, each)
        }
        if isinstance(source, WorkTree):
            types = context.settings.log_settings
            return Collection.of(
                fresh=_told(
                    Record.of_file(kind, path, decode(data, path)[0], types)
                    for path, data in files.items()
                )
            )
        from plaincrm.crm.loading.build import KindReader

        reading = KindReader(kind, list(files), files.get, context, source.problems, tell)
        columns = reading.columns(reading.data())
        return Collection.of(columns, _untold(kind, columns))


class _Loading:
    """One kind being loaded."""

    def __init__(
        self,
        kind: Kind,
        source: WorkTree,
        context: Context,
        home: CacheHome,
        prefetch_jobs: PrefetchJobs | None,
        tell: Tell | None,
    ) -> None:
        self.kind = kind
        self.source = source
        self.context = context
        self.home = home
        self.prefetch_jobs = prefetch_jobs
        self.tell = tell
        self.log_settings = context.settings.log_settings
        self.stamp = home.stamp(kind.folder, list(context.facts.every(kind.name)))

    def collection(self) -> Collection:
        prefetch_jobs, name = self.prefetch_jobs, self.kind.name
        sent = prefetch_jobs.kept(name, self.stamp) if prefetch_jobs is not None else None
        kept = sent or cache.find(self.home.private, name, self.stamp)
        columns = self._columns(kept) if kept is not None else None
        if prefetch_jobs is None or sent is None or columns is None:
            found = _of_kind(self.kind, self._compared(kept, columns))
            return Collection(found.columns, lambda: found)
        return Collection(
            columns,
            lambda: _of_kind(self.kind, self._told(prefetch_jobs.found(name), sent, columns)),
        )

    def _told(self, found: Prefetched | None, kept: cache.CacheFile, columns: Columns) -> Holdings:
        """What the jobs found. All is looked at where they could not tell, or the cache is to be
        made anew.
        """
        if found is None or _worth_keeping(len(found.read), len(found.gone), found.records):
            return self._compared(kept, columns)
        self.source.problems.extend(found.problems)
        gone = [columns.row(path) for path in found.gone]
        return Holdings(columns, gone, self._read(found.read), kept.state)

    def _compared(self, kept: cache.CacheFile | None, columns: Columns | None) -> Holdings:
        """The files beside what the cache keeps of them; where that is not whole, the files
        alone.
        """
        marks = kept.read("marks") if kept is not None and columns is not None else None
        if kept is None or columns is None or marks is None:
            columns, marks = None, {}
        since = kept.since if kept is not None else 0
        found, changes = self._scan(marks, since)
        count = sum(len(listing.names) for listing in found.folders.values())
        if _worth_keeping(len(changes.read), len(changes.gone), count):
            return self._anew(found, changes, marks, since, columns)
        self.source.problems.extend(found.problems)
        state = kept.state if kept is not None and columns is not None else "no columns"
        return Holdings(columns, _gone(columns, changes), self._read(changes.read), state)

    def _anew(
        self, found: Scan, changes: ChangedPaths, marks: Marks, since: int, columns: Columns | None
    ) -> Holdings:
        """Reads many files, and keeps what it has of them and of the rows that still hold."""
        from plaincrm.crm.loading.build import KindReader

        draft = cache.begin(self.home.private, self.kind.name)
        if draft is not None:  # what is kept must have been seen after the draft was made
            found, changes = self._scan(marks, since)
        self.source.problems.extend(found.problems)
        paths = sorted(changes.read, key=order)
        reading = KindReader(
            self.kind,
            paths,
            self.source.file,
            self.context,
            self.source.problems,
            self.tell,
            searched=draft is not None,
        )
        data = reading.data(columns, _gone(columns, changes))
        made = reading.columns(data)
        if draft is not None:
            kept = data | {"marks": changed.marks(found, reading.unread)}
            one = "" if self.kind.more_folders else self.kind.folder  # jobs look at one alone
            draft.write(self.stamp, kept, one, len(made))
        return Holdings(made)

    def _scan(self, marks: Marks, since: int) -> tuple[Scan, ChangedPaths]:
        found, *more = (self.source.scan(self.kind.name, each) for each in self.kind.places)
        for each in more:
            found.folders |= each.folders
            found.problems += each.problems
        return found, changed.compare(found, marks, since)

    def _columns(self, kept: cache.CacheFile) -> Columns | None:
        """The columns that a cache holds, if at least their names are whole."""
        first = {name: kept.read(name) for name in ("id", "folder", "names")}
        if None in first.values():
            return None

        def read(name: str) -> Any:
            return first[name] if name in first else kept.read(name)

        return Columns(self.kind, self.log_settings, read, self._refill(read), self._text)

    def _refill(self, read: Callable[[str], Any]) -> Callable[[], ColumnData]:
        """All columns from the files themselves, for a cache that turns out to be damaged in the
        middle.
        """

        def made() -> ColumnData:
            from plaincrm.crm.loading.column_data import column_data

            places = zip(read("folder"), read("id"), strict=True)
            paths = [path_in(folder, f"{id}.md") for folder, id in places]
            records = [self._made(path, self.source.file(path) or b"") for path in paths]
            facts = self.context.facts.kept(self.kind.name)
            return column_data(records, facts, self.context, {})

        return made

    def _read(self, paths: Iterable[str]) -> list[Record]:
        files = ((path, self.source.file(path)) for path in sorted(paths, key=order))
        return [self._made(path, data) for path, data in files if data is not None]

    def _made(self, path: str, data: bytes) -> Record:
        return Record.of_file(self.kind, path, decode(data, path)[0], self.log_settings)

    def _text(self, path: str) -> str:
        return decode(self.source.file(path) or b"", path)[0]


def _of_kind(kind: Kind, found: Holdings) -> Holdings:
    """What of the files is of the kind, where the files themselves say so (`types:`)."""
    if not kind.told_by or found.columns is None:
        return changed_value(found, fresh=_told(found.fresh)) if kind.told_by else found
    gone = frozenset(found.gone) | _untold(kind, found.columns)
    return changed_value(found, gone=gone, fresh=_told(found.fresh))


def _untold(kind: Kind, columns: Columns) -> frozenset[int]:
    """The rows that are not of the kind."""
    if not kind.told_by:
        return frozenset()
    rows = zip(columns.column("type"), columns.column("tags"), strict=True)
    return frozenset(row for row, said in enumerate(rows) if not kind.is_told(*said))


def _told(records: Iterable[Record]) -> list[Record]:
    return [
        record
        for record in records
        if not record.kind.told_by or record.kind.is_told(record.raw("type"), record.raw("tags"))
    ]


def _worth_keeping(read: int, gone: int, count: int) -> bool:
    """Whether a cache with so many files to read anew, so many rows that no longer hold, is to be
    made anew.
    """
    return read + gone > max(FEW, count // SHARE) or read == count > 0


def _gone(columns: Columns | None, changes: ChangedPaths) -> frozenset[int]:
    return frozenset(map(columns.row, changes.gone)) if columns is not None else frozenset()


@contextmanager
def no_collection() -> Iterator[None]:
    """Without garbage collection: it would walk over every record again and again, and find none to
    free.
    """
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
