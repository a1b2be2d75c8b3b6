"""Where the front matter of a record begins and ends.

The first line is `---` at column 0 (a byte order mark may stand before it), the last is the next
line that is exactly `---` or `...`; white space after either is tolerated.
"""

from __future__ import annotations

from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value

_OPEN = pattern(r"\ufeff?---[ \t]*(?:\r\n|\n|\r|\Z)")
_CLOSE = pattern(r"[\n\r](?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)")
_BLANK = pattern(r"[\n\r](?=[ \t]*(?:\n|\r|\Z))")

MAX_CHARACTERS = 64 * 1024  # of front matter; more is not read
MAX_DEPTH = 16  # levels of it


@value
class Fences:
    """Offsets into the text: the fields are `text[start:end]`, the body is `text[body:]`."""

    start: int
    end: int
    body: int
    closed: bool = True


def find_fences(text: str) -> Fences | None:
    """The front matter's place, or None where the first line is no fence.

    An unclosed front matter ends at the first blank line, the most that is surely meant as fields.
    """
    opening = _OPEN.match(text)
    if opening is None:
        return None
    start = opening.end()
    closing = _CLOSE.search(text, start - 1)
    if closing is not None:
        return Fences(start, closing.start() + 1, closing.end())
    blank = _BLANK.search(text, start - 1)
    end = blank.start() + 1 if blank else len(text)
    return Fences(start, end, end, closed=False)
