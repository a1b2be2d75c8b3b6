"""The history of records: a row a change, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plaincrm.core.records.store import Store
from plaincrm.core.values.raw import Raw
from plaincrm.crm.history.field_changes import FieldChange
from plaincrm.views import numbers
from plaincrm.views.rows import Rows, text_columns

SHORT = 8  # digits of a commit that people can tell apart


COLUMNS = ("at", "record", "change", "author", "commit")


def rows(changes: Sequence[FieldChange], total: int, store: Store) -> Rows:
    """A row a change; `--paths` names the records that are still in the `store`."""
    records = {change.record for change in changes}
    spare = ["author", "commit"] + (["record"] if len(records) == 1 else [])
    return Rows(
        "history",
        total,
        changes,
        text_columns(COLUMNS, _cells, whole=("at",), spare=spare, yields=("record",)),
        change_json,
        lambda change: change.record,
        lambda change: _path(change.record, store),
    )


def _path(ref: str, store: Store) -> str:
    kind, _, id = ref.partition("/")
    record = store.get(kind, id)
    return record.path if record else ""


def _cells(change: FieldChange) -> list[str]:
    when = numbers.moment(change.at)
    return [when, change.record, sentence(change), change.author, change.commit[:SHORT]]


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
