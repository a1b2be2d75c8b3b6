"""Characters that a YAML parser refuses or misreads, replaced one for one by private ones that it
lets pass.

Controls, undecodable bytes and byte order marks would make the parser give up on a whole file, and
it takes NEL, LS and PS for line breaks, which no editor does. One for one keeps every offset, line
and column right.
"""

from __future__ import annotations

import re

from plaincrm.core.text.pattern import pattern

_ODD = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_PRIVATE = range(0xF0, 0x100)  # the highest bytes of U+F0000 to U+FFFFD


class EscapedText:
    """`text` is for the parser, `reveal` turns what it returns back."""

    def __init__(self, text: str) -> None:
        odd = sorted(set(_ODD.findall(text)))
        first = _unused_block(text) if odd else 0
        self._back = {first + number: char for number, char in enumerate(odd)}
        self.text = text.translate({ord(char): first + number for number, char in enumerate(odd)})

    def reveal(self, value: str) -> str:
        """The value as it stands in the file."""
        return value.translate(self._back) if self._back else value


def _unused_block(text: str) -> int:
    """The first of 4096 private characters that the text holds neither plain nor as an escape."""
    lowered = text.casefold()
    for high in _PRIVATE:
        block = re.compile(f"[{chr(high << 12)}-{chr((high << 12) + 0xFFF)}]")
        if f"\\u000{high:x}" not in lowered and block.search(text) is None:
            return high << 12
    return _PRIVATE[0] << 12
