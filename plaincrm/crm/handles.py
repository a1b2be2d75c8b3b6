"""Handles: the short codes that `today` and `list tasks` print, good for `done` and `snooze`.

A handle is made from what the line is about, not from its place or its date, so it stays while the matter
does. It is the shortest beginning, of three characters or more, that no other open matter's code shares; a
longer beginning of the same code always means the same thing.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no i, l, o, u
_LOOKALIKES = str.maketrans("ilo", "110")
SHORTEST = 3
_LENGTH = 12


class Key(NamedTuple):
    """What a handle stands for: a task of a record (by text and ordinal), or a reason about it."""

    reason: str
    kind: str
    id: str
    text: str = ""
    ordinal: int = 0


def code(key: Key) -> str:
    """The whole code of a matter, twelve characters."""
    number = int.from_bytes(
        blake2b("\0".join(map(str, key)).encode("utf-8", "replace"), digest_size=8).digest()
    )
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(0, 5 * _LENGTH, 5))


def assign(keys: Iterable[Key]) -> dict[Key, str]:
    """The handle of each key: unique among all of them."""
    codes = sorted((code(key), key) for key in dict.fromkeys(keys))
    handles = {}
    for n, (own, key) in enumerate(codes):
        neighbours = [codes[i][0] for i in (n - 1, n + 1) if 0 <= i < len(codes)]
        longest = max((_shared(own, other) for other in neighbours), default=0)
        handles[key] = own[: max(SHORTEST, longest + 1)]
    return handles


def _shared(one: str, other: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b), _LENGTH)


def find(word: str, keys: Iterable[Key]) -> list[Key]:
    """The keys whose code begins with what the user typed, look-alikes (`l` for `1`) and case forgiven."""
    typed = word.strip().casefold().translate(_LOOKALIKES)
    if len(typed) < SHORTEST:
        return []
    return [key for key in dict.fromkeys(keys) if code(key).startswith(typed)]
