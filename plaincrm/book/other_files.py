"""The files of a book that are no records, as text: settings, segments, templates, the mail that
waits, notes and whatever else lies in its folder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from plaincrm.book import inside
from plaincrm.core.text.text_file import decode
from plaincrm.errors import Refused

_LARGEST = 16_000_000  # bytes
_OWN = ".plaincrm/"  # lists of hashes, and of pairs, which are kept by plaincrm itself
_HEAD = 8000  # bytes; a file with a zero among them holds no text, as git sees it


def beside(root: Path, records: Collection[str]) -> Iterator[tuple[str, str | None]]:
    """(path, text) of each but the `records`, in order; the text is None where a file is huge. What
    holds no text or can't be read is left out, and no link is followed.
    """
    for path, facts in inside.files(root, "", hidden=True):
        if path in records or path.startswith(_OWN):
            continue
        if facts.st_size > _LARGEST:
            yield path, None
            continue
        with suppress(OSError, Refused):
            data = inside.read(root, path) or b""
            if b"\0" not in data[:_HEAD]:
                yield path, decode(data)[0]
