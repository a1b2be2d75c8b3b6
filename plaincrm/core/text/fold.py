"""The form in which ids, tags and names are compared."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """`text` in Unicode's normal form C, without case: `JOSÉ` and `José` are one."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFC", text).casefold()
