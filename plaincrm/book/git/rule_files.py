"""Files of rules that git reads: what it ignores, and attributes."""

from __future__ import annotations

from pathlib import Path

from plaincrm.book import atomic

_OF_THE_TREE = (".gitignore", ".gitattributes")


def rules_in(path: Path) -> bytes:
    """What the file says; nothing where it can't be read. As git does, a link in the work tree is
    not followed; the user's own files may be links.
    """
    try:
        return atomic.read(path) if path.name in _OF_THE_TREE else path.read_bytes()
    except OSError:
        return b""
