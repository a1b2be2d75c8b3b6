"""`plaincrm.yaml` as JSON Schema (draft 2020-12), for editors that complete and check it while one
types.

It says the names and the rough form of each setting; `plaincrm check` knows the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plaincrm.core.values.types import TYPES
from plaincrm.views.json_schema import DRAFT

Json = Mapping[str, Any]

_TEXT: Json = {"type": ["string", "number", "boolean"]}
_TEXTS: Json = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_FLAG: Json = {"enum": [True, False, "yes", "no", "on", "off", 0, 1]}
_PERCENT: Json = {"type": ["number", "string"]}
_MAP: Json = {"type": "object"}
_DURATION: Json = {"type": "string", "pattern": "^[0-9]+ *(min|h|d|bd|w|m|y)$"}


def _closed(doc: str, properties: Json) -> Json:
    """A map that has these keys and no others."""
    known = {"type": "object", "properties": properties, "additionalProperties": False}
    return {"description": doc, **known}


def _each(doc: str, value: Json) -> Json:
    """A map of names of the user's own."""
    return {"description": doc, "type": "object", "additionalProperties": value}


def _said(doc: str, form: Json) -> Json:
    return {"description": doc, **form}


_STAGE = _closed(
    "A stage of a pipeline",
    {
        "probability": _PERCENT,
        "rots_after": _DURATION,
        "status": {"enum": ["open", "won", "lost", "parked"]},
    },
)
_SMTP = _closed(
    "A server that takes mail",
    {
        "host": _TEXT,
        "port": _PERCENT,
        "tls": {"enum": ["starttls", "tls", "none"]},
        "user": _TEXT,
        "password_command": _TEXT,
    },
)
_MAIL = {
    "from": _TEXT,
    "signature": _TEXT,
    "unsubscribe": _TEXTS,
    "smtp": _SMTP,
    "sendmail": _TEXT,
    "copy": _TEXT,
    "rate": _TEXT,
    "window": _TEXT,
}
_FIELD = {
    "type": "object",
    "properties": {"type": {"enum": sorted(TYPES)}, "doc": _TEXT, "values": _TEXTS},
}
SETTINGS: dict[str, Json] = {
    "me": _closed("Whose book it is", {"name": _TEXT, "email": _TEXTS}),
    "currency": _said("Three letters", {"type": "string", "pattern": "^[A-Za-z]{3}$"}),
    "rates": _each("What one unit of a currency is worth in yours", {"type": ["number", "object"]}),
    "timezone": _said("An IANA name, such as Europe/Berlin", _TEXT),
    "country": _said("Two letters", {"type": ["string", "boolean"]}),
    "language": _said("Two letters", {"type": ["string", "boolean"]}),
    "pipelines": _each(
        "Pipelines, each with its stages in order",
        {"type": "object", "additionalProperties": {"anyOf": [_STAGE, {"type": "null"}]}},
    ),
    "cadence": _each("A query of contacts, and how often to be in touch", _DURATION),
    "fields": _each("Fields of your own, by kind", _each("Fields", _FIELD)),
    "kinds": _each("Kinds of your own", _MAP),
    "folders": _each("Where the files of a kind lie", _TEXTS),
    "types": _each("What makes a file one of a kind", _TEXTS),
    "keys": _each("The names that files have for fields", _MAP),
    "away": _said("Days, or spans of days", _TEXTS),
    "mail": _closed("How mail is written and sent", _MAIL),
    "private": _closed("What no page shows", {"fields": _TEXTS, "kinds": _TEXTS}),
    "commit": _said("When to commit", {"enum": ["each", "manual"]}),
    "log_types": _said("Words for log entries", _TEXTS),
    "goals": _each("What a month, a quarter or a year is to bring", _TEXT),
    "score": _said("Rules that give points", {"type": "array", "items": _MAP}),
    "learned": _said("What the learned score looks at", _MAP),
    "hours": _each("When you work", _MAP),
    "sla": _said("What you promise", {"type": ["object", "array"]}),
    "automations": _said("Rules that do routine work", {"type": ["array", "string"]}),
    "invoice": _said("Numbers of invoices, days to pay, reminders", _MAP),
    "portal": _said("The help site", _MAP),
    "ledger": _said("Accounts of the ledger's exports", _MAP),
    "ai": _said("Your own language model", _MAP),
}


def settings_schema() -> Json:
    """The JSON Schema of the whole file."""
    return {
        "$schema": DRAFT,
        "title": "The settings of a plaincrm book",
        "type": "object",
        "properties": SETTINGS,
        "additionalProperties": False,
    }
