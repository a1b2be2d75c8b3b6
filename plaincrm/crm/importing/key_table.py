"""Who is found by a key, for many keys: most are kept as a number of 64 bits, not as text."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

_Known = TypeVar("_Known")

SMALLEST = 64  # slots of a table, a power of two
NOBODY = -1


class HashTable:
    """Numbers by hashes, each hash at most once, 12 bytes a slot; a third of the slots stay free.

    A slot is searched from where the hash says, one after the other (linear probing).
    """

    def __init__(self) -> None:
        self._hashes, self._numbers = _slots(SMALLEST)
        self._used = 0

    def __len__(self) -> int:
        return self._used

    def get(self, hashed: int) -> int:
        """The number of that hash, or NOBODY."""
        return self._numbers[self._slot(hashed)]

    def put(self, hashed: int, number: int) -> None:
        """Enters a number, from 0 on, for a hash that has none."""
        if 3 * self._used >= 2 * len(self._numbers):
            self._grow()
        slot = self._slot(hashed)
        self._hashes[slot], self._numbers[slot] = hashed, number
        self._used += 1

    def _slot(self, hashed: int) -> int:
        """The slot of that hash, or the free one that it would get."""
        hashes, numbers, last = self._hashes, self._numbers, len(self._numbers) - 1
        slot = hashed & last
        while numbers[slot] != NOBODY and hashes[slot] != hashed:
            slot = (slot + 1) & last
        return slot

    def _grow(self) -> None:
        old = zip(self._hashes, self._numbers, strict=True)
        self._hashes, self._numbers = _slots(2 * len(self._numbers))
        for hashed, number in old:
            if number != NOBODY:
                slot = self._slot(hashed)
                self._hashes[slot], self._numbers[slot] = hashed, number


def _slots(count: int) -> tuple[array[int], array[int]]:
    return array("q", [0]) * count, array("i", [NOBODY]) * count


class KeyTable(Generic[_Known]):
    """Those of `known` by their keys. `keys_of` says which keys one of them has by itself.

    A key that somebody has by himself, and nobody else has, is kept as its hash; who is found by a
    hash is asked for his keys. All other keys are kept as they are.
    """

    def __init__(
        self,
        known: Sequence[_Known],
        keys_of: Callable[[_Known], Iterable[str]],
        hashed: Callable[[str], int] = hash,
    ) -> None:
        self._known, self._keys_of, self._hash = known, keys_of, hashed
        self._own = HashTable()
        self._others: dict[str, _Known | list[_Known]] = {}

    def find(self, key: str) -> list[_Known]:
        """All who have that key, in the order in which they were entered."""
        there = self._others.get(key)
        if there is None:
            return self._owner(key)
        return list(there) if isinstance(there, list) else [there]

    def enter_own(self, key: str, number: int) -> None:
        """Enters the one of that number in `known` under a key that `keys_of` says of him, now and
        later."""
        hashed = self._hash(key)
        if key in self._others or self._own.get(hashed) != NOBODY:
            self.enter(key, self._known[number])
        else:
            self._own.put(hashed, number)

    def enter(self, key: str, one: _Known) -> None:
        """Enters `one` under any key. Mostly a key is that of one; only where it is not, there is a
        list."""
        found = self.find(key)
        if any(each is one for each in found):
            return
        there = self._others.get(key)
        if isinstance(there, list):
            there.append(one)
        else:
            self._others[key] = [*found, one] if found else one

    def _owner(self, key: str) -> list[_Known]:
        number = self._own.get(self._hash(key))
        if number == NOBODY:
            return []
        one = self._known[number]
        return [one] if key in self._keys_of(one) else []
