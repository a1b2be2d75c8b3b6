"""A selection as rows: which columns a kind shows, and what stands in each cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from plaincrm.core import query
from plaincrm.core.query import Query
from plaincrm.core.records import line_records
from plaincrm.core.records.collection import ChosenRecords
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.counted import counted
from plaincrm.core.value_class import changed
from plaincrm.core.values.money import Money, Sums
from plaincrm.core.values.types import TYPES
from plaincrm.core.values.value_type import Type
from plaincrm.errors import UsageError
from plaincrm.views import numbers
from plaincrm.views.rows import ListColumn, Rows

# Of lines, which are no kinds of the schema.
_LINES = {
    "log": ("at", "record", "type", "direction", "text"),
    "task": ("handle", "due", "record", "text"),
}
ORDER = {"log": "sort:-at", "task": "sort:done,due"}
_CONTESTED = "≠"  # stands behind a value that another machine has set differently
_WHOLE_NAMES = frozenset({"handle", "stage", "status", "priority", "type", "direction"})
Read = Callable[[Record], list[Any]]


def columns_of(kind: Kind, asked: Sequence[str]) -> tuple[str, ...]:
    """The columns that are asked for, else the kind's usual ones."""
    fallback = (kind.title, *[name for name in kind.order if name != kind.title][:3], "id")
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
    names = tuple(dict.fromkeys((*found.names, *(name for name, _ in found.sort), *asked)))
    lines = kind in line_records.KINDS.values()
    return Rows(
        kind.plural,
        total,
        records,
        columns_of_kind(kind, asked, context),
        lambda row: _json(row, context, names),
        ref=_owner_ref if lines else attrgetter("ref"),
        lines=None if lines else lambda rows: _lines(kind, context, names, rows),
        refs=None if lines else lambda rows: _refs(kind, rows),
    )


def _json(row: Record, context: Context, names: Sequence[str]) -> Any:
    from plaincrm.views import record_json

    if isinstance(row, line_records.LineRecord):
        of_line = record_json.entry_row if row.kind is line_records.LOG else record_json.task_row
        return of_line(row, context, names)
    return record_json.record(row, context, names)


def _lines(
    kind: Kind, context: Context, names: Sequence[str], rows: Sequence[Record]
) -> Iterable[str]:
    from plaincrm.views.record_lines import RecordLines

    return map(RecordLines(kind, context, names).line, rows)


def _refs(kind: Kind, rows: Sequence[Record]) -> Iterable[str]:
    if isinstance(rows, ChosenRecords):
        return [f"{kind.name}/{id}" for id in rows.ids()]
    return [row.ref for row in rows]


def with_sum(rows: Rows, kind: Kind, name: str, context: Context) -> Rows:
    """The listing with the sum of a field of its rows under it: per currency, what recurs apart;
    in JSON as `"sums": {"value": {"EUR": 4200.0}}`. Raises UsageError for what has no sum.
    """
    type_ = _types(kind, [name], context)[name]
    if not type_.summable:
        hint = ", ".join(_summable(kind, context))
        raise UsageError(f"{name} has no sum", f"these have: {hint}" if hint else "")
    read = query.column(name, kind, context)
    sums = Sums()
    for row in rows.records:
        for value in read(row):
            sums.add(value if isinstance(value, Money) else Money(Decimal(value), ""))
    shown = counted(len(rows.records), kind.name, kind.plural)
    if len(rows.records) < rows.total:
        shown = f"{len(rows.records)} of {counted(rows.total, kind.name, kind.plural)}"
    foot = f"{name} of {shown}: {numbers.sums(sums, ', ')}".rstrip()
    plain = {name: {unit: float(amount) for unit, amount in sums.items()}}
    return changed(rows, foot=foot, more={**rows.more, "sums": plain})


def _summable(kind: Kind, context: Context) -> list[str]:
    named = [*kind.fields, *context.facts.of(kind.name)]
    types = _types(kind, named, context)
    return [name for name in named if types[name].summable and not name.startswith("_")]


def columns_of_kind(kind: Kind, asked: Sequence[str], context: Context) -> list[ListColumn]:
    """The columns that are asked for, or the usual ones. Raises QueryError for a field that the
    kind does not have.
    """
    columns = columns_of(kind, asked)
    types = _types(kind, columns, context)
    found = [_column(kind, name, types[name], context) for name in columns]
    return list(map(_line_column, found)) if kind in line_records.KINDS.values() else found


def _is_contested(row: Record, name: str, context: Context) -> bool:
    if not context.fact(row, "is:contested"):
        return False
    from plaincrm.core.records.timeline_facts import contested_fields

    return name in contested_fields(row)


def _column(kind: Kind, name: str, type_: Type, context: Context) -> ListColumn:
    read = reader(kind, name, context)

    def cell(row: Record) -> str:
        text = ", ".join(map(numbers.cell, read(row)))
        return f"{text} {_CONTESTED}" if _is_contested(row, name, context) else text

    return ListColumn(
        name,
        cell,
        lambda row: ", ".join(map(numbers.plain, read(row))),
        right=type_.figure,
        whole=_is_whole(type_) or name in _WHOLE_NAMES,
        # A name is as good a REF as an id, and an id begins as its subject does.
        spare=name == "id",
        short=lambda row: _first(list(map(numbers.cell, read(row)))),
    )


def _line_column(column: ListColumn) -> ListColumn:
    """A column of log entries or tasks: where it is narrow, the name of the record, and the
    direction behind the type.
    """
    if column.name == "record":
        return changed(column, short=lambda row: row.owner.title, yields=True)
    if column.name == "type":
        return changed(column, short=_type_and_direction)
    return changed(column, spare=True) if column.name == "direction" else column


def _type_and_direction(row: Record) -> str:
    return f"{row.text('type')} {row.text('direction')}".rstrip()


def _first(cells: Sequence[str]) -> str:
    """The first of several values, and how many more there are."""
    return f"{cells[0]} +{len(cells) - 1}" if len(cells) > 1 else "".join(cells)


def _is_whole(type_: Type) -> bool:
    """Whether half a value says nothing: figures, days, addresses, choices."""
    dated = type_.dated and not type_.worded
    return type_.figure or dated or type_.yearly or type_.choice or type_.flag or type_.reaches


def _owner_ref(row: Record) -> str:
    assert isinstance(row, line_records.LineRecord)
    return row.owner.ref


def reader(kind: Kind, name: str, context: Context) -> Read:
    """What stands in column `name`: the values typed, or as they are in the file where one can't be
    read.
    """
    if name == "handle" and kind is line_records.TASK:
        from plaincrm.crm.task_handles import handle_of

        return lambda row: [handle_of(row, context)]
    if name == "kind" and name not in kind.fields:
        return lambda row: [row.kind.name]
    read, field = query.column(name, kind, context), kind.fields.get(name)
    if field is None:
        return read

    def values(row: Record) -> list[Any]:
        found, items = read(row), row.items(name)
        return found if len(found) >= len(items) else [item.text for item in items]

    return values


def _types(kind: Kind, columns: Iterable[str], context: Context) -> dict[str, Type]:
    """The type of each column, text where it is no single field or fact."""
    facts = context.facts.of(kind.name)
    declared = {name: kind.fields.get(name) or facts.get(name) for name in columns}
    return {name: TYPES[found.type if found else "text"] for name, found in declared.items()}
