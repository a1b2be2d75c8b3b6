"""A kind's front matter as JSON Schema (draft 2020-12), for editors that check YAML while one
types.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plaincrm.core.schema.kinds import Field, Kind, Schema
from plaincrm.core.schema.types import FALSE, TRUE

DRAFT = "https://json-schema.org/draft/2020-12/schema"
# Editors read YAML with its guesses, so what is text here may look like a number or a boolean to
# them.
_SCALAR = ["string", "number", "boolean", "null"]
_DAY = r"\d{4}-\d{2}-\d{2}"
_PATTERNS = {
    "email": r"^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$",
    "date": rf"^{_DAY}$",
    "datetime": rf"^{_DAY}([ T]\d{{1,2}}:\d{{2}}(:\d{{2}})?(Z|[+-]\d{{2}}:\d{{2}})?)?$",
    "monthday": r"^(\d{4}-|--)?\d{2}-\d{2}$",
    "action": rf"^{_DAY}( .*)?$",
    "duration": r"^\d+ ?(min|h|d|bd|w|m|y)$",
    "money": r"^[+-]?[\d.,' ’]*\d *([A-Za-z]{3})? *(/ *(month|quarter|year))?$",
    "percent": r"^\d+(\.\d+)? *%?$",
}


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
    one = _scalar(field)
    if not field.many:
        return about | one
    many = {"type": "array", "items": one}
    return about | {
        "anyOf": [one, many, {"type": "object", "additionalProperties": {"anyOf": [one, many]}}]
    }


def _scalar(field: Field) -> dict[str, Any]:
    if field.type == "bool":
        return {
            "anyOf": [
                {"type": ["boolean", "null"]},
                {"enum": sorted(TRUE | FALSE)},
                {"enum": [0, 1]},
            ]
        }
    if field.type == "number":
        return {"type": ["number", "string", "null"], "pattern": r"^[+-]?\d*\.?\d*$"}
    if field.type == "enum":
        return {"enum": [*_values(field), None]}
    if field.type in _PATTERNS:
        return {"type": _SCALAR, "pattern": _PATTERNS[field.type]}
    return {"type": _SCALAR}


def _values(field: Field) -> Iterable[str]:
    by_case = (value for values in field.cases.values() for value in values)
    return field.values or dict.fromkeys(by_case)
