"""Columns made of records just read, and of other columns: what a cache will keep."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from plaincrm.core.records import search_text
from plaincrm.core.records.columns import SEARCH_TEXT, ColumnData, Columns
from plaincrm.core.records.facts import Context, Fact, plain
from plaincrm.core.records.record import Record

SPARSE = 8  # a column with a value in fewer than one row of so many is kept as a map of rows


def column_data(
    records: Sequence[Record], facts: Iterable[Fact], context: Context, pool: dict[Any, Any]
) -> ColumnData:
    """The columns of `records` just read, for a cache. Equal texts become one object of `pool`, and
    so one in it.
    """
    shapes = [
        pool.setdefault(shape, shape) for shape in (tuple(record.fields) for record in records)
    ]
    names = sorted({name for shape in set(shapes) for name in shape})
    made: ColumnData = {
        "id": [record.id for record in records],
        "folder": [
            pool.setdefault(f, f) for f in (record.path.rpartition("/")[0] for record in records)
        ],
        "names": names,
        "shape": shapes,
        "damaged": [row for row, record in enumerate(records) if record.damaged],
    }
    for name in names:
        made[f"field {name}"] = _packed([_shared(record.raw(name), pool) for record in records])
    for fact in facts:
        made[f"fact {fact.name}"] = _packed(
            [_kept(context.once(r, fact.name, fact.compute), pool) for r in records]
        )
    return made


def joined_data(
    parts: Sequence[Columns], facts: Iterable[Fact], gone: Collection[int] = ()
) -> ColumnData:
    """The columns of several parts as one, in the order of the paths; without the rows `gone` of
    the first.
    """
    paths = [part.path(row).split("/") for part in parts for row in range(len(part))]
    rows = sorted((row for row in range(len(paths)) if row not in gone), key=paths.__getitem__)
    whole = rows == list(range(len(paths)))

    def of_all(column: Callable[[Columns], Iterable[Any]]) -> list[Any]:
        values = [value for part in parts for value in column(part)]
        return values if whole else [values[row] for row in rows]

    damaged = of_all(lambda part: (row in part.damaged for row in range(len(part))))
    made: ColumnData = {
        "id": of_all(lambda part: part.ids),
        "folder": of_all(lambda part: part.folders),
        "shape": (shapes := of_all(lambda part: part.shapes)),
        "names": sorted({name for shape in set(shapes) for name in shape}),
        "damaged": [row for row, is_damaged in enumerate(damaged) if is_damaged],
    }
    for name in made["names"]:
        made[f"field {name}"] = _packed(of_all(lambda part, name=name: part.column(name)))  # type: ignore[misc]
    for fact in facts:
        made[f"fact {fact.name}"] = _packed(of_all(lambda part, name=fact.name: part.facts(name)))  # type: ignore[misc]
    pieces = [part.search_texts for part in parts]
    if None not in pieces:
        places = [(number, row) for number, part in enumerate(parts) for row in range(len(part))]
        made[SEARCH_TEXT] = search_text.joined(
            [piece for piece in pieces if piece is not None], [places[row] for row in rows]
        )
    return made


def _kept(value: Any, pool: dict[Any, Any]) -> Any:
    return (
        value if value is None or value is True or value is False else _shared(plain(value), pool)
    )


def _shared(value: Any, pool: dict[Any, Any]) -> Any:
    if isinstance(value, (str, tuple)):
        return pool.setdefault(value, value)
    if isinstance(value, list):
        return [_shared(each, pool) for each in value]
    if isinstance(value, dict):
        return {_shared(key, pool): _shared(each, pool) for key, each in value.items()}
    return value


def _packed(values: list[Any]) -> list[Any] | dict[int, Any]:
    there = {row: value for row, value in enumerate(values) if value is not None}
    return there if len(there) * SPARSE < len(values) else values
