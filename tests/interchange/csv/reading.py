"""Read a CSV text the way an import does: table, mapping, columns, drafts."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from plaincrm.core.schema.builtin import schema
from plaincrm.interchange.csv import table
from plaincrm.interchange.csv.column import Locale, observe
from plaincrm.interchange.csv.draft import Draft, Outcome, Reject
from plaincrm.interchange.csv.drafter import Drafter
from plaincrm.interchange.csv.mapping import ColumnMapping, choose

SCHEMA = schema()


@dataclass(frozen=True)
class Imported:
    header: tuple[str, ...]
    mapping: ColumnMapping
    outcomes: list[Outcome]

    @property
    def drafts(self) -> list[Draft]:
        return [outcome for outcome in self.outcomes if isinstance(outcome, Draft)]

    @property
    def rejects(self) -> list[Reject]:
        return [outcome for outcome in self.outcomes if isinstance(outcome, Reject)]

    @property
    def only(self) -> Draft:
        (draft,) = self.outcomes
        assert isinstance(draft, Draft), draft
        return draft


def take(
    source: str | bytes | Path, kind: str = "", name: str = "", mapping: ColumnMapping | None = None
) -> Imported:
    data = (
        source.read_bytes()
        if isinstance(source, Path)
        else source.encode()
        if isinstance(source, str)
        else source
    )
    found = table.read(io.BytesIO(data))
    rows = list(found.rows)
    chosen = mapping or choose(found.header, rows, SCHEMA, kind, name)
    columns = observe(found.header, rows)
    locale = Locale("US", "en", "USD").informed(columns, found.delimiter)
    drafter = Drafter(found.header, chosen, SCHEMA, locale, columns)
    return Imported(found.header, chosen, list(drafter.drafts(iter(rows))))
