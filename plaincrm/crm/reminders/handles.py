"""Handles: the short codes that `today` and `list tasks` print, good for `done` and `snooze`.

A handle is made from what the line is about, not from its place or its date, so it stays while the
reminder does. It is the shortest beginning, of three characters or more, that no other reminder's
code shares; a longer beginning of the same code always means the same thing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no i, l, o, u
_LOOKALIKES = str.maketrans("ilo", "110")
SHORTEST = 3
_LENGTH = 12


class HandleKey(tuple[str, str, str, str, int]):
    """What a handle stands for: a task of a record (by text and ordinal), or a reason about it."""

    __slots__ = ()

    def __new__(
        cls, reason: str, kind: str, id: str, text: str = "", ordinal: int = 0
    ) -> HandleKey:
        return super().__new__(cls, (reason, kind, id, text, ordinal))


def code(key: HandleKey) -> str:
    """The whole code of a reminder, twelve characters."""
    return _spelled(number(key), _LENGTH)


def _spelled(number: int, length: int) -> str:
    first = 5 * _LENGTH - 5
    return "".join(
        [_ALPHABET[number >> shift & 31] for shift in range(first, first - 5 * length, -5)]
    )


def number(key: HandleKey) -> int:
    """The code as a number of 60 bits, so that thousands are sorted without being spelled out."""
    try:
        from _blake2 import (
            # hashlib has the same, but loads OpenSSL first, which takes longer than `today`
            blake2b,
        )
    except ImportError:
        from hashlib import blake2b

    text = "\0".join((*key[:4], str(key[4])))
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()) >> 4


class Handles(Mapping[HandleKey, str]):
    """The handle of each key: unique among all of them, and among the `others`, known by number
    only.
    """

    def __init__(self, keys: Iterable[HandleKey], others: Iterable[int] = ()) -> None:
        self._numbers = {key: number(key) for key in keys}
        self._sorted = sorted({*self._numbers.values(), *others})

    def __getitem__(self, key: HandleKey) -> str:
        return self.of(self._numbers.get(key) or number(key))

    def of(self, own: int) -> str:
        """The handle that goes with the number of a key. Raises KeyError for one that is not among
        them.
        """
        place = bisect_left(self._sorted, own)
        if self._sorted[place : place + 1] != [own]:
            raise KeyError(own)
        neighbours = self._sorted[max(place - 1, 0) : place] + self._sorted[place + 1 : place + 2]
        longest = max((_shared(own, other) for other in neighbours), default=0)
        return _spelled(own, max(SHORTEST, longest + 1))

    def starting(self, word: str) -> list[int]:
        """The numbers whose handles begin so."""
        span = starting(word)
        if span is None:
            return []
        first, last = bisect_left(self._sorted, span[0]), bisect_right(self._sorted, span[1])
        return self._sorted[first:last]

    def __iter__(self) -> Iterator[HandleKey]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def _shared(one: int, other: int) -> int:
    """How many characters two codes begin with alike."""
    return (5 * _LENGTH - (one ^ other).bit_length()) // 5


def starting(word: str) -> tuple[int, int] | None:
    """The first number whose code begins with what the user typed, and the last; look-alikes (`l`
    for `1`) and case forgiven. None for what is no handle.
    """
    typed = word.strip().casefold().translate(_LOOKALIKES)
    if not SHORTEST <= len(typed) <= _LENGTH or not set(typed) <= set(_ALPHABET):
        return None
    first = 0
    for char in typed:
        first = first << 5 | _ALPHABET.index(char)
    left = 5 * (_LENGTH - len(typed))
    return first << left, (first + 1 << left) - 1
