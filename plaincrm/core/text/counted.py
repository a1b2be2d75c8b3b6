"""Numbers of things in words: `1 deal`, `3 deals`."""

from __future__ import annotations


def counted(count: int, word: str, plural: str = "") -> str:
    """`1 deal`, `1,234 deals`; `plural` where it is not the word with an s."""
    return f"{count:,} {word if count == 1 else plural or word + 's'}"
