"""The kinds and fields of a book as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plaincrm.core.records.facts import Facts
from plaincrm.core.schema.kinds import Field, Kind
from plaincrm.views.rows import dumps, envelope
from plaincrm.views.table import table


def kinds_table(kinds: Iterable[Kind], width: int | None) -> str:
    """A line a kind."""
    rows = [[kind.name, f"{kind.folder}/", str(len(kind.fields)), kind.doc] for kind in kinds]
    return table(["KIND", "FOLDER", "FIELDS", "WHAT"], rows, width, [2]) + "\n"


def kind_table(kind: Kind, facts: Facts, width: int | None) -> str:
    """The fields of a kind, then what is computed of it."""
    fields = [[_starred(field), field.spelled, _explained(field)] for field in kind.fields.values()]
    return (
        table(["FIELD", "TYPE", "WHAT"], fields, width) + "\n\n" + facts_table(kind, facts, width)
    )


def facts_table(kind: Kind, facts: Facts, width: int | None) -> str:
    """What is computed of a kind."""
    rows = [[fact.name, fact.type, fact.doc] for fact in facts.of(kind.name).values()]
    return table(["COMPUTED", "TYPE", "WHAT"], rows, width) + "\n"


def as_json(kinds: Iterable[Kind], facts: Facts) -> str:
    found = [_kind(kind, facts) for kind in kinds]
    return dumps(envelope("schema", len(found), found))


def _starred(field: Field) -> str:
    return f"{field.name}*" if field.required else field.name


def _explained(field: Field) -> str:
    """What the field is for, and the values that it takes."""
    cases = [", ".join(values) for values in field.cases.values()]
    values = [", ".join(field.values)] if field.values else cases
    named = "; ".join(values) + (f" ({field.default} if empty)" if field.default and values else "")
    return f"{field.doc}: {named}" if named else field.doc


def _kind(kind: Kind, facts: Facts) -> Mapping[str, Any]:
    return {
        "kind": kind.name,
        "plural": kind.plural,
        "folder": kind.folder,
        "title": kind.title,
        "doc": kind.doc,
        "fields": [_field(field) for field in kind.fields.values()],
        "computed": [
            {"name": f.name, "type": f.type, "doc": f.doc} for f in facts.of(kind.name).values()
        ],
    }


def _field(field: Field) -> Mapping[str, Any]:
    return {
        "name": field.name,
        "type": field.type,
        "many": field.many,
        "required": field.required,
        "default": field.default or None,
        "values": list(field.values) or [v for c in field.cases.values() for v in c],
        "to": field.to or None,
        "doc": field.doc,
    }
