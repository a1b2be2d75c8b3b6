"""The records of one kind: those read from their files, and the rows of a shelf that nobody has looked at yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, Any

from plaincrm.core.record import Record
from plaincrm.core.types import fold

if TYPE_CHECKING:
    from plaincrm.core.raw import Raw
    from plaincrm.core.shelf import Shelf


class Stock:
    """Records in the order of their paths. A row of `shelf` becomes a record when it is first looked at.

    `without` are rows that no longer hold; `fresh` are the records in their place, and new ones.
    """

    def __init__(
        self, fresh: Iterable[Record] = (), shelf: Shelf | None = None, without: Iterable[int] = ()
    ) -> None:
        self.shelf = shelf
        self._made: list[Record | None] = list(fresh)
        self._rows: list[int] = [-1] * len(self._made)
        if shelf is not None:
            self._join(shelf, frozenset(without))

    def _join(self, shelf: Shelf, without: frozenset[int]) -> None:
        fresh = [record for record in self._made if record is not None]
        rows = [row for row in range(len(shelf)) if row not in without] if without else list(range(len(shelf)))
        self._rows, self._made = rows, [None] * len(rows)
        for record in fresh:
            place = self._place(record.path.split("/"))
            self._rows.insert(place, -1)
            self._made.insert(place, record)

    def _place(self, path: list[str]) -> int:
        """Where a path belongs, by bisection."""
        low, high = 0, len(self._rows)
        while low < high:
            middle = (low + high) // 2
            if self._path(middle).split("/") < path:
                low = middle + 1
            else:
                high = middle
        return low

    def _path(self, place: int) -> str:
        made = self._made[place]
        if made is not None:
            return made.path
        assert self.shelf is not None
        return self.shelf.path(self._rows[place])

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: int) -> Record:
        made = self._made[place]
        if made is None:
            assert self.shelf is not None
            made = self._made[place] = self.shelf.record(self._rows[place])
        return made

    def __iter__(self) -> Iterator[Record]:
        return map(self.__getitem__, range(len(self._rows)))

    def ids(self) -> list[str]:
        """The id of every record, in order."""
        if self.shelf is not None and self._whole:
            return self.shelf.ids
        kept = self.shelf.ids if self.shelf is not None else []
        return [kept[row] if row >= 0 else self[n].id for n, row in enumerate(self._rows)]

    def column(self, name: str) -> Sequence[Raw | None]:
        """Field `name` of every record as it stands in the file, in order."""
        if self.shelf is None:
            return [record.raw(name) for record in self]
        kept = self.shelf.column(name)
        if self._whole:
            return kept
        return [kept[row] if row >= 0 else self[n].raw(name) for n, row in enumerate(self._rows)]

    def facts(self, name: str, compute: Callable[[Record], Any]) -> list[Any]:
        """The kept fact `name` of every record in order; `compute` gives it of a record that is on no shelf."""
        if self.shelf is None:
            return [compute(record) for record in self]
        kept = self.shelf.facts(name)
        if self._whole:
            return kept
        return [kept[row] if row >= 0 else compute(self[n]) for n, row in enumerate(self._rows)]

    def carrying(self, name: str) -> list[Record]:
        """The records whose file has the field `name`."""
        places = (n for n, raw in enumerate(self.column(name)) if raw is not None)
        return [self[n] for n in places]

    def chosen(self, keep: Iterable[object]) -> list[Record]:
        """The records for which `keep`, one value a record in order, is true."""
        return [self[n] for n in compress(range(len(self)), keep)]

    def names(self) -> set[str]:
        """Every key that a record carries."""
        if self.shelf is None or not self._whole:
            kept = self.shelf.names if self.shelf is not None else ()
            there = {name for name in kept if any(raw is not None for raw in self.column(name))}
            return there.union(*(self[n].fields for n, row in enumerate(self._rows) if row < 0))
        return set(self.shelf.names)

    @property
    def damaged(self) -> list[Record]:
        """The records whose file could not be read whole."""
        kept = self.shelf.damaged if self.shelf is not None else frozenset()
        return [self[n] for n, row in enumerate(self._rows) if (row in kept if row >= 0 else self[n].damaged)]

    @cached_property
    def _whole(self) -> bool:
        """Whether the places are exactly the rows of the shelf."""
        return self.shelf is not None and len(self._rows) == len(self.shelf) and -1 not in self._rows

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each id, folded; of twins the first."""
        ids = self.ids()
        return dict(zip(map(fold, reversed(ids)), range(len(ids) - 1, -1, -1), strict=True))

    def find(self, id: str) -> Record | None:
        place = self.places.get(fold(id))
        return None if place is None else self[place]

    def put(self, record: Record) -> None:
        """Add a record at the end, or replace the one of its id."""
        place = self.places.get(fold(record.id))
        if place is None:
            self.places[fold(record.id)] = len(self)
            self._rows.append(-1)
            self._made.append(record)
        else:
            self._rows[place], self._made[place] = -1, record
        self.__dict__.pop("_whole", None)

    def remove(self, id: str) -> None:
        place = self.places.get(fold(id))
        if place is not None:
            del self._rows[place], self._made[place]
            self.__dict__.pop("places", None)
            self.__dict__.pop("_whole", None)
