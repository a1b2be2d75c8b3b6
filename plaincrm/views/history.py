"""The history of records as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plaincrm.core.values.raw import Raw
from plaincrm.crm.history.field_changes import FieldChange
from plaincrm.views.rows import dumps, envelope
from plaincrm.views.table import table


def as_json(changes: Sequence[FieldChange], total: int) -> str:
    return dumps(envelope("history", total, [change_json(change) for change in changes]))


def as_table(changes: Sequence[FieldChange], width: int | None) -> str:
    """A line a change; empty without any."""
    rows = [
        [f"{c.at:%Y-%m-%d %H:%M}", c.author, c.record, sentence(c), c.commit[:8]] for c in changes
    ]
    return (
        table(["AT", "AUTHOR", "RECORD", "CHANGE", "COMMIT"], rows, width, ()) + "\n"
        if rows
        else ""
    )


def sentence(change: FieldChange) -> str:
    """`stage: proposal -> won`, on one line."""
    before, after = _text(change.before), _text(change.after)
    match change.field:
        case "":
            return f"added: {after}" if change.before is None else f"removed: {before}"
        case "text":
            return "text changed"
        case "id":
            return f"renamed: {before} -> {after}"
        case name if change.before is None:
            return f"{name}: + {after}"
        case name if change.after is None:
            return f"{name}: - {before}"
        case name:
            return f"{name}: {before} -> {after}"


def _text(raw: Raw | None) -> str:
    if isinstance(raw, list):
        return ", ".join(_text(each) for each in raw)
    if isinstance(raw, dict):
        return ", ".join(f"{key}: {_text(each)}" for key, each in raw.items())
    return " ".join((raw or "").split())


def change_json(change: FieldChange) -> Any:
    """`{"at", "author", "commit", "record", "field", "from", "to"}`."""
    return {
        "at": change.at.isoformat(),
        "author": change.author,
        "commit": change.commit,
        "record": change.record,
        "field": change.field or None,
        "from": change.before,
        "to": change.after,
    }
