"""The records of one kind: those read from their files, and the rows of columns that nobody has
looked at yet.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, Any, overload

from plaincrm.core.records.columns import Columns
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import value

if TYPE_CHECKING:
    from plaincrm.core.values.raw import Raw

FEW = 4  # look-ups that cost less than a map of all that might be looked up


@value
class Holdings:
    """Columns, the rows of them that no longer hold, and the records in their place and new ones.

    `state` tells what the columns were read from, empty where nothing does.
    """

    columns: Columns | None = None
    gone: Iterable[int] = ()
    fresh: Iterable[Record] = ()
    state: str = ""


class _Held:
    """What stands at each place: a record that was made, or a row of the columns (else -1)."""

    def __init__(self, holdings: Holdings) -> None:
        self.columns = holdings.columns
        count = len(holdings.columns) if holdings.columns is not None else 0
        gone = frozenset(holdings.gone)
        self.rows = [row for row in range(count) if row not in gone] if gone else [*range(count)]
        self.made: list[Record | None] = [None] * len(self.rows)
        self._state = holdings.state
        self._gone, self._fresh = gone, list(holdings.fresh)
        if self.columns is None:
            self.rows, self.made = [-1] * len(self._fresh), list(self._fresh)
            return
        for record in self._fresh:
            place = self._place(record.path.split("/"))
            self.rows.insert(place, -1)
            self.made.insert(place, record)

    @cached_property
    def state(self) -> str:
        """What tells these records from any others of the kind; empty where it is unknown."""
        if not self._state or not (self._gone or self._fresh):
            return self._state
        from hashlib import blake2b

        found = blake2b(repr(sorted(self._gone)).encode())
        for record in self._fresh:
            found.update(f"{record.path}\0{record.load()}\0".encode("utf-8", "surrogateescape"))
        return f"{self._state} {found.hexdigest()}"

    def _place(self, path: list[str]) -> int:
        """Where a path belongs."""
        return bisect_left(range(len(self.rows)), path, key=lambda at: self._path(at).split("/"))

    def _path(self, place: int) -> str:
        made = self.made[place]
        if made is not None:
            return made.path
        assert self.columns is not None
        return self.columns.path(self.rows[place])


class Collection:
    """Records in the order of their paths. A row of the columns becomes a record when it is first
    looked at.

    What the collection holds may be told later: `likely` columns, which will mostly be right, are
    then read while others still look for what changed.
    """

    def __init__(self, likely: Columns | None, holdings: Callable[[], Holdings]) -> None:
        self._likely = likely
        self._holdings = holdings
        self._asked = 0

    @classmethod
    def of(
        cls, columns: Columns | None = None, gone: Iterable[int] = (), fresh: Iterable[Record] = ()
    ) -> Collection:
        """A collection of which all is known."""
        return cls(columns, lambda: Holdings(columns, gone, fresh))

    @cached_property
    def _held(self) -> _Held:
        return _Held(self._holdings())

    @property
    def columns(self) -> Columns | None:
        return self._held.columns

    @property
    def state(self) -> str:
        """What the records rest on, as a text that changes with them; empty where it is unknown."""
        return self._held.state

    def __len__(self) -> int:
        return len(self._held.rows)

    def __getitem__(self, place: int) -> Record:
        held = self._held
        made = held.made[place]
        if made is None:
            assert held.columns is not None
            made = held.made[place] = held.columns.record(held.rows[place])
        return made

    def __iter__(self) -> Iterator[Record]:
        return map(self.__getitem__, range(len(self._held.rows)))

    def ids(self) -> list[str]:
        """The id of every record, in order."""
        kept = self.columns.ids if self.columns is not None else []
        return self._joined(kept, lambda record: record.id)

    def column(self, name: str) -> Sequence[Raw | None]:
        """Field `name` of every record as it stands in the file, in order."""
        if self._likely is not None:
            self._likely.column(name)
        kept = self.columns.column(name) if self.columns is not None else []
        return self._joined(kept, lambda record: record.raw(name))

    def facts(self, name: str, compute: Callable[[Record], Any]) -> list[Any]:
        """The kept fact `name` of every record in order; `compute` gives it of a record that is in
        no columns.
        """
        if self._likely is not None:
            self._likely.facts(name)
        kept = self.columns.facts(name) if self.columns is not None else []
        return self._joined(kept, compute)

    def _joined(self, kept: list[Any], own: Callable[[Record], Any]) -> list[Any]:
        """What is `kept` of the rows, and the `own` of the records that are not among them."""
        if self._whole:
            return kept
        places = enumerate(self._held.rows)
        return [kept[row] if row >= 0 else own(self[place]) for place, row in places]

    def search_texts(self) -> list[tuple[int, bytes]]:
        """The pieces of search text that are kept (`records.search_text`), in the order of the
        rows.
        """
        return (self.columns.search_texts if self.columns is not None else None) or []

    def places_of_rows(self) -> dict[int, int]:
        """The place of each row of the columns that still holds."""
        return {row: place for place, row in enumerate(self._held.rows) if row >= 0}

    def carrying(self, name: str) -> list[Record]:
        """The records whose file has the field `name`."""
        places = (n for n, raw in enumerate(self.column(name)) if raw is not None)
        return [self[n] for n in places]

    def chosen(self, keep: Iterable[object]) -> list[Record]:
        """The records for which `keep`, one value a record in order, is true."""
        return [self[n] for n in compress(range(len(self)), keep)]

    def matching(self, keep: Iterable[object]) -> ChosenRecords:
        """As `chosen`, but none of them is made yet."""
        return ChosenRecords(self, list(compress(range(len(self)), keep)))

    def names(self) -> set[str]:
        """Every key that a record carries."""
        if self.columns is None or not self._whole:
            kept = self.columns.names if self.columns is not None else ()
            there = {name for name in kept if any(raw is not None for raw in self.column(name))}
            return there.union(
                *(self[n].fields for n, row in enumerate(self._held.rows) if row < 0)
            )
        return set(self.columns.names)

    @property
    def damaged(self) -> list[Record]:
        """The records whose file could not be read whole."""
        kept = self.columns.damaged if self.columns is not None else frozenset()
        if self._whole:
            return [self[row] for row in sorted(kept)]
        return [
            self[n]
            for n, row in enumerate(self._held.rows)
            if (row in kept if row >= 0 else self[n].damaged)
        ]

    @cached_property
    def _whole(self) -> bool:
        """Whether the places are exactly the rows of the columns."""
        return (
            self.columns is not None
            and len(self._held.rows) == len(self.columns)
            and -1 not in self._held.rows
        )

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each id, folded; of twins the first."""
        ids = self.ids()
        return dict(zip(map(fold, reversed(ids)), range(len(ids) - 1, -1, -1), strict=True))

    def find(self, id: str) -> Record | None:
        place = self._find(fold(id))
        return None if place is None else self[place]

    def _find(self, key: str) -> int | None:
        """The place of a folded id. The first few are looked for one by one: `places` costs as much
        as hundreds.
        """
        self._asked += 1
        if self._asked > FEW or "places" in self.__dict__:
            return self.places.get(key)
        ids = self.ids()
        odd = (
            place
            for place, id in enumerate(ids)
            if not (id.isascii() and id.islower()) and fold(id) == key
        )
        found = [*([ids.index(key)] if key in ids else []), *odd]
        return min(found, default=None)

    def put(self, record: Record) -> None:
        """Add a record at the end, or replace the one of its id."""
        place = self.places.get(fold(record.id))
        if place is None:
            self.places[fold(record.id)] = len(self)
            self._held.rows.append(-1)
            self._held.made.append(record)
        else:
            self._held.rows[place], self._held.made[place] = -1, record
        self.__dict__.pop("_whole", None)

    def remove(self, id: str) -> None:
        place = self.places.get(fold(id))
        if place is not None:
            del self._held.rows[place], self._held.made[place]
            self.__dict__.pop("places", None)
            self.__dict__.pop("_whole", None)


class ChosenRecords(Sequence[Record]):
    """Some records of a collection in its order, each made when it is looked at: whoever only
    counts or names them makes none.
    """

    def __init__(self, collection: Collection, places: list[int]) -> None:
        self._collection = collection
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> ChosenRecords: ...
    def __getitem__(self, place: int | slice) -> Record | ChosenRecords:
        if isinstance(place, slice):
            return ChosenRecords(self._collection, self._places[place])
        return self._collection[self._places[place]]

    def __iter__(self) -> Iterator[Record]:
        return map(self._collection.__getitem__, self._places)

    def ids(self) -> list[str]:
        every = self._collection.ids()
        return [every[place] for place in self._places]
