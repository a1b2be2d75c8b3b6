"""The answer to a question in SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from plaincrm.crm.database import SqlAnswer
from plaincrm.views.rows import ListColumn, Rows

_EXACT = 1e15  # below it a float holds every integer


def rows(answer: SqlAnswer) -> Rows:
    """A row a row; numbers stand right."""
    columns = [
        ListColumn(name, _reader(place), right=_is_numeric(answer, place))
        for place, name in enumerate(answer.columns)
    ]

    def as_json(row: Sequence[Any]) -> Any:
        return dict(zip(answer.columns, map(_json, row), strict=True))

    return Rows("sql", len(answer.rows), answer.rows, columns, as_json, None, None)


def _reader(place: int) -> Callable[[Sequence[Any]], str]:
    return lambda row: _cell(row[place])


def _is_numeric(answer: SqlAnswer, place: int) -> bool:
    if not answer.rows:
        return False
    return all(isinstance(row[place], int | float | None) for row in answer.rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return value.hex() if isinstance(value, bytes) else str(value)


def _json(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
