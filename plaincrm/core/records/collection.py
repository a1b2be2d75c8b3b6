"""The records of one kind: those read from their files, and the rows of a shelf that nobody has
looked at yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, Any

from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold

if TYPE_CHECKING:
    from plaincrm.core.records.columns import Shelf
    from plaincrm.core.values.raw import Raw


FEW = 4  # look-ups that cost less than a map of all that might be looked up
Holdings = tuple["Shelf | None", Iterable[int], Iterable[Record]]
"""A shelf, the rows of it that no longer hold, and the records in their place and new ones."""


class Collection:
    """Records in the order of their paths. A row of the shelf becomes a record when it is first
    looked at.

    What the collection holds may be told later: columns of `shelf`, which will mostly be right,
    are then read while others still look for what changed.
    """

    def __init__(self, shelf: Shelf | None, holdings: Callable[[], Holdings]) -> None:
        self._likely = shelf
        self._holdings = holdings
        self._asked = 0

    @classmethod
    def of(
        cls, shelf: Shelf | None = None, gone: Iterable[int] = (), fresh: Iterable[Record] = ()
    ) -> Collection:
        """A collection of which all is known."""
        return cls(shelf, lambda: (shelf, gone, fresh))

    @cached_property
    def shelf(self) -> Shelf | None:
        self._join()
        shelf: Shelf | None = self.__dict__["shelf"]
        return shelf

    @cached_property
    def _rows(self) -> list[int]:
        """The row of the shelf at each place, -1 where there is none."""
        self._join()
        rows: list[int] = self.__dict__["_rows"]
        return rows

    @cached_property
    def _made(self) -> list[Record | None]:
        """The record at each place, once it is made."""
        self._join()
        made: list[Record | None] = self.__dict__["_made"]
        return made

    def _join(self) -> None:
        shelf, gone, fresh = self._holdings()
        if shelf is None:
            made: list[Record | None] = list(fresh)
            self.__dict__.update(shelf=None, _made=made, _rows=[-1] * len(made))
            return
        without = frozenset(gone)
        rows = (
            [row for row in range(len(shelf)) if row not in without]
            if without
            else list(range(len(shelf)))
        )
        self.__dict__.update(shelf=shelf, _rows=rows, _made=[None] * len(rows))
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
        if self._likely is not None:
            self._likely.column(name)
        if self.shelf is None:
            return [record.raw(name) for record in self]
        kept = self.shelf.column(name)
        if self._whole:
            return kept
        return [kept[row] if row >= 0 else self[n].raw(name) for n, row in enumerate(self._rows)]

    def facts(self, name: str, compute: Callable[[Record], Any]) -> list[Any]:
        """The kept fact `name` of every record in order; `compute` gives it of a record that is on
        no shelf.
        """
        if self._likely is not None:
            self._likely.facts(name)
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
        if self._whole:
            return [self[row] for row in sorted(kept)]
        return [
            self[n]
            for n, row in enumerate(self._rows)
            if (row in kept if row >= 0 else self[n].damaged)
        ]

    @cached_property
    def _whole(self) -> bool:
        """Whether the places are exactly the rows of the shelf."""
        return (
            self.shelf is not None and len(self._rows) == len(self.shelf) and -1 not in self._rows
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
