"""The contested fields of a record: what `_conflicts` says, and how setting a field clears it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from plaincrm.core.merge.resolution import thaw
from plaincrm.core.merge.values import CONFLICTS, read_contests
from plaincrm.core.records.edits import AddItem, DeleteField, Edit, RemoveItem, SetField
from plaincrm.core.records.record import Record
from plaincrm.core.values.raw import Raw


@dataclass(frozen=True, slots=True)
class ValueOrigin:
    """Who set a value, and when."""

    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Contested:
    """A field that was set differently on two machines: what it shows, what it was, and the other
    values.

    `name` is the field's, or FIELD.KEY for a key of a map. `origins` go with (shown, *others).
    """

    record: Record
    name: str
    shown: Raw | None
    base: Raw | None
    others: tuple[Raw, ...]
    origins: tuple[ValueOrigin | None, ...] = ()


def contested(record: Record) -> list[Contested]:
    """The contested fields of one record, sorted by name."""
    contests, _ = read_contests(record.fields.get(CONFLICTS))
    return [
        Contested(
            record, name, value_at(record.fields, name), each.base, tuple(map(thaw, each.values))
        )
        for name, each in sorted(contests.items())
    ]


def settled(record: Record, edits: Iterable[Edit]) -> list[Edit]:
    """What setting a contested field brings with it: it is contested no more."""
    if CONFLICTS not in record.fields:
        return []
    changed = {
        e.field for e in edits if isinstance(e, SetField | DeleteField | AddItem | RemoveItem)
    }
    if CONFLICTS in changed:
        return []
    names = {field.name for field in contested(record)}
    return cleared(
        record, {name for name in names if name in changed or name.partition(".")[0] in changed}
    )


def cleared(record: Record, names: Iterable[str]) -> list[Edit]:
    """The edit of `_conflicts` after which these names are contested no more."""
    raw = record.fields.get(CONFLICTS)
    gone = set(names)
    rest = (
        {name: each for name, each in raw.items() if name not in gone}
        if isinstance(raw, dict)
        else {}
    )
    if not gone:
        return []
    return [SetField(CONFLICTS, rest) if rest else DeleteField(CONFLICTS)]


def others(record: Record, name: str, value: Raw) -> list[Raw] | None:
    """The values of a contested field without `value`; None where it is none of them, or nothing is
    contested.
    """
    found = next((each for each in contested(record) if each.name == name), None)
    if found is None:
        return None
    shown = [found.shown] if found.shown is not None and found.shown != found.base else []
    every = [*shown, *found.others]
    return [each for each in every if each != value] if value in every else None


def parted(fields: Mapping[str, Raw], name: str) -> tuple[str, str, str]:
    """(field, dot, key) of a contested name: a field whose own name has a dot is a field."""
    return (name, "", "") if name in fields else name.partition(".")


def value_at(fields: Mapping[str, Raw], name: str) -> Raw | None:
    """What stands at FIELD or FIELD.KEY."""
    top, _, key = parted(fields, name)
    value = fields.get(top)
    for step in filter(None, key.split(".")):
        value = value.get(step) if isinstance(value, dict) else None
    return value
