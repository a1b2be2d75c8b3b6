"""The files of a book that are no records, as text: settings, segments, templates, and the mail
that waits.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from plaincrm.book.atomic import read
from plaincrm.core.text.text_file import decode

PLACES = ("plaincrm.yaml", "segments", "templates", "sequences", "inbox", "outbox")
_LARGEST = 16_000_000  # bytes


def beside(root: Path) -> Iterator[tuple[str, str]]:
    """(path, text) of each, in order; what is huge or can't be read is left out, and no link is
    followed.
    """
    for path in sorted(_paths(root)):
        with suppress(OSError):
            if path.lstat().st_size <= _LARGEST:
                yield path.relative_to(root).as_posix(), decode(read(path))[0]


def _paths(root: Path) -> Iterator[Path]:
    for place in (root / name for name in PLACES):
        if place.is_symlink():
            continue
        if place.is_file():
            yield place
        for folder, _, names in os.walk(place):
            yield from (path for name in names if not (path := Path(folder) / name).is_symlink())
