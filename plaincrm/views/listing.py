"""A selection as rows: which columns a kind shows, and what stands in each cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from plaincrm.core import query
from plaincrm.core.query import Query
from plaincrm.core.records import line_records
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.values.types import TYPES
from plaincrm.views import numbers
from plaincrm.views.rows import Rows

_LINES = {  # of lines, which are no kinds of the schema
    "log": ("at", "record", "type", "direction", "text"),
    "task": ("handle", "due", "record", "text"),
}
ORDER = {"log": "sort:-at", "task": "sort:done,due"}
Read = Callable[[Record], list[Any]]


def columns_of(kind: Kind, asked: Sequence[str]) -> tuple[str, ...]:
    """The columns that are asked for, else the kind's usual ones."""
    fallback = ("id", kind.title, *[name for name in kind.order if name != kind.title][:3])
    return tuple(asked) or kind.columns or _LINES.get(kind.name, fallback)


def listing(
    kind: Kind,
    found: Query,
    records: Sequence[Record],
    total: int,
    context: Context,
    asked: Sequence[str] = (),
) -> Rows:
    """The rows of a selection; what the query, its order or the columns name is computed in JSON
    too.

    Raises QueryError for a column that the kind does not have.
    """
    from plaincrm.views.record_json import entry_row, record, task_row

    columns = columns_of(kind, asked)
    readers = [reader(kind, name, context) for name in columns]
    names = tuple(dict.fromkeys((*found.names, *(name for name, _ in found.sort), *asked)))
    as_json = {"log": entry_row, "task": task_row}.get(kind.name, record)

    def texts(shown: Callable[[Any], str]) -> Callable[[Record], list[str]]:
        return lambda row: [", ".join(map(shown, read(row))) for read in readers]

    owner = (
        (lambda row: row.owner.ref)
        if kind in line_records.KINDS.values()
        else (lambda row: row.ref)
    )
    return Rows(
        kind.plural,
        total,
        records,
        columns,
        texts(numbers.cell),
        lambda row: as_json(row, context, names),
        figures_of(kind, columns, context),
        texts(numbers.plain),
        owner,
    )


def reader(kind: Kind, name: str, context: Context) -> Read:
    """What stands in column `name`: the values typed, or as they are in the file where one can't be
    read.
    """
    if name == "handle" and kind is line_records.TASK:
        return lambda row: [handle] if (handle := handle_of(row, context)) else []
    if name == "kind" and name not in kind.fields:
        return lambda row: [row.kind.name]
    read, field = query.column(name, kind, context), kind.fields.get(name)
    if field is None:
        return read

    def values(row: Record) -> list[Any]:
        found = read(row)
        return (
            found if len(found) >= len(row.items(name)) else [item.text for item in row.items(name)]
        )

    return values


def handle_of(row: Record, context: Context) -> str:
    """The code by which `done` and `snooze` know an open task; none for one that is ticked."""
    from plaincrm.core.timeline.tasks import Task
    from plaincrm.crm.reminders.index import all_handles, task_key

    if (
        not isinstance(row, line_records.LineRecord)
        or not isinstance(row.item, Task)
        or row.item.done
    ):
        return ""
    return all_handles(context)[task_key(row.owner, row.item)]


def figures_of(kind: Kind, columns: Iterable[str], context: Context) -> list[int]:
    """The indexes of the columns that hold figures, which stand to the right."""
    facts = context.facts.of(kind.name)
    types = [
        f.type if (f := kind.fields.get(name) or facts.get(name)) else "text" for name in columns
    ]
    return [n for n, name in enumerate(types) if TYPES[name].figure]
