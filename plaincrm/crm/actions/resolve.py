"""What syncs could not decide, and deciding it: the fields that `_conflicts` names, with all their
values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from plaincrm.core.merge.values import CONFLICTS
from plaincrm.core.records.edits import DeleteField, Edit, SetField
from plaincrm.core.records.record import Record
from plaincrm.core.values.raw import Raw, items
from plaincrm.crm.contested import Contested, ValueOrigin, cleared, contested, parted, value_at
from plaincrm.crm.history.field_changes import FieldChange, history
from plaincrm.crm.staged import Staged, subject
from plaincrm.errors import NotFound, Refused, did_you_mean

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

WORD = "resolve"


def all_contested(book: Book) -> list[Contested]:
    """Those of all records, each with who set which value and when, as far as git tells."""
    records = [
        each
        for kind in book.schema.kinds
        for each in book.store.collection(kind).carrying(CONFLICTS)
    ]
    found = [each for record in records for each in contested(record)]
    refs = {each.record.ref for each in found}
    changes: dict[str, list[FieldChange]] = {}
    if refs and book.git is not None:
        one = (
            [found[0].record] if len(refs) == 1 else None
        )  # of one record git need not tell the whole history
        for change in history(book, one, refs=refs):
            changes.setdefault(change.record, []).append(change)
    return [_with_origins(each, changes.get(each.record.ref, ())) for each in found]


def chosen(field: Contested, choice: str, value: str = "") -> Raw:
    """The value that a choice means: `ours` is what the file shows, `theirs` the other, `both` a
    list of all, `value` the given one. Raises Refused."""
    if choice == "value":
        return value
    if choice == "ours":
        return field.shown or ""
    if choice == "theirs":
        if len(field.others) == 1:
            return field.others[0]
        said = ", ".join(map(words, field.others))
        raise Refused(
            f"{field.name} has several other values: {said}", "name the one you want: --value …"
        )
    declared = field.record.kind.fields.get(field.name)
    if declared is not None and not declared.many:
        raise Refused(f"{field.name} holds one value, not several", "--ours, --theirs or --value …")
    every = [item.text for raw in (field.shown, *field.others) for item in items(raw)]
    return list(dict.fromkeys(every))


def resolve(book: Book, decisions: Sequence[tuple[Contested, Raw]]) -> Staged:
    """Stage that each of these fields, all of one record, holds the given value, and is contested
    no more.
    """
    record = decisions[0][0].record
    edits: list[Edit] = []
    for field, value in decisions:
        top, _, key = parted(record.fields, field.name)
        edits.append(
            SetField(top, _put(record.fields.get(top), key, value)) if value else DeleteField(top)
        )
    # a value that stands already is not set: it would be no change, and write no entry
    edits = [
        edit
        for edit in edits
        if not (isinstance(edit, SetField) and edit.value == record.fields.get(edit.field))
    ]
    said = ", ".join(f"{field.name}={words(value)}" for field, value in decisions)
    change = book.change(subject(f"Resolve {record.ref}: {said}"), WORD)
    closing = cleared(record, {field.name for field, _ in decisions})
    after = change.edit(record, [*edits, *closing])
    return Staged(change, subject(f"{record.ref}: {said}"), [after])


def named(record: Record, name: str) -> Contested:
    """The contested field of that name. Raises NotFound."""
    fields = contested(record)
    for field in fields:
        if field.name == name:
            return field
    names = [field.name for field in fields]
    if not names:
        raise NotFound(f"nothing is contested in {record.ref}", "plaincrm conflicts lists what is")
    hint = did_you_mean(name, names) or f"contested: {', '.join(names)}"
    raise NotFound(f'"{name}" is not contested in {record.ref}', hint)


def words(value: Raw | None) -> str:
    """A value on one line."""
    return ", ".join(
        f"{item.label}: {item.text}" if item.label else item.text for item in items(value)
    )


def _put(raw: Raw | None, key: str, value: Raw) -> Raw:
    if not key:
        return value
    step, _, rest = key.partition(".")
    inner = raw if isinstance(raw, dict) else {}
    return {**inner, step: _put(inner.get(step), rest, value)}


def _with_origins(field: Contested, changes: Sequence[FieldChange]) -> Contested:
    values = (field.shown, *field.others)
    origins = tuple(next(_origins(field, value, changes), None) for value in values)
    return replace(field, origins=origins)


def _origins(
    field: Contested, value: Raw | None, changes: Sequence[FieldChange]
) -> Iterator[ValueOrigin]:
    for change in changes:
        if change.field != CONFLICTS and isinstance(change.after, str | list | dict):
            after = value_at({change.field: change.after}, field.name)
            if after is not None and after == value:
                yield ValueOrigin(change.author, change.at)
