"""The kinds of a book, and the fields of a kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plaincrm.core.records.facts import Fact, Facts
from plaincrm.core.schema.kinds import Field, Kind
from plaincrm.views.doc import Doc, DocSection
from plaincrm.views.rows import Rows, text_columns


def of_kinds(kinds: Sequence[Kind], facts: Facts) -> Rows:
    """A row a kind."""
    return Rows(
        "schema",
        len(kinds),
        kinds,
        text_columns(("kind", "folder", "fields", "what"), _cells, ("fields",)),
        lambda kind: _kind(kind, facts),
        None,
        None,
    )


def _cells(kind: Kind) -> list[str]:
    return [kind.name, f"{kind.folder or '.'}/", str(len(kind.fields)), kind.doc]


def of_kind(kind: Kind, facts: Facts, *, facts_only: bool = False) -> Doc:
    """The fields of a kind, and what is computed of it."""
    fields = Rows(
        "fields",
        len(kind.fields),
        list(kind.fields.values()),
        text_columns(("field", "type", "what"), _field_cells),
        _field,
        None,
        None,
    )
    known = facts.of(kind.name)
    computed = Rows(
        "computed",
        len(known),
        list(known.values()),
        text_columns(("computed", "type", "what"), lambda fact: [fact.name, fact.type, fact.doc]),
        _fact,
        None,
        None,
    )
    sections = [DocSection("", (computed,))]
    if not facts_only:
        sections.insert(0, DocSection("", (fields,)))
    return Doc("schema", "", tuple(sections), 1, results=[_kind(kind, facts)])


def _field_cells(field: Field) -> list[str]:
    return [_starred(field), field.spelled, _explained(field)]


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
        "folder": kind.folder or ".",
        "title": kind.title,
        "doc": kind.doc,
        "fields": [_field(field) for field in kind.fields.values()],
        "computed": [_fact(fact) for fact in facts.of(kind.name).values()],
    }


def _fact(fact: Fact) -> Mapping[str, Any]:
    return {"name": fact.name, "type": fact.type, "doc": fact.doc}


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
