"""What editors take: JSON Schema of the settings, an empty record of a kind, snippets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plaincrm.core.schema.kinds import Field, Kind, Schema
from plaincrm.core.schema.settings_file import CORE_SECTIONS
from plaincrm.views.json_schema import DRAFT

_TEXT: Mapping[str, Any] = {"type": ["string", "number", "boolean", "null"]}
_LIST: Mapping[str, Any] = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_ANY: Mapping[str, Any] = {}
_MAP: Mapping[str, Any] = {"type": ["object", "null"]}
_STAGE: Mapping[str, Any] = {
    "type": ["object", "null"],
    "properties": {
        "probability": _TEXT,
        "rots_after": _TEXT,
        "status": {"enum": ["open", "won", "lost", "parked"]},
    },
    "additionalProperties": False,
}
_SMTP: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        **{name: _TEXT for name in ("host", "port", "user", "password_command")},
        "tls": {"enum": ["starttls", "tls", "none"]},
    },
    "additionalProperties": False,
}
# Of a section that has no line here only its name is known; `plaincrm check` reads all of it.
_SECTIONS: Mapping[str, Mapping[str, Any]] = {
    "me": {"type": "object", "properties": {"name": _TEXT, "email": _LIST}},
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "rates": _MAP,
    "timezone": {"type": "string"},
    "country": {"type": "string"},
    "language": {"type": "string"},
    "pipelines": {
        "type": "object",
        "additionalProperties": {"type": "object", "additionalProperties": _STAGE},
    },
    "goals": _MAP,
    "cadence": _MAP,
    "fields": _MAP,
    "kinds": _MAP,
    "folders": _MAP,
    "keys": _MAP,
    "mail": {
        "type": "object",
        "properties": {
            **{name: _TEXT for name in ("from", "signature", "sendmail", "copy", "unsubscribe")},
            "rate": _TEXT,
            "window": _ANY,
            "smtp": _SMTP,
        },
    },
    "private": {"type": "object", "properties": {"fields": _LIST, "kinds": _LIST}},
    "commit": {"enum": ["each", "manual"]},
}
_USUAL = {
    "contact": ("name", "email", "phone", "company", "status", "tags"),
    "company": ("name", "domain", "status"),
    "deal": ("name", "contact", "company", "stage", "value", "close_date", "next"),
    "ticket": ("subject", "contact", "status", "priority"),
    "article": ("title", "audience"),
    "product": ("name", "price"),
    "campaign": ("name", "template", "segment"),
}
_LISTS = ("tags", "aliases")


def settings_schema(sections: Iterable[str]) -> Mapping[str, Any]:
    """The JSON Schema of plaincrm.yaml; `sections` are those that pillars read."""
    known = dict.fromkeys([*CORE_SECTIONS, *sections])
    return {
        "$schema": DRAFT,
        "title": "The settings of a plaincrm book",
        "type": "object",
        "properties": {name: _SECTIONS.get(name, _ANY) for name in known},
        "additionalProperties": False,
    }


def form(kind: Kind) -> str:
    """An empty record, to be filled in: the usual fields, or those that have to be there."""
    lines = [f"{field.name}: {_empty(field)}".rstrip() for field in _fields(kind)]
    return "\n".join(["---", *lines, "---", "", "## Tasks", "", "## Log", ""])


def snippets(schema: Schema) -> Mapping[str, Any]:
    """One for each kind, in the form of VS Code, which neovim's plugins read too."""
    return {
        f"plaincrm {kind.name}": {
            "prefix": f"{kind.name}",
            "scope": "markdown",
            "description": f"A new {kind.name}: {kind.doc}".strip(": "),
            "body": ["---", *_places(kind), "---", "", "$0"],
        }
        for kind in schema.kinds.values()
    }


def _fields(kind: Kind) -> list[Field]:
    usual = _USUAL.get(kind.name, ())
    wanted = [kind.fields[name] for name in usual if name in kind.fields]
    return wanted or [field for field in kind.fields.values() if field.required]


def _empty(field: Field) -> str:
    return "[]" if field.name in _LISTS else field.default or ""


def _places(kind: Kind) -> list[str]:
    lines = []
    for number, field in enumerate(_fields(kind), 1):
        values = ",".join(field.all_values)
        place = f"${{{number}|{values}|}}" if values else f"${{{number}}}"
        shown = f"[{place}]" if field.name in _LISTS else place
        lines.append(f"{field.name}: {shown}")
    return lines
