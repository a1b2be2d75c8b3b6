"""What a writing command is about to do, staged and not yet written; and setting fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plaincrm.core.records.edits import AddItem, DeleteField, Edit, SetField
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.yaml.front_matter import Raw
from plaincrm.crm.assignments import Assigner, Assignment
from plaincrm.crm.change import Editing, edited
from plaincrm.crm.effects import consequences
from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

SUBJECT = 100  # characters of a commit message's first line


@dataclass
class Done:
    """A staged change: `summary` says it in CRM terms, `echo` what was understood, `records` those
    it is about.
    """

    change: Editing
    summary: str
    records: list[Record] = field(default_factory=list)
    echo: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many of `records` change; without any, how many files."""
        touched = {change.path for change in self.change.change.files}
        return (
            len(touched & {record.path for record in self.records})
            if self.records
            else len(touched)
        )


def assigner(book: Book, change: Editing, *, own: bool = False) -> Assigner:
    """An Assigner whose `+NAME` makes the record in the same change."""

    made: dict[tuple[str, str], str] = {}

    def make(kind: Kind, name: str) -> str:
        if (kind.name, name) not in made:
            fields = {kind.title: name, "created": book.now.date().isoformat()}
            made[kind.name, name] = change.create(kind, fields).id
        return made[kind.name, name]

    return Assigner(book, make, own)


def set_fields(
    book: Book, records: Sequence[Record], changes: Sequence[Assignment], *, own: bool = False
) -> Done:
    """Stage `changes` on every record. Raises UsageError, Refused, NotFound, Ambiguous; nothing is
    written then, and Refused names all the records that refuse."""
    change = book.change("", "set")
    assigning = assigner(book, change, own=own)
    after: list[Record] = []
    refused: dict[str, Refused] = {}
    for record in records:
        try:
            after.append(_set(change, record, assigning.edits(record.kind, changes, record)))
        except Refused as error:
            refused[record.ref] = error
    if refused:
        raise _together(refused, len(records))
    summary = _summary(records, changes)
    change.retitle(summary)
    return Done(change, summary, after, list(dict.fromkeys(assigning.echo)))


def _set(change: Editing, record: Record, edits: Sequence[Edit]) -> Record:
    book = change.book
    text = edited(record, record.load(), edits)
    wanted = Record.read(record.kind, record.id, record.path, text, record.types)
    names = {edit.field for edit in edits if isinstance(edit, SetField | DeleteField)}
    return change.edit(record, [*edits, *consequences(record, wanted, names, book.context)])


def _together(refused: Mapping[str, Refused], asked: int) -> Refused:
    """One error for all records that refuse, the reason once."""
    first = next(iter(refused.values()))
    if asked == 1:
        return first
    by_reason: dict[str, list[str]] = {}
    for ref, error in refused.items():
        by_reason.setdefault(error.message, []).append(ref)
    reasons = "; ".join(f"{reason} ({', '.join(refs)})" for reason, refs in by_reason.items())
    return Refused(
        f"{len(refused)} of {asked} records refuse, nothing was written: {reasons}", first.hint
    )


def _summary(records: Sequence[Record], changes: Sequence[Assignment]) -> str:
    what = ", ".join(
        f"{name}{operator}{value}" if value else f"{name} deleted"
        for name, operator, value in changes
    )
    if len(records) == 1:
        return subject(f"Set {records[0].ref}: {what}")
    kinds = {record.kind.plural for record in records}
    return subject(f"Set {len(records)} {' and '.join(sorted(kinds)) or 'records'}: {what}")


def subject(text: str) -> str:
    """The text as the first line of a commit message: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= SUBJECT else line[: SUBJECT - 1].rstrip() + "…"


def fields_of(edits: Sequence[Edit]) -> dict[str, Raw]:
    """The front matter that edits give a new record."""
    fields: dict[str, Raw] = {}
    for edit in edits:
        if isinstance(edit, SetField):
            fields[edit.field] = edit.value
        elif isinstance(edit, DeleteField):
            fields.pop(edit.field, None)
        elif isinstance(edit, AddItem):
            present = fields.get(edit.field, [])
            fields[edit.field] = [*(present if isinstance(present, list) else [present]), edit.item]
    return fields
