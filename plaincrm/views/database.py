"""The answer to a question in SQL."""

from __future__ import annotations

from typing import Any

from plaincrm.crm.database import Answer
from plaincrm.views.rows import Rows


def rows(answer: Answer) -> Rows:
    """A row a row; numbers stand right."""
    right = [
        at
        for at in range(len(answer.columns))
        if answer.rows and all(isinstance(row[at], int | float | None) for row in answer.rows)
    ]
    return Rows(
        "sql",
        len(answer.rows),
        answer.rows,
        answer.columns,
        lambda row: [_cell(each) for each in row],
        lambda row: {name: _json(each) for name, each in zip(answer.columns, row, strict=True)},
        right,
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value.hex() if isinstance(value, bytes) else str(value)


def _json(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
