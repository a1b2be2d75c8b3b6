"""The mapping of a table of a dump: what its columns mean, and which record a foreign key names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from plaincrm.core.schema.kinds import Kind, Schema
from plaincrm.interchange.csv import column_choice, entries, table_role
from plaincrm.interchange.csv.column_words import word_set
from plaincrm.interchange.csv.mapping import OUTCOMES, ColumnMapping, with_own
from plaincrm.interchange.csv.names import key_of
from plaincrm.interchange.csv.related_tables import ForeignKey, TableProfile, TableRole
from plaincrm.interchange.csv.target import kinds, parse

_PASSED_OVER = frozenset({table_role.USER, table_role.LOOKUP})
"""Roles of tables whose rows are no records: their names stand where their ids are used."""
_LEAD_WORDS: Mapping[str, str] = {
    "lead": "new open working contacted nurturing nurture unqualified assigned cold warm hot neu"
    " offen",
    "prospect": "qualified sql mql qualifiziert",
    "customer": "converted customer won kunde gewonnen",
    "other": "lost dead disqualified junk recycled closed verloren",
}
LEAD_STATUS = {word: ours for ours, words in _LEAD_WORDS.items() for word in word_set(words)}
"""What other programs call the status of a lead; the finer word stays beside it."""


def passed_over(role: TableRole) -> bool:
    """Whether the rows of such a table are no records."""
    return role.role in _PASSED_OVER


def key_field(role: TableRole) -> str:
    """The field that keeps the foreign id of a row: `contact_id`."""
    return key_of(role.key) if table_role.stem_of(role.key) else f"{role.role}_id"


def planned(
    number: int,
    tables: Sequence[TableProfile],
    roles: Sequence[TableRole],
    schema: Schema,
    reserved: frozenset[str],
) -> ColumnMapping:
    """The mapping of the `number`-th table, the others at hand."""
    table, role = tables[number], roles[number]
    if passed_over(role):
        return ColumnMapping("contact", dict.fromkeys(table.header, ""), preset="plain")
    entry = role.role in table_role.ENTRIES
    kind = kinds(schema)[entries.KIND if entry else table_role.KINDS.get(role.role, role.role)]
    columns = column_choice.chosen(table.header, table.sample, kind)
    values = dict(entries.WORDS) if entry else {}
    for link in role.links:
        word = _word(kind, link.column, tables[link.table], roles[link.table], role.role)
        if any(word == each for name, each in columns.items() if name != link.column):
            continue
        columns[link.column] = word
        if word and "@" not in word and word != "number":
            values[word] = tables[link.table].titles
    if entry:
        _dated(columns, table)
        return _entries(role, columns, values, reserved)
    return _records(role, columns, values, reserved, kind, roles)


def _word(kind: Kind, name: str, other: TableProfile, of: TableRole, own: str) -> str | None:
    """What a foreign key means in a table of `kind`; None where it stays a field of its own."""
    target = table_role.KINDS.get(of.role, of.role)
    if of.role == table_role.USER and "owner" in kind.fields:
        return "owner"
    if passed_over(of):
        return key_of(table_role.stem_of(name) or name) if other.titles else None
    if of.role == table_role.PRODUCT and kind.name == entries.KIND:
        return "product"
    if of.role == table_role.ORDER and own == table_role.ITEM:
        return "number"
    field = kind.fields.get(target)
    if field is None or field.to != target:
        return None
    return f"{target}@{key_field(of)}"


def _dated(columns: dict[str, str | None], table: TableProfile) -> None:
    """An entry has a day: of a table without a column for it the first that holds days is it."""
    if "at" in columns.values():
        return
    for at, name in enumerate(table.header):
        cells = column_choice.filled(table.sample, at)
        if columns[name] is None and cells and column_choice.dated(cells):
            columns[name] = "at"
            return


def _entries(
    role: TableRole,
    columns: dict[str, str | None],
    values: Mapping[str, Mapping[str, str]],
    reserved: frozenset[str],
) -> ColumnMapping:
    if role.role == table_role.ORDER and role.key:
        columns |= {name: None for name, word in columns.items() if word == "number"}
        columns[role.key] = "number"
    elif role.key and columns[role.key] not in ("number", "text.1"):
        columns[role.key] = ""
    if role.role == table_role.ITEM and {"price", "cost"} <= set(columns.values()):
        each = {"cost": "unit_cost"} if "unit_cost" not in columns.values() else {}
        columns |= {name: each[word] for name, word in columns.items() if word in each}
    constants = entries.constants(role.role)
    return ColumnMapping(
        entries.KIND, with_own(columns, reserved), ("", ""), "plain", constants, values
    )


def _records(
    role: TableRole,
    columns: dict[str, str | None],
    values: dict[str, Mapping[str, str]],
    reserved: frozenset[str],
    kind: Kind,
    roles: Sequence[TableRole],
) -> ColumnMapping:
    key = (key_field(role), role.key) if role.key else ("", "")
    if role.key:
        columns[role.key] = key[0]
    about = next(_same_person(role, roles), None) if _nameless(columns, kind) else None
    if about is not None:
        other = key_field(roles[about.table])
        columns[about.column], key = other, (other, about.column)
    mapping = ColumnMapping(kind.name, with_own(columns, reserved), key, "plain", stages=OUTCOMES)
    if role.role == table_role.LEAD:
        values = {"status": LEAD_STATUS} | values
        mapping = replace(mapping, constants={"status": "lead"})
    return replace(mapping, values=values, about=about is not None)


def _nameless(columns: Mapping[str, str | None], kind: Kind) -> bool:
    """Whether no column has the name of the row's own record."""
    fields = {parse(word).field for word in columns.values() if word}
    return kind.title not in fields


def _same_person(role: TableRole, roles: Sequence[TableRole]) -> Iterator[ForeignKey]:
    """The columns by which a lead is a contact of another table."""
    links = role.links if role.role == table_role.LEAD else ()
    return (link for link in links if roles[link.table].role == table_role.CONTACT)
