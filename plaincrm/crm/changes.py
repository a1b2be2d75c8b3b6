"""What the writing commands do, as library calls: each gives a `Done`, staged and not yet written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plaincrm.core.edits import DeleteField, Edit, SetField
from plaincrm.core.frontmatter import Raw
from plaincrm.core.record import Record
from plaincrm.core.schema import Kind
from plaincrm.crm.assign import Assigner, Assignment
from plaincrm.crm.editing import Editing

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


@dataclass
class Done:
    """A staged change: `summary` says it in CRM terms, `echo` what was understood, `count` the records changed."""

    change: Editing
    summary: str
    records: list[Record] = field(default_factory=list)
    echo: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.change.change.files)


def assigner(book: Book, change: Editing) -> Assigner:
    """An Assigner whose `+NAME` makes the record in the same change."""

    def make(kind: Kind, name: str) -> str:
        return change.create(kind, {kind.title: name, "created": book.now.date().isoformat()}).id

    return Assigner(book, make)


def set_fields(book: Book, records: Sequence[Record], changes: Sequence[Assignment]) -> Done:
    """Stage `changes` on every record. Raises Refused, NotFound, Ambiguous; then nothing is staged to be written."""
    change = book.change("", "set")
    assigning = assigner(book, change)
    after = []
    for record in records:
        edits = assigning.edits(record.kind, changes, record)
        after.append(change.edit(record, [*edits, *consequences(book, record, edits)]))
    summary = _set_summary(records, changes)
    change.retitle(summary)
    return Done(change, summary, after, list(dict.fromkeys(assigning.echo)))


def consequences(book: Book, record: Record, edits: Sequence[Edit]) -> list[Edit]:
    """What setting a field brings with it: a stage or status that changes writes its log entry."""
    from plaincrm.core.edits import logged

    found: list[Edit] = []
    for edit in edits:
        if isinstance(edit, SetField) and isinstance(edit.value, str) and _keeps_history(record.kind, edit.field):
            old = record.text(edit.field)
            if old != edit.value:
                found.append(logged(book.now, edit.field, f"{old} -> {edit.value}"))
    return found


def _keeps_history(kind: Kind, name: str) -> bool:
    return (kind.name, name) in (("deal", "stage"), ("ticket", "status"))


def _set_summary(records: Sequence[Record], changes: Sequence[Assignment]) -> str:
    what = ", ".join(f"{name}{operator}{value}" if value else f"{name} deleted" for name, operator, value in changes)
    if len(records) == 1:
        return f"Set {records[0].ref}: {what}"
    kinds = {record.kind.plural for record in records}
    return f"Set {len(records)} {' and '.join(sorted(kinds)) or 'records'}: {what}"


def fields_of(edits: Sequence[Edit]) -> Mapping[str, Raw]:
    """The front matter that edits give a new record."""
    fields: dict[str, Raw] = {}
    for edit in edits:
        if isinstance(edit, SetField):
            fields[edit.field] = edit.value
        elif isinstance(edit, DeleteField):
            fields.pop(edit.field, None)
        elif hasattr(edit, "item"):
            present = fields.get(edit.field, [])
            fields[edit.field] = [*(present if isinstance(present, list) else [present]), edit.item]
    return fields
