"""The book as an SQLite database in memory: for `sql`, and to be exported."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plaincrm.errors import Refused, UsageError

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

_READS = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
# Pragmas that only tell; full text asks for the last of them itself.
_TOLD = frozenset(
    {"table_info", "table_xinfo", "table_list", "index_list", "function_list", "data_version"}
)
_STEPS = 100_000  # of SQLite's machine between two looks at Ctrl-C


@dataclass(frozen=True, slots=True)
class SqlAnswer:
    """The columns of a result, no two of one name, and its rows."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


@contextmanager
def opened(book: BookData) -> Iterator[sqlite3.Connection]:
    """A database in memory that holds the whole book."""
    from plaincrm.interchange.sqlite import fill

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        fill(connection, book.store, book.settings)
        yield connection


def ask(book: BookData, statement: str) -> SqlAnswer:
    """The answer to one statement that only reads. Raises Refused for one that writes or opens
    files, UsageError for what is no SQL."""
    with opened(book) as connection:
        connection.set_authorizer(_allowed)
        connection.set_progress_handler(lambda: 0, _STEPS)
        try:
            cursor = connection.execute(statement)
            rows = cursor.fetchall()
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise _told(connection, error) from None
    return SqlAnswer(_distinct([each[0] for each in cursor.description or ()]), rows)


def _allowed(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    tells = action == sqlite3.SQLITE_PRAGMA and first in _TOLD
    loads = action == sqlite3.SQLITE_FUNCTION and second in ("load_extension", "fts3_tokenizer")
    return sqlite3.SQLITE_OK if (action in _READS or tells) and not loads else sqlite3.SQLITE_DENY


def _told(connection: sqlite3.Connection, error: Exception) -> Refused | UsageError:
    if any(word in str(error) for word in ("not authorized", "prohibited", "authorization denied")):
        return Refused(
            "sql only reads; it writes nothing and opens no files", "plaincrm set changes records"
        )
    connection.set_authorizer(None)
    found = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name"
    )
    names = [name for (name,) in found if not name.startswith(("search_", "sqlite_"))]
    return UsageError(f"SQL: {error}", f"tables: {', '.join(names)}")


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    taken: dict[str, None] = {}
    for name in names:
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{name}_{number}"
        taken[free] = None
    return tuple(taken)
