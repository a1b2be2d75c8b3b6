"""What web forms send: JSON objects or CSV rows with an address and a message, of somebody who may
be new.

The services that send them disagree on the shape: plain objects, objects in `data`, lists of label
and value. All of it is flattened to the rows of one table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from plaincrm.errors import Refused
from plaincrm.interchange.csv import names
from plaincrm.interchange.csv.draft import Draft
from plaincrm.interchange.csv.mapping import Mapping as ColumnMapping
from plaincrm.interchange.csv.rows import Row
from plaincrm.interchange.csv.target import parse

SOURCE = "web form"
ONLY_NEW = frozenset({"status", "source"})
"""What a form says of somebody who was unknown; customers who write stay customers."""
_DEEPEST = 6
_LABELS = ("label", "title", "name", "key", "id")
_MESSAGES = frozenset(
    names.fold(word)
    for word in (
        "message",
        "your message",
        "messages",
        "enquiry",
        "inquiry",
        "request",
        "question",
        "how can we help",
        "nachricht",
        "ihre nachricht",
        "anfrage",
        "mitteilung",
        "votre message",
        "demande",
        "mensaje",
        "su mensaje",
        "consulta",
    )
)
_COMMENTS = frozenset({"comment", "comments", "kommentar", "commentaire", "comentario"})
"""Spreadsheets have them too: messages only beside a column of moments."""
_MOMENTS = frozenset(
    names.fold(word)
    for word in (
        "submitted at",
        "submitted",
        "submitted on",
        "submission date",
        "created at",
        "date",
        "timestamp",
        "time",
        "datum",
        "zeitstempel",
        "gesendet am",
        "eingegangen am",
        "horodateur",
        "marca temporal",
        "fecha",
    )
)


def rows(data: bytes) -> tuple[tuple[str, ...], list[Row]] | None:
    """Header and rows of JSON objects of another program, one object, a list, or an object a line;
    None if they are plaincrm's own, or no objects. Raises Refused for what is no UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("this JSON is not UTF-8") from None
    found = _objects(text)
    if not found or any(_own(each) for each in found):
        return None
    flat = [dict(_flat(each)) for each in found]
    header = tuple(dict.fromkeys(name for each in flat for name in each))
    made = [
        Row(line, tuple(each.get(name, "") for name in header)) for line, each in enumerate(flat, 1)
    ]
    return (header, made) if header else None


def _objects(text: str) -> list[dict[str, Any]]:
    try:
        try:
            whole = json.loads(text)
        except ValueError:
            whole = [json.loads(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError):
        return []
    found = whole if isinstance(whole, list) else [whole]
    return found if all(isinstance(each, dict) for each in found) else []


def _own(item: dict[str, Any]) -> bool:
    return "schemaVersion" in item or ("kind" in item and isinstance(item.get("fields"), dict))


def _flat(item: Any, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Names and texts: of nested objects the inner names, of lists of label and value the
    labels.
    """
    if depth > _DEEPEST or item is None:
        return
    if isinstance(item, dict):
        label = next((item[key] for key in _LABELS if isinstance(item.get(key), str)), "")
        if "value" in item and label:
            yield from _flat(item["value"], label, depth + 1)
            return
        for key, value in item.items():
            yield from _flat(value, key, depth + 1)
    elif isinstance(item, list) and any(isinstance(each, dict) for each in item):
        for each in item:
            yield from _flat(each, name, depth + 1)
    elif isinstance(item, list):
        yield name, "; ".join(str(each) for each in item)
    else:
        yield name, str(item).lower() if isinstance(item, bool) else str(item)


def split(mapping: ColumnMapping) -> tuple[ColumnMapping, ColumnMapping] | None:
    """The mapping of a form: for the person, and for what they wrote; None where the columns are no
    form's.
    """
    if mapping.kind != "contact" or mapping.preset != "plain":
        return None
    moment = _column(mapping.columns, _MOMENTS)
    message = _column(mapping.columns, _MESSAGES | (_COMMENTS if moment else frozenset()))
    addressed = any(word and parse(word).field == "email" for word in mapping.columns.values())
    if not (message and addressed):
        return None
    person = {
        name: "" if name in (message, moment) else word for name, word in mapping.columns.items()
    }
    entry = {name: {message: "text", moment: "at"}.get(name, "") for name in mapping.columns}
    constants = {"status": "lead", "source": SOURCE, **mapping.constants}
    spoken = {"type": "message", "direction": "in"}
    return (
        replace(mapping, columns=person, constants=constants),
        replace(mapping, kind="log", columns=entry, key=("", ""), constants=spoken, stages={}),
    )


def named(entry: Draft, row: Row) -> Draft:
    """The entry with a message id where the form says no time, so that it is logged once all the
    same.
    """
    if entry.fields.get("at"):
        return entry
    digest = hashlib.sha256("\0".join(row.cells).encode("utf-8", "replace")).hexdigest()[:32]
    key = f"<{digest}@web-form.invalid>"
    fields = {**entry.fields, "text": f"{entry.fields['text']}\n{key}"}
    return replace(entry, key=key, key_field="message_id", fields=fields)


def _column(columns: Mapping[str, str], words: frozenset[str]) -> str:
    """The first header of that meaning; empty where there is none."""
    return next((name for name in columns if names.fold(name) in words), "")
