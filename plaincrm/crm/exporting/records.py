"""Export: whole records as CSV, JSON or JSON lines, which `import` reads back as they were; and
other forms.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.book.new_file import write_new
from plaincrm.core.records.record import Record
from plaincrm.crm.exporting.forms import FORMS
from plaincrm.errors import Refused, UsageError

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

FORMATS = ("csv", "json", "jsonl", "md", *FORMS)
_OURS = (".git", ".plaincrm")


def chosen(book: Book, kind: str, words: Sequence[str]) -> list[Record]:
    """The records of a kind that a query selects; without a kind, all there are. Raises
    UsageError.
    """
    if not kind:
        return list(book.store.all())
    found = book.schema.find(kind)
    if found is None and book.kind(kind):
        said = f"{kind} are lines of records; export has them with their records"
        raise UsageError(said, f"plaincrm list {kind} --csv")
    return book.select(kind, words).records


def to_csv(book: Book, records: Sequence[Record]) -> bytes:
    """A row a record, a column a field; of the kinds that there are records of."""
    from plaincrm.interchange.records_csv import write

    kinds = {record.kind.name: record.kind for record in records}
    return "".join(write(records, kinds.values() or book.schema.kinds.values())).encode(
        "utf-8", "surrogateescape"
    )


def save(book: Book, path: str, data: bytes) -> None:
    """Write a new file for its owner only. Raises Refused inside the folders of records,
    PlaincrmError where the file is there."""
    place = Path(path).expanduser()
    folder = place.absolute().parent.resolve()
    if folder.is_relative_to(book.root):
        parts = folder.relative_to(book.root).parts
        if parts and parts[0] in (*book.schema.folders.values(), *_OURS):
            raise Refused(
                f"{path}: {parts[0]}/ is for records; an export does not go there",
                "name another folder",
            )
    write_new(place, data)
