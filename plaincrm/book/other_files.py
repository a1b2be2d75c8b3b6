"""The files of a book that are no records, as text: settings, segments, templates, and the mail
that waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from plaincrm.book import inside
from plaincrm.book.config import SETTINGS
from plaincrm.core.text.text_file import decode
from plaincrm.errors import Refused

FOLDERS = ("segments", "templates", "sequences", "inbox", "outbox")
_LARGEST = 16_000_000  # bytes


def beside(root: Path) -> Iterator[tuple[str, str]]:
    """(path, text) of each, in order; what is huge or can't be read is left out, and no link is
    followed.
    """
    found = [SETTINGS]
    for folder in FOLDERS:
        files = inside.files(root, folder, hidden=True)
        found += [path for path, facts in files if facts.st_size <= _LARGEST]
    for path in sorted(found):
        with suppress(OSError, Refused):
            data = inside.read(root, path)
            if data is not None:
                yield path, decode(data)[0]
