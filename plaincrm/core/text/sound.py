"""Text that a file can hold: UTF-8, and no control characters but tabs and line ends.

Words come from terminals, pipes and other programs' files. What would break the file that they go
into is refused where every text passes, whatever command it came by.
"""

from __future__ import annotations

from plaincrm.core.text.pattern import pattern
from plaincrm.errors import Refused

# Bytes that were no UTF-8, as Python keeps them; and control characters, those of C1 too.
_UNDECODED = pattern("[\ud800-\udfff]")
_CONTROL = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")


def refuse_unsound(before: str, after: str, path: str) -> None:
    """Raises Refused where a text has more of these than it had: what was there already may stay,
    since it is somebody's file.
    """
    if after.isascii() and after.isprintable():
        return
    if len(_UNDECODED.findall(after)) > len(_UNDECODED.findall(before)):
        raise Refused(
            f"{path}: the text holds bytes that are not UTF-8; nothing was written",
            "type it again, or convert it: iconv -t UTF-8",
        )
    if len(_CONTROL.findall(after)) > len(_CONTROL.findall(before)):
        found = _CONTROL.search(after)
        code = ord(found[0]) if found else 0
        raise Refused(
            f"{path}: the text holds the control character U+{code:04X}; nothing was written",
            "leave it out",
        )
