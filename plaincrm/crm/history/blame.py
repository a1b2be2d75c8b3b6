"""Who set each field of a record, and when: its history, read field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.core.values.raw import Raw
from plaincrm.crm.history.field_changes import FieldChange, history

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData


@value
class BlamedField:
    """A field as the file has it, and the change that gave it this value; None for a value that no
    commit holds yet.
    """

    record: Record
    field: str
    value: Raw
    change: FieldChange | None


def blame(book: BookData, record: Record) -> list[BlamedField]:
    """Every field of the record, in the order of its file. Raises GitFailed without git."""
    changes = history(book, [record])
    committed = _committed(book, record)
    found = []
    for name, raw in record.fields.items():
        last = next((each for each in changes if each.field in (name, "")), None)
        same = committed is not None and committed.fields.get(name) == raw
        found.append(BlamedField(record, name, raw, last if same else None))
    return found


def _committed(book: BookData, record: Record) -> Record | None:
    """The record as the last commit has it."""
    git = book.git
    data = git.show("HEAD", record.path) if git is not None and git.head() else None
    if data is None:
        return None
    text = data.decode("utf-8", "replace")
    return Record.read(record.kind, record.id, record.path, text, record.log_settings)
