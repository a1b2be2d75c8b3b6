"""Several tables of one system, given at once: what each holds, and which column leads where.

A table is judged by the name of its file and by its columns together. A column leads to another
table if its values are keys of that table, and its name or the look of the values says so too.
Nothing depends on the order of the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from plaincrm.core.schema.kinds import Schema
from plaincrm.interchange.csv import column_choice, names, table_role
from plaincrm.interchange.csv.rows import CsvRow
from plaincrm.interchange.csv.table_kind import likely
from plaincrm.interchange.csv.target import LOG

NAMED_OVERLAP = 0.5
"""The share of a column's values that are keys of the table that its name speaks of."""
UNNAMED_OVERLAP = 0.95
"""The same, where the name says nothing: then nearly all have to be."""
FEWEST = 2
"""Values from which a column without a telling name may lead somewhere."""
_TELLING = re.compile(r"(?=.*\d)(?:.*[A-Za-z].*|.{7,})")
"""A value that is not like any other number: `C-0012`, a UUID, a long number."""


@dataclass(frozen=True, slots=True)
class ColumnValues:
    """The different values of a column, whether each row has one, and none twice."""

    values: frozenset[str]
    unique: bool


@dataclass(frozen=True, slots=True)
class TableProfile:
    """A table as it is judged: its file's name, header, first rows, and what its columns hold."""

    name: str
    header: tuple[str, ...]
    sample: Sequence[CsvRow]
    columns: Mapping[str, ColumnValues]
    titles: Mapping[str, str] = field(default_factory=dict)  # its key to a name, of a small table


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A column whose values are the keys of the `table`-th table."""

    column: str
    table: int


@dataclass(frozen=True, slots=True)
class TableRole:
    """What a table of a dump holds. `key` is the column of its own ids, empty for none; `links` are
    the columns that lead to other tables."""

    role: str
    key: str
    links: tuple[ForeignKey, ...]


def relate(tables: Sequence[TableProfile], schema: Schema) -> list[TableRole]:
    """The role of each table, in their order."""
    keys = [_key(table) for table in tables]
    links = [tuple(_links(number, tables, keys)) for number in range(len(tables))]
    roles = [_role(table, schema) for table in tables]
    for number, table in enumerate(tables):
        if _holds_lines(table, links[number], roles, roles[number]):
            roles[number] = table_role.ITEM
    return [TableRole(*each) for each in zip(roles, keys, links, strict=True)]


def _key(table: TableProfile) -> str:
    """The column of a table's own ids: unique, and called an id; of several the one of its name."""
    own = table_role.of_name(table.name)
    found = [
        name for name in table.header if table.columns[name].unique and table_role.names_id(name)
    ]
    bare = [name for name in found if not table_role.stem_of(name)]
    mine = [name for name in found if own in table_role.of_words(name)]
    first = [name for name in found if name == table.header[0]]
    return next(iter([*bare, *first, *mine, *found]), "")


def _links(
    number: int, tables: Sequence[TableProfile], keys: Sequence[str]
) -> Iterator[ForeignKey]:
    own = tables[number]
    for name in own.header:
        if name == keys[number] or not own.columns[name].values:
            continue
        scored = [
            (_score(name, own.columns[name], other, keys[at]), other.name, at)
            for at, other in enumerate(tables)
            if at != number and keys[at]
        ]
        best, _, at = max(scored, default=(0.0, "", 0))
        if best:
            yield ForeignKey(name, at)


def _score(name: str, column: ColumnValues, other: TableProfile, key: str) -> float:
    """How surely a column leads to another table; 0 if it does not."""
    values = column.values
    overlap = len(values & other.columns[key].values) / len(values)
    spoken = _speaks_of(name, other, key)
    if spoken and overlap >= NAMED_OVERLAP:
        return 2 + spoken + overlap
    telling = len(values) >= FEWEST and all(map(_TELLING.fullmatch, values))
    return overlap if telling and overlap >= UNNAMED_OVERLAP else 0.0


def _speaks_of(name: str, other: TableProfile, key: str) -> float:
    """How surely a column has the name of a table or of its key: 1 for the key's own name, less for
    a word that may mean other tables too, 0 for none."""
    stem = table_role.stem_of(name)
    if stem and stem == table_role.stem_of(key):
        return 1.0
    if not table_role.names_id(name):
        return 0.0
    file_stem = " ".join(table_role.words_of(other.name.rpartition("/")[2].partition(".")[0]))
    if stem and file_stem in (stem, f"{stem}s"):
        return 1.0
    words, of_file = table_role.of_words(name), table_role.of_name(other.name)
    if of_file in words[:1]:
        return 0.8
    return 0.5 if of_file in words else 0.0


def _role(table: TableProfile, schema: Schema) -> str:
    """By the name of the file, unless the columns speak against it; else by the columns."""
    hint = table_role.of_name(table.name)
    if hint and not _contradicted(hint, table, schema):
        return hint
    found = likely(table.header, table.sample, schema)
    if found in schema.kinds and not hint and not _tells(table, found, schema):
        return table_role.LOOKUP
    return found


def _contradicted(hint: str, table: TableProfile, schema: Schema) -> bool:
    """Whether a table of that name has the marks of another kind and none of its own."""
    if hint not in table_role.KINDS:
        return False
    found = likely(table.header, table.sample, schema)
    own = table_role.KINDS[hint]
    both = {own, found} <= {table_role.CONTACT, table_role.COMPANY}
    if found == own or both or found not in schema.kinds:
        return False
    if hint == table_role.LEAD and found == table_role.DEAL:
        return "value" in _targets(table, found, schema)
    return _tells(table, found, schema) and not _tells(table, own, schema)


def _tells(table: TableProfile, kind: str, schema: Schema) -> bool:
    """Whether a column says what only such a kind has, or how to reach somebody."""
    words = _targets(table, kind, schema)
    marks = names.MARKS.get(kind, set())
    return bool(words & marks) or any(word.split(".")[0] in ("email", "phone") for word in words)


def _targets(table: TableProfile, kind: str, schema: Schema) -> set[str]:
    chosen = column_choice.chosen(table.header, table.sample, schema.kinds[kind])
    return {word for word in chosen.values() if word}


def _holds_lines(
    table: TableProfile, links: Sequence[ForeignKey], roles: Sequence[str], own: str
) -> bool:
    """Whether a table has a product and a quantity for rows of sales, or of deals where it holds no
    sales itself."""
    of = {roles[link.table] for link in links}
    if own in table_role.KINDS and own != table_role.PRODUCT:
        return False
    chosen = column_choice.chosen(table.header, table.sample, LOG)
    said = {word for word in chosen.values() if word}
    parent = table_role.ORDER in of or (table_role.DEAL in of and own != table_role.ORDER)
    product = table_role.PRODUCT in of or "product" in said
    return parent and product and "quantity" in said
