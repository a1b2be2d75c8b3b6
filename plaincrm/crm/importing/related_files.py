"""The files of one import that are tables of one system: looked at together before any is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from plaincrm.errors import Refused
from plaincrm.interchange import records_csv
from plaincrm.interchange.csv import preset, table, table_role
from plaincrm.interchange.csv.column import Locale
from plaincrm.interchange.csv.draft import Draft, first
from plaincrm.interchange.csv.drafter import Drafter
from plaincrm.interchange.csv.mapping import ColumnMapping, choose
from plaincrm.interchange.csv.planned_mapping import passed_over, planned
from plaincrm.interchange.csv.related_tables import (
    ColumnValues,
    TableProfile,
    TableRole,
    relate,
)
from plaincrm.interchange.recognise import HEAD, recognise

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

SAMPLE = 50
MOST_VALUES = 500_000
"""Different values of a column that are kept to compare; a column of more leads nowhere."""
_NAMED = frozenset({table_role.USER, table_role.LOOKUP, table_role.PRODUCT})
"""Roles of tables whose names stand where their ids are used."""


@dataclass(frozen=True, slots=True)
class TablePlan:
    """How one file of a dump is read. `says` is that as a sentence."""

    mapping: ColumnMapping
    role: TableRole
    says: str

    @property
    def reason(self) -> str:
        """Why no row of the table is a record; empty where rows are."""
        if not passed_over(self.role):
            return ""
        if self.role.role == table_role.USER:
            return "somebody who works with the other program, no contact"
        return "a name that other tables use, no record"

    @property
    def turn(self) -> int:
        """When its rows are read among those of the other files."""
        order = table_role.TURN
        return order.index(self.role.role) if self.role.role in order else len(order)


@dataclass
class _Seen:
    """The values of a column, while its rows are walked."""

    values: set[str] = field(default_factory=set)
    filled: int = 0

    def add(self, cell: str) -> None:
        text = cell.strip()
        if text and len(self.values) <= MOST_VALUES:
            self.values.add(text)
            self.filled += 1


def survey(book: BookData, files: Sequence[Path]) -> Mapping[Path, TablePlan]:
    """The plan of each file that is a table of a dump; empty where none leads to another.

    Tables of programs that have a preset, and own exports, are no part of it.
    """
    found = {path: profile for path in files if (profile := _profile(path, SAMPLE)) is not None}
    paths, tables = list(found), list(found.values())
    if len(tables) < 2:
        return {}
    roles = relate(tables, book.schema)
    if not any(role.links for role in roles):
        return {}
    tables = [
        replace(each, titles=_titles(path, each, role, book)) if role.role in _NAMED else each
        for path, each, role in zip(paths, tables, roles, strict=True)
    ]
    return {
        path: TablePlan(
            planned(number, tables, roles, book.schema, _reserved()),
            roles[number],
            _sentence(number, tables, roles),
        )
        for number, path in enumerate(paths)
    }


def _reserved() -> frozenset[str]:
    from plaincrm.crm.facts import all_facts

    return frozenset(fact.name for fact in all_facts().all)


def _profile(path: Path, sample: int) -> TableProfile | None:
    """A table as it is judged; None for what is none, or speaks for itself."""
    with suppress(Refused, OSError), path.open("rb") as stream:
        head = stream.read(1 << 16)
        stream.seek(0)
        if recognise(head[:HEAD], str(path)) != "csv" or records_csv.recognise(head):
            return None
        return _table_profile(stream, path.name, sample)
    return None


def _table_profile(stream: BinaryIO, name: str, sample: int) -> TableProfile | None:
    read = table.read(stream)
    if preset.spelled(read.header):
        return None
    first_rows = list(islice(read.rows, sample))
    seen = [_Seen() for _ in read.header]
    count = 0
    for rows in (first_rows, read.rows):
        for row in rows:
            if row.problem or row.note:
                continue
            count += 1
            for column, cell in zip(seen, row.cells, strict=False):
                column.add(cell)
    columns = {
        header: ColumnValues(
            frozenset(each.values), unique=each.filled == count == len(each.values) > 0
        )
        for header, each in zip(read.header, seen, strict=True)
    }
    return TableProfile(name, read.header, first_rows, columns)


def _titles(path: Path, profile: TableProfile, role: TableRole, book: BookData) -> dict[str, str]:
    """What each row of a table is called, by its key, folded."""
    if not role.key:
        return {}
    kind = table_role.KINDS.get(role.role, table_role.CONTACT)
    mapping = choose(profile.header, profile.sample, book.schema, kind, "plain")
    drafter = Drafter(profile.header, mapping, book.schema, Locale(book.settings.country))
    at, title = profile.header.index(role.key), book.schema.kinds[kind].title
    found: dict[str, str] = {}
    with path.open("rb") as stream:
        for row in table.read(stream).rows:
            draft = drafter.draft(row)
            if isinstance(draft, Draft) and draft.fields.get(title):
                found[row.cells[at].strip().casefold()] = first(draft.fields[title])
    return found


def _sentence(number: int, tables: Sequence[TableProfile], roles: Sequence[TableRole]) -> str:
    role = roles[number]
    ways = [f"{link.column} leads to {tables[link.table].name}" for link in role.links]
    return "; ".join([_MEANINGS.get(role.role, f"{role.role}s"), *ways])


_MEANINGS = {
    table_role.COMPANY: "companies",
    table_role.LEAD: "leads, contacts with a status",
    table_role.ORDER: "orders, entries of logs",
    table_role.ITEM: "lines of sales, items of their order or deal",
    table_role.LOG: "activities, entries of logs, or tasks",
    table_role.TASK: "tasks",
    table_role.INVOICE: "invoices, tasks",
    table_role.USER: "people who work with the other program; no records",
    table_role.LOOKUP: "names that other tables use; no records",
}
