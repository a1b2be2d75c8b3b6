"""The fields of a record with the commit that each value is of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plaincrm.core.values.raw import items
from plaincrm.crm.history.blame import BlamedField
from plaincrm.views import numbers
from plaincrm.views.history import SHORT
from plaincrm.views.rows import Rows, text_columns

COLUMNS = ("field", "value", "at", "author", "commit")
_NOT_YET = "not committed"


def rows(found: Sequence[BlamedField]) -> Rows:
    """A row a field."""
    return Rows(
        "blame",
        len(found),
        found,
        text_columns(COLUMNS, _cells, whole=("field", "at", "commit")),
        _json,
        lambda each: each.record.ref,
        lambda each: each.record.path,
    )


def _cells(each: BlamedField) -> list[str]:
    shown = ", ".join(" ".join(item.text.split()) for item in items(each.value))
    change = each.change
    if change is None:
        return [each.field, shown, _NOT_YET, "", ""]
    return [each.field, shown, numbers.moment(change.at), change.author, change.commit[:SHORT]]


def _json(each: BlamedField) -> Any:
    change = each.change
    return {
        "record": each.record.ref,
        "field": each.field,
        "value": each.value,
        "at": change.at.isoformat() if change else None,
        "author": change.author if change else None,
        "commit": change.commit if change else None,
        "operation": change.operation if change else None,
    }
