"""Contested fields as a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plaincrm.crm.actions.resolve import words
from plaincrm.crm.contested import Contested, Origin
from plaincrm.views.rows import dumps, envelope
from plaincrm.views.table import table


def as_table(found: Sequence[Contested], width: int | None) -> str:
    """A row for each value of each field, the one that the file shows first."""
    rows = [row for field in found for row in _rows(field)]
    return table(["RECORD", "FIELD", "", "VALUE", "BY", "WHEN"], rows, width) + "\n" if rows else ""


def as_json(found: Sequence[Contested]) -> str:
    return dumps(envelope("conflicts", len(found), [_object(field) for field in found]))


def _rows(field: Contested) -> list[list[str]]:
    ref, name = field.record.ref, field.name
    rows = [[ref, name, "shows", words(field.shown), *_who(_origin(field, 0))]]
    rows += [
        ["", "", "or", words(other), *_who(_origin(field, n))]
        for n, other in enumerate(field.others, 1)
    ]
    return rows if field.base is None else [*rows, ["", "", "was", words(field.base), "", ""]]


def _origin(field: Contested, number: int) -> Origin | None:
    return field.origins[number] if number < len(field.origins) else None


def _who(origin: Origin | None) -> list[str]:
    return [origin.author, f"{origin.at:%Y-%m-%d %H:%M}"] if origin else ["", ""]


def _object(field: Contested) -> dict[str, Any]:
    values = [
        {
            "value": value,
            "by": origin.author if origin else None,
            "at": origin.at.isoformat() if origin else None,
        }
        for number, value in enumerate(field.others, 1)
        for origin in [_origin(field, number)]
    ]
    shown = _origin(field, 0)
    return {
        "record": field.record.ref,
        "field": field.name,
        "shown": field.shown,
        "base": field.base,
        "by": shown.author if shown else None,
        "at": shown.at.isoformat() if shown else None,
        "values": values,
    }
