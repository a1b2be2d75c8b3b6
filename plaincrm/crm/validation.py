"""What the schema allows a record to hold, asked before anything is staged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeGuard

from plaincrm.core.records.edits import AddItem, DeleteField, Edit, RemoveItem, SetField
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Field, Kind, refusal
from plaincrm.core.values.raw import Raw, items
from plaincrm.errors import Refused, did_you_mean

if TYPE_CHECKING:
    from plaincrm.core.records.facts import Facts


class Validation:
    """The rules of one book. `facts` are the computed fields, which no file may hold."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def new_record(self, kind: Kind, fields: Mapping[str, Raw]) -> None:
        """Raises Refused for what no new record of the kind may have, or has to have."""
        present = {name: raw for name, raw in fields.items() if raw}
        for name, raw in present.items():
            self.value(kind, name, raw, present)
        for field in kind.required:
            if not any(item.text.strip() for item in items(present.get(field.name))):
                example = "" if field.name == kind.title else f" {field.name}=…"
                hint = f'plaincrm add {kind.name} "…"{example}'
                raise Refused(f"a {kind.name} needs a {field.name}", hint)

    def edits(self, record: Record, edits: Iterable[Edit]) -> None:
        """Raises Refused for an edit after which the record would hold what it may not, or lack
        what it needs.
        """
        every = list(edits)
        set_to = {each.field: each.value for each in every if isinstance(each, SetField)}
        fields = record.fields | set_to
        for edit in every:
            if isinstance(edit, SetField):
                self.value(record.kind, edit.field, edit.value, fields)
            elif isinstance(edit, AddItem):
                self.value(record.kind, edit.field, edit.item, record.fields)
            elif _takes_away(edit, record):
                _refuse_required(record, edit.field)

    def value(self, kind: Kind, name: str, raw: Raw, fields: Mapping[str, Raw]) -> None:
        """Raises Refused where field `name` can't hold `raw`; `fields` are the record's others."""
        fact = self.facts.find(kind.name, name)
        if fact:
            raise Refused(f'"{name}" is computed ({fact.doc}); it can\'t be stored')
        field = kind.fields.get(name)
        if field is None:
            return
        if not field.many and not isinstance(raw, str):
            raise Refused(f"{name} holds one value, not several")
        beside = _deciding(kind, field, fields)
        for item in items(raw):
            reason = refusal(field, item.text, beside)
            if reason:
                allowed = field.cases.get(beside, ()) or field.values
                schema = f"plaincrm schema {kind.name} shows what it takes"
                hint = did_you_mean(item.text, allowed) or schema
                raise Refused(f"{kind.name}.{name}: {reason}", hint)


def _deciding(kind: Kind, field: Field, fields: Mapping[str, Raw]) -> str:
    """The value of the field that decides what this one takes, as `pipeline` does of `stage`."""
    if not field.by:
        return ""
    default = kind.fields[field.by].default if field.by in kind.fields else ""
    return next((item.text for item in items(fields.get(field.by))), default)


def _takes_away(edit: Edit, record: Record) -> TypeGuard[DeleteField | RemoveItem]:
    """Whether nothing is left in a field after the edit."""
    if isinstance(edit, RemoveItem):
        return [item.text for item in record.items(edit.field)] == [edit.item]
    return isinstance(edit, DeleteField)


def _refuse_required(record: Record, name: str) -> None:
    field = record.kind.fields.get(name)
    if field and field.required:
        raise Refused(f"a {record.kind.name} needs its {name}; it can't be deleted")
