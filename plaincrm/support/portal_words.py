"""The words of an article as the portal's search knows them.

The search runs in the reader's browser (`templates/portal/search.js`), which folds words in the
same way.
"""

from __future__ import annotations

import unicodedata

from plaincrm.core.text.pattern import pattern

_WORD = pattern(r"[^\W_]+")
_URL = pattern(r"\]\([^)]*\)")
_APART = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})


def folded(text: str) -> str:
    """Without case, accents and ligatures: `Größe` and `grosse` are one."""
    bare = unicodedata.normalize("NFKD", text.lower().translate(_APART))
    return "".join(char for char in bare if not unicodedata.combining(char))


def words_of(text: str) -> list[str]:
    """The folded words of a Markdown text; of a link what is read, not where it leads."""
    return [word for word in _WORD.findall(folded(_URL.sub("]", text))) if len(word) > 1]
