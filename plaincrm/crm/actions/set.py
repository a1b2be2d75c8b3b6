"""Fields set on one record or on many, as one staged change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from plaincrm.core.records.edits import Edit, logged
from plaincrm.core.records.record import Record
from plaincrm.crm.assignments import Assignment, assigner
from plaincrm.crm.effects import CONSENT, FIELD_EDITS
from plaincrm.crm.staged import Staged, staged
from plaincrm.crm.suppressed_addresses import release
from plaincrm.errors import Refused
from plaincrm.marketing.consent import SUBSCRIBED_AGAIN, flag

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.crm.change import Change


def set_fields(
    book: Book, records: Sequence[Record], changes: Sequence[Assignment], *, own: bool = False
) -> Staged:
    """Stage `changes`, (field, operator, value) with one of `= += -=`, on every record. `own`: a
    new field is meant, though a known one is spelled much like it.

    Raises UsageError, Refused, NotFound, Ambiguous; nothing is written then, and Refused names all
    the records that refuse.
    """
    change = book.change("", "set")
    assigning = assigner(book, change, own=own)
    after: list[Record] = []
    refused: dict[str, Refused] = {}
    for record in records:
        try:
            after.append(_edited(change, record, assigning.edits(record.kind, changes, record)))
        except Refused as error:
            refused[record.ref] = error
    if refused:
        raise _together(refused, len(records))
    return staged(change, _summary(records, changes), after, assigning.echo)


def _edited(change: Change, record: Record, edits: Sequence[Edit]) -> Record:
    """The record after the edits. Who is said to be subscribed again comes off the list of
    addresses, too.
    """
    named = {edit.field for edit in edits if isinstance(edit, FIELD_EDITS)}
    after = change.edit(record, edits)
    if "unsubscribed" not in named or flag(after.fields.get("unsubscribed")):
        return after
    if not release(change, after.fields) or flag(record.fields.get("unsubscribed")):
        return after
    return change.edit(after, [logged(change.book.now, CONSENT, SUBSCRIBED_AGAIN)])


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
        return f"Set {records[0].ref}: {what}"
    kinds = {record.kind.plural for record in records}
    return f"Set {len(records)} {' and '.join(sorted(kinds)) or 'records'}: {what}"
