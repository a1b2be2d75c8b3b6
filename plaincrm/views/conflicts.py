"""Contested fields: what the file shows, the other values, and who set them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plaincrm.core.values.raw import Raw
from plaincrm.crm.actions.resolve import words
from plaincrm.crm.contested import Contested, ValueOrigin
from plaincrm.views import numbers
from plaincrm.views.layout import Layout
from plaincrm.views.rows import ListColumn, Rows
from plaincrm.views.table import table

HEADER = ("RECORD", "FIELD", "", "VALUE", "BY", "WHEN")
_WHEN = 5


def rows(found: Sequence[Contested]) -> Rows:
    """A row a field; on a terminal a line for each of its values."""
    columns = [
        ListColumn("record", lambda field: field.record.ref),
        ListColumn("field", lambda field: field.name),
        ListColumn("shown", lambda field: _words(field.shown)),
        ListColumn("others", lambda field: " | ".join(map(words, field.others))),
        ListColumn("was", lambda field: _words(field.base)),
        ListColumn("by", lambda field: _who(_origin(field, 0))[0]),
        ListColumn("when", lambda field: _who(_origin(field, 0))[1], whole=True),
    ]
    return Rows(
        "conflicts",
        len(found),
        found,
        columns,
        _object,
        lambda field: field.record.ref,
        lambda field: field.record.path,
        screen=_screen,
    )


def _words(raw: Raw | None) -> str:
    return "" if raw is None else words(raw)


def _screen(rows: Rows, layout: Layout) -> str:
    """A line for each value of each field, the one that the file shows first."""
    lines = [line for field in rows.records for line in _lines(field)]
    if not lines:
        return ""
    return table(HEADER, lines, layout.width, paint=layout.paint, whole=(_WHEN,)) + "\n"


def _lines(field: Contested) -> list[list[str]]:
    shown = words(field.shown)
    lines = [[field.record.ref, field.name, "shows", shown, *_who(_origin(field, 0))]]
    for place, other in enumerate(field.others, 1):
        lines.append(["", "", "or", words(other), *_who(_origin(field, place))])
    if field.base is not None:
        lines.append(["", "", "was", words(field.base), "", ""])
    return lines


def _origin(field: Contested, place: int) -> ValueOrigin | None:
    return field.origins[place] if place < len(field.origins) else None


def _who(origin: ValueOrigin | None) -> list[str]:
    return [origin.author, numbers.moment(origin.at)] if origin else ["", ""]


def _object(field: Contested) -> dict[str, Any]:
    values = [
        {"value": value, **_set_by(_origin(field, place))}
        for place, value in enumerate(field.others, 1)
    ]
    return {
        "record": field.record.ref,
        "field": field.name,
        "shown": field.shown,
        "base": field.base,
        **_set_by(_origin(field, 0)),
        "values": values,
    }


def _set_by(origin: ValueOrigin | None) -> dict[str, str | None]:
    if origin is None:
        return {"by": None, "at": None}
    return {"by": origin.author, "at": origin.at.isoformat()}
