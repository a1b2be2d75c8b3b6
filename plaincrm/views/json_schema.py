"""A kind's front matter as JSON Schema (draft 2020-12), for editors that check YAML while one
types.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plaincrm.core.schema.kinds import Field, Kind, Schema

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(schema: Schema, kind: Kind | None = None) -> Mapping[str, Any]:
    """The JSON Schema of one kind; of all, any of which will do, where `kind` is None."""
    if kind is not None:
        return {"$schema": DRAFT, **_object(kind)}
    definitions = {each.name: _object(each) for each in schema.kinds.values()}
    return {
        "$schema": DRAFT,
        "title": "The front matter of a plaincrm record",
        "$defs": definitions,
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in definitions],
    }


def _object(kind: Kind) -> Mapping[str, Any]:
    return {
        "title": kind.name,
        "description": kind.doc,
        "type": "object",
        "properties": {field.name: _property(field) for field in kind.fields.values()},
        "required": [field.name for field in kind.fields.values() if field.required],
        "additionalProperties": True,
    }


def _property(field: Field) -> Mapping[str, Any]:
    about = {"description": field.doc} | ({"default": field.default} if field.default else {})
    one = field.value_type.json_schema(field.all_values)
    if not field.many:
        return about | one
    many = {"type": "array", "items": one}
    return about | {
        "anyOf": [one, many, {"type": "object", "additionalProperties": {"anyOf": [one, many]}}]
    }
