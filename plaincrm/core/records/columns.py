"""The records of one kind as columns: what the cache keeps of them, each column read when it is
first needed.

A shelf holds a row a record: its id and folder, the text of every field, and the facts that need
only the file and the settings. A query on one field so costs one list, and a record is made only
where somebody looks at it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from plaincrm.core.records.facts import plain
from plaincrm.core.records.record import Record

if TYPE_CHECKING:
    from plaincrm.core.records.facts import Context, Fact
    from plaincrm.core.schema.kinds import Kind
    from plaincrm.core.values.raw import Raw

Columns = dict[str, Any]
SPARSE = 8  # a column with a value in fewer than one row of so many is kept as a map of rows


class Shelf:
    """Rows in the order of their paths.

    `read(name)` gives a kept column, None where it is not to be had; then `refill()` makes all of
    them anew. `text(path)` is the text of a record's file.
    """

    def __init__(
        self,
        kind: Kind,
        log_types: frozenset[str],
        read: Callable[[str], Any],
        refill: Callable[[], Columns],
        text: Callable[[str], str],
    ) -> None:
        self.kind = kind
        self.types = log_types
        self.text = text
        self._read = read
        self._refill = refill
        self._columns: dict[str, list[Any]] = {}
        self._facts: dict[str, list[Any]] = {}

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def ids(self) -> list[str]:
        found: list[str] = self._get("id")
        return found

    @cached_property
    def folders(self) -> list[str]:
        found: list[str] = self._get("folder")
        return found

    @cached_property
    def names(self) -> frozenset[str]:
        """Every key that a record carries."""
        return frozenset(self._get("names"))

    @cached_property
    def damaged(self) -> frozenset[int]:
        """The rows of files that could not be read whole."""
        return frozenset(self._get("damaged"))

    @cached_property
    def shapes(self) -> list[tuple[str, ...]]:
        """The keys of each record, in the order of its file."""
        found: list[tuple[str, ...]] = self._get("shape")
        return found

    def path(self, row: int) -> str:
        return f"{self.folders[row]}/{self.ids[row]}.md"

    def row(self, path: str) -> int:
        """The row of a path, which must be there."""
        return bisect_left(
            range(len(self)), path.split("/"), key=lambda row: self.path(row).split("/")
        )

    def record(self, row: int) -> Record:
        return Record.kept(self, row)

    def column(self, name: str) -> list[Raw | None]:
        """The field `name` of every row as it stands in the file; None where it does not."""
        found = self._columns.get(name)
        if found is None:
            kept = self._get(f"field {name}") if name in self.names else {}
            found = self._columns[name] = _expanded(kept, len(self))
        return found

    def facts(self, name: str) -> list[Any]:
        """The fact `name` of every row, in the form in which it is kept: see `plain`."""
        found = self._facts.get(name)
        if found is None:
            found = self._facts[name] = _expanded(self._get(f"fact {name}"), len(self))
        return found

    def fields(self, row: int) -> dict[str, Raw]:
        return {name: self.column(name)[row] for name in self.shapes[row]}  # type: ignore[misc]

    def _get(self, name: str) -> Any:
        found = self._read(name)
        if found is None:
            columns = self._refill()
            self._read = columns.get
            found = columns[name]
        return found


def columns(
    records: Sequence[Record], facts: Iterable[Fact], context: Context, pool: dict[Any, Any]
) -> Columns:
    """The columns of `records` just read, for a cache. Equal texts become one object of `pool`, and
    so one in it.
    """
    shapes = [
        pool.setdefault(shape, shape) for shape in (tuple(record.fields) for record in records)
    ]
    names = sorted({name for shape in set(shapes) for name in shape})
    made: Columns = {
        "id": [record.id for record in records],
        "folder": [
            pool.setdefault(f, f) for f in (record.path.rpartition("/")[0] for record in records)
        ],
        "names": names,
        "shape": shapes,
        "damaged": [row for row, record in enumerate(records) if record.damaged],
    }
    for name in names:
        made[f"field {name}"] = _packed([_shared(record.raw(name), pool) for record in records])
    for fact in facts:
        made[f"fact {fact.name}"] = _packed(
            [_kept(context.once(r, fact.name, fact.compute), pool) for r in records]
        )
    return made


def joined(shelves: Sequence[Shelf], facts: Iterable[Fact], gone: Collection[int] = ()) -> Columns:
    """The columns of several shelves as one, in the order of the paths; without the rows `gone` of
    the first.
    """
    paths = [shelf.path(row).split("/") for shelf in shelves for row in range(len(shelf))]
    rows = sorted((row for row in range(len(paths)) if row not in gone), key=paths.__getitem__)
    whole = rows == list(range(len(paths)))

    def of_all(column: Callable[[Shelf], Iterable[Any]]) -> list[Any]:
        values = [value for shelf in shelves for value in column(shelf)]
        return values if whole else [values[row] for row in rows]

    damaged = of_all(lambda shelf: (row in shelf.damaged for row in range(len(shelf))))
    made: Columns = {
        "id": of_all(lambda shelf: shelf.ids),
        "folder": of_all(lambda shelf: shelf.folders),
        "shape": (shapes := of_all(lambda shelf: shelf.shapes)),
        "names": sorted({name for shape in set(shapes) for name in shape}),
        "damaged": [row for row, is_damaged in enumerate(damaged) if is_damaged],
    }
    for name in made["names"]:
        made[f"field {name}"] = _packed(of_all(lambda shelf, name=name: shelf.column(name)))  # type: ignore[misc]
    for fact in facts:
        made[f"fact {fact.name}"] = _packed(of_all(lambda shelf, name=fact.name: shelf.facts(name)))  # type: ignore[misc]
    return made


def _kept(value: Any, pool: dict[Any, Any]) -> Any:
    return (
        value if value is None or value is True or value is False else _shared(plain(value), pool)
    )


def _shared(value: Any, pool: dict[Any, Any]) -> Any:
    if isinstance(value, (str, tuple)):
        return pool.setdefault(value, value)
    if isinstance(value, list):
        return [_shared(each, pool) for each in value]
    if isinstance(value, dict):
        return {_shared(key, pool): _shared(each, pool) for key, each in value.items()}
    return value


def _packed(values: list[Any]) -> list[Any] | dict[int, Any]:
    there = {row: value for row, value in enumerate(values) if value is not None}
    return there if len(there) * SPARSE < len(values) else values


def _expanded(kept: list[Any] | Mapping[int, Any], count: int) -> list[Any]:
    if isinstance(kept, list):
        return kept
    found: list[Any] = [None] * count
    for row, value in kept.items():
        found[row] = value
    return found
