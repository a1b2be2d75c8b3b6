"""Which column goes where: by a preset whose signature the header has whole, else by the columns'
names.

What means nothing here stays as an own field under the column's name: nothing is lost by not being
known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from itertools import count

from plaincrm.core.schema.kinds import Kind, Schema
from plaincrm.core.values import ids
from plaincrm.errors import Refused, UsageError, did_you_mean
from plaincrm.interchange.csv import column_choice, entries, names, preset, row_kinds
from plaincrm.interchange.csv.preset import Preset
from plaincrm.interchange.csv.rows import MAX_COLUMNS, CsvRow
from plaincrm.interchange.csv.table_kind import likely
from plaincrm.interchange.csv.target import BODY, kinds


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """`columns` has every header, in the file's order, to its target word; an empty one drops the
    column.

    The other parts are those of a `Preset`: `key` is the field of the external id and its header
    (both empty where rows have none), `values` and `stages` are keyed by folded foreign words.
    `about`: a row needs no name, since its key is that of a record of another table.
    """

    kind: str
    columns: Map[str, str]
    key: tuple[str, str] = ("", "")
    preset: str = ""
    constants: Map[str, str] = field(default_factory=dict)
    values: Map[str, Map[str, str]] = field(default_factory=dict)
    labels: Map[str, str] = field(default_factory=dict)
    stages: Map[str, str] = field(default_factory=dict)
    closed: str = ""
    won: str = ""
    outcome: str = ""
    skip: Map[str, str] = field(default_factory=dict)
    row_kinds: tuple[str, Map[str, str]] = row_kinds.NONE
    about: bool = False

    @property
    def dropped(self) -> tuple[str, ...]:
        """The headers that go nowhere."""
        return tuple(name for name, word in self.columns.items() if not word)

    @property
    def consulted(self) -> frozenset[str]:
        """The headers of columns that say something of other columns, or of the row as a whole."""
        flags = (self.closed, self.won, self.outcome, self.row_kinds[0], self.key[1])
        return frozenset({*self.labels.values(), *self.skip, *flags, *names.IGNORED})


def choose(
    header: Sequence[str],
    sample: Sequence[CsvRow],
    schema: Schema,
    kind: str = "",
    name: str = "",
    reserved: frozenset[str] = frozenset(),
) -> ColumnMapping:
    """The mapping of a table. `kind` and `name` (of a preset, or `plain`) overrule what the header
    says.

    `sample` (some rows) lets an unnamed column of e-mail addresses be known by its cells.
    `reserved` are names that no own field may have (computed fields). Raises UsageError for an
    unknown preset or kind, Refused for a table that is too wide.
    """
    if len(header) > MAX_COLUMNS:
        said = f"The table has {len(header):,} columns; at most {MAX_COLUMNS:,} are read"
        raise Refused(said, "leave out those that are not needed")
    wanted = _kind(kind, schema) if kind else ""
    found = preset.named(name, header) if name and name != "plain" else None
    if not found and not name:
        found = preset.detect(header)
        of = entries.KIND if wanted in entries.FORMS else wanted
        found = found if found and of in ("", found.kind) else None
    if found:
        return _by_preset(found, header, sample, reserved)
    return _plain(header, sample, schema, wanted, reserved)


def _kind(word: str, schema: Schema) -> str:
    if word in entries.FORMS:
        return word
    found = schema.find(word)
    if not found:
        known = (*schema.kinds, *entries.FORMS)
        raise UsageError(f'There is no kind "{word}"', did_you_mean(word, known))
    return found.name


def _by_preset(
    found: Preset, header: Sequence[str], sample: Sequence[CsvRow], reserved: frozenset[str]
) -> ColumnMapping:
    present = {names.fold(name): name for name in header if names.fold(name)}

    def at(name: str) -> str:
        """The file's own spelling of a header, empty if it has none such."""
        return present.get(names.fold(name), "")

    columns = with_own({name: found.target(name) for name in header}, reserved)
    key_header = next(filter(None, map(at, found.key[1].split("|"))), "")
    if key_header:
        columns[key_header] = found.key[0]
    labels = {name: at(found.label(name)) for name in header if found.label(name)}
    columns |= dict.fromkeys((label for label in labels.values() if label), "")
    return ColumnMapping(
        found.kind,
        columns,
        key=(found.key[0], key_header) if key_header else ("", ""),
        preset=found.name,
        constants=found.constants,
        values=found.values,
        labels={name: label for name, label in labels.items() if label},
        stages=found.stages,
        closed=at(found.closed),
        won=at(found.won),
        outcome=at(found.outcome),
        skip={at(name): value for name, value in found.skip.items() if at(name)},
        row_kinds=row_kinds.of(header, sample, found.kind),
    )


def with_own(columns: Map[str, str | None], reserved: frozenset[str]) -> dict[str, str]:
    """Columns that mean nothing here get fields of their own, no two the same."""
    taken = set(filter(None, columns.values())) | {"kind", "id", BODY} | reserved
    filled: dict[str, str] = {}
    for name, word in columns.items():
        if word is None and name in names.IGNORED:
            word = ""
        if word is None:
            key = names.key_of(name)
            word = next(
                free
                for free in _numbered(key if key not in reserved else f"{key}_imported")
                if free not in taken
            )
            taken.add(word)
        filled[name] = word
    return filled


def _numbered(key: str) -> Iterator[str]:
    yield key
    for number in count(2):
        yield f"{key}_{number}"


def _plain(
    header: Sequence[str],
    sample: Sequence[CsvRow],
    schema: Schema,
    wanted: str,
    reserved: frozenset[str],
) -> ColumnMapping:
    of = wanted or likely(header, sample, schema)
    kind = kinds(schema)[entries.KIND if of in entries.FORMS else of]
    columns = column_choice.chosen(header, sample, kind)
    key = _key(header, sample, columns, kind)
    if key[1]:
        columns[key[1]] = key[0]
    if of in entries.FORMS:
        constants = entries.constants(of)
        return ColumnMapping(
            kind.name, with_own(columns, reserved), ("", ""), "plain", constants, entries.WORDS
        )
    told = row_kinds.of(header, sample, kind.name)
    if told[0]:
        columns[told[0]] = ""
    mapping = ColumnMapping(kind.name, with_own(columns, reserved), key, "plain", stages=OUTCOMES)
    return replace(mapping, row_kinds=told)


def _key(
    header: Sequence[str], sample: Sequence[CsvRow], columns: Map[str, str | None], kind: Kind
) -> tuple[str, str]:
    """The field and header of the rows' own id: `id` if the ids are ours, else one for the foreign
    ids.
    """
    for at, name in enumerate(header):
        if names.fold(name) not in (
            "id",
            "external id",
            "record id",
            "uid",
            "uuid",
            f"{kind.name} id",
            f"{kind.name} no",
            f"{kind.name} number",
            "kundennummer",
            "kundennr",
            "kunden nr",
            "customer no",
            "customer number",
        ):
            continue
        cells = [row.cells[at].strip() for row in sample if not row.problem]
        if not all(cells) or len(set(cells)) < len(cells):
            continue
        title = next((i for i, other in enumerate(header) if columns[other] == kind.title), None)
        if names.fold(name) == "id" and title is not None and _ours(at, title, sample, kind):
            return ("id", name)
        return (
            "external_id" if names.fold(name) in ("id", "uid", "uuid") else names.key_of(name),
            name,
        )
    return ("", "")


def _ours(at: int, title: int, sample: Sequence[CsvRow], kind: Kind) -> bool:
    """Ids of a book are made of their titles."""
    rows = [row.cells for row in sample if not row.problem]
    alike = sum(cells[at].startswith(ids.slug(cells[title], kind.name)[:12]) for cells in rows)
    return bool(rows) and alike * 2 >= len(rows)


OUTCOMES = {
    "won": "won",
    "lost": "lost",
    "closed won": "won",
    "closed lost": "lost",
    "gewonnen": "won",
    "verloren": "lost",
    "gagné": "won",
    "perdu": "lost",
    "ganado": "won",
    "perdido": "lost",
}
