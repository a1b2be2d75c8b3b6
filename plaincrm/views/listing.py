"""A selection as rows: which columns a kind shows, and what stands in each cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plaincrm.core import query
from plaincrm.core.facts import World
from plaincrm.core.query import Query
from plaincrm.core.record import Record
from plaincrm.core.schema import Kind
from plaincrm.errors import UsageError, did_you_mean
from plaincrm.views import figures
from plaincrm.views.output import Rows

COLUMNS = {
    "contact": ("id", "name", "company", "email", "tags"),
    "company": ("id", "name", "domain", "city", "status"),
    "deal": ("id", "stage", "value", "company", "close_date", "next"),
    "ticket": ("id", "status", "priority", "contact", "opened"),
    "article": ("id", "title", "audience", "category"),
    "log": ("at", "record", "type", "direction", "text"),
    "task": ("handle", "due", "record", "text"),
}
_FIGURES = ("money", "number", "percent", "duration")


def columns_of(kind: Kind, asked: Sequence[str], world: World) -> tuple[str, ...]:
    """The columns to show. Raises UsageError for a name that the kind does not have."""
    known = query.known_names(kind, world)
    for name in asked:
        if name.partition(".")[0] not in known and name not in ("id", "kind", "path", "handle"):
            raise UsageError(f'{kind.plural} have no field "{name}"', did_you_mean(name, known))
    fallback = ("id", kind.title, *[name for name in kind.order if name != kind.title][:3])
    return tuple(asked) or COLUMNS.get(kind.name, fallback)


def listing(
    kind: Kind, found: Query, records: Sequence[Record], total: int, world: World, asked: Sequence[str] = ()
) -> Rows:
    """The rows of a selection; computed fields that the query or the columns name are shown in JSON too."""
    from plaincrm.views.record_json import record

    columns = columns_of(kind, asked, world)
    names = (*found.names, *asked)

    def as_json(row: Record) -> Any:
        return record(row, world, names)

    return Rows(
        kind.plural, total, records, columns,
        lambda row: [cell(row, name, world) for name in columns], as_json, figures_of(kind, columns, world),
    )  # fmt: skip


def cell(row: Record, name: str, world: World) -> str:
    if name == "id":
        return row.id
    if name in ("kind", "path"):
        return row.kind.name if name == "kind" else row.path
    field = row.kind.fields.get(name)
    if field and field.type in ("email", "phone"):
        return ", ".join(item.text for item in row.items(name))
    if field and len(found := row.items(name)) and not query.value_of(row, name, world):
        return ", ".join(item.text for item in found)
    return ", ".join(figures.cell(value) for value in query.value_of(row, name, world))


def figures_of(kind: Kind, columns: Sequence[str], world: World) -> list[int]:
    """The indexes of the columns that hold figures, which stand to the right."""
    facts = world.facts.of(kind.name)
    types = [f.type if (f := kind.fields.get(name) or facts.get(name)) else "text" for name in columns]
    return [n for n, type_name in enumerate(types) if type_name in _FIGURES]
