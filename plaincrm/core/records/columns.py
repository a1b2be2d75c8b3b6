"""The records of one kind as columns: what the cache keeps of them, each column read when it is
first needed.

There is a row for each record: its id and folder, the text of every field, and the facts that need
only the file and the settings. A query on one field so costs one list, and a record is made only
where somebody looks at it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from plaincrm.core.records.record import Record
from plaincrm.core.schema.log_settings import LogSettings
from plaincrm.core.text.text_file import path_in

if TYPE_CHECKING:
    from plaincrm.core.schema.kinds import Kind
    from plaincrm.core.values.raw import Raw

SEARCH_TEXT = "search text"
ColumnData: TypeAlias = dict[str, Any]
"""Columns by name, as a cache keeps them; a sparse one is a map of rows."""


class Columns:
    """Rows in the order of their paths.

    `read(name)` gives a kept column, None where it is not to be had; then `refill()` makes all of
    them anew. `text(path)` is the text of a record's file.
    """

    def __init__(
        self,
        kind: Kind,
        log_settings: LogSettings,
        read: Callable[[str], Any],
        refill: Callable[[], ColumnData],
        text: Callable[[str], str],
    ) -> None:
        self.kind = kind
        self.log_settings = log_settings
        self.text = text
        self._read = read
        self._refill = refill
        self._columns: dict[str, list[Any]] = {}
        self._facts: dict[str, list[Any]] = {}

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def ids(self) -> list[str]:
        found: list[str] = self._get("id")
        return found

    @cached_property
    def folders(self) -> list[str]:
        found: list[str] = self._get("folder")
        return found

    @cached_property
    def names(self) -> frozenset[str]:
        """Every key that a record carries."""
        return frozenset(self._get("names"))

    @cached_property
    def damaged(self) -> frozenset[int]:
        """The rows of files that could not be read whole."""
        return frozenset(self._get("damaged"))

    @cached_property
    def shapes(self) -> list[tuple[str, ...]]:
        """The keys of each record, in the order of its file."""
        found: list[tuple[str, ...]] = self._get("shape")
        return found

    @cached_property
    def search_texts(self) -> list[tuple[int, bytes]] | None:
        """The pieces that a search looks through (`records.search_text`); None where none are
        kept.
        """
        found: list[tuple[int, bytes]] | None = self._read(SEARCH_TEXT)
        return found

    def path(self, row: int) -> str:
        return path_in(self.folders[row], f"{self.ids[row]}.md")

    def row(self, path: str) -> int:
        """The row of a path, which must be there."""
        return bisect_left(
            range(len(self)), path.split("/"), key=lambda row: self.path(row).split("/")
        )

    def record(self, row: int) -> Record:
        return Record.of_row(self.kind, self.ids[row], self.path(row), self, row, self.log_settings)

    def column(self, name: str) -> list[Raw | None]:
        """The field `name` of every row as it stands in the file; None where it does not."""
        found = self._columns.get(name)
        if found is None:
            kept = self._get(f"field {name}") if name in self.names else {}
            found = self._columns[name] = _expanded(kept, len(self))
        return found

    def facts(self, name: str) -> list[Any]:
        """The fact `name` of every row, in the form in which it is kept: see `plain`."""
        found = self._facts.get(name)
        if found is None:
            found = self._facts[name] = _expanded(self._get(f"fact {name}"), len(self))
        return found

    def fields(self, row: int) -> dict[str, Raw]:
        return {name: self.column(name)[row] for name in self.shapes[row]}  # type: ignore[misc]

    def _get(self, name: str) -> Any:
        found = self._read(name)
        if found is None:
            columns = self._refill()
            self._read = columns.get
            found = columns[name]
        return found


def _expanded(kept: list[Any] | Mapping[int, Any], count: int) -> list[Any]:
    if isinstance(kept, list):
        return kept
    found: list[Any] = [None] * count
    for row, value in kept.items():
        found[row] = value
    return found
