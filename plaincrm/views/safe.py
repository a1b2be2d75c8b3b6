"""Text from records for a terminal: nothing in it may move the cursor, colour, rename the window or
turn the line.

Every string that came from a file, a mail or git goes through `safe` before it is shown.
"""

from __future__ import annotations

import re

from plaincrm.core.text.pattern import pattern

_UNSAFE = pattern(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
    "|(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d"  # a joiner belongs between emoji only
)


def safe(text: str) -> str:
    """`text` with control, direction and invisible characters spelled out; tabs stay, every line
    ends with LF.
    """
    text = text.replace("\r\n", "\n").removesuffix("\r")
    return _UNSAFE.sub(_spell, text) if not text.isascii() or _UNSAFE.search(text) else text


def line(text: str) -> str:
    """`text` made safe and put on one line."""
    return " ".join(safe(text).split())


def _spell(found: re.Match[str]) -> str:
    """What JSON does not escape is spelled as JSON would, so that it stays JSON."""
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x7F else f"\\u{code:04x}"
