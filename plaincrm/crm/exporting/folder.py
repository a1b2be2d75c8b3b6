"""A folder of pages on the disk: never among the records, and never over somebody else's files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.book.export_folder import write_folder
from plaincrm.core.text.counted import counted
from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

_OURS = (".git", ".plaincrm", "templates", "segments", "reports", "inbox", "outbox")


def write_export(book: BookData, folder: str, files: Mapping[str, bytes]) -> str:
    """Write the files into `folder`; what was done, in words. Raises Refused for a folder of the
    book's own, and where a file is in the way that plaincrm did not write.
    """
    place = Path(folder).expanduser().absolute()
    refuse_own(book, place, folder)
    done = write_folder(place, files)
    parts = [f"{counted(done.written, 'file')} written in {folder}"]
    if done.same:
        parts.append(f"{done.same} as they were")
    if done.removed:
        parts.append(f"{done.removed} no longer needed taken away")
    return ", ".join(parts)


def refuse_own(book: BookData, place: Path, folder: str) -> None:
    """Raises Refused where an exported folder would lie among the book's own files."""
    found = place.resolve()
    if found == book.root:
        raise Refused(f"{folder} is the book itself", "name a folder of its own, such as public")
    if not found.is_relative_to(book.root):
        return
    first = found.relative_to(book.root).parts[0]
    if first in (*book.schema.folders.values(), *_OURS):
        raise Refused(f"{folder}: {first}/ belongs to the book", "name a folder of its own")
