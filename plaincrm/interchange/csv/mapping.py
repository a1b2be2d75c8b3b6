"""Which column goes where: by a preset whose signature the header has whole, else by the columns'
names.

What means nothing here stays as an own field under the column's name: nothing is lost by not being
known.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from itertools import count

from plaincrm.core.schema.kinds import Kind, Schema
from plaincrm.core.values import ids
from plaincrm.errors import UsageError, did_you_mean
from plaincrm.interchange.csv import names, preset, target, values
from plaincrm.interchange.csv.preset import Preset
from plaincrm.interchange.csv.rows import Row
from plaincrm.interchange.csv.target import BODY

_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"(?:\+|00|\(|0)[\d\s()./-]{6,}\d")


@dataclass(frozen=True, slots=True)
class Mapping:
    """`columns` has every header, in the file's order, to its target word; an empty one drops the
    column.

    The other parts are those of a `Preset`: `key` is the field of the external id and its header
    (both empty where rows have none), `values` and `stages` are keyed by folded foreign words.
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

    @property
    def dropped(self) -> tuple[str, ...]:
        """The headers that go nowhere."""
        return tuple(name for name, word in self.columns.items() if not word)


def choose(
    header: Sequence[str],
    sample: Sequence[Row],
    schema: Schema,
    kind: str = "",
    name: str = "",
    reserved: frozenset[str] = frozenset(),
) -> Mapping:
    """The mapping of a table. `kind` and `name` (of a preset, or `plain`) overrule what the header
    says.

    `sample` (some rows) lets an unnamed column of e-mail addresses be known by its cells.
    `reserved` are names that no own field may have (computed fields). Raises UsageError for an
    unknown preset or kind.
    """
    wanted = _kind(kind, schema) if kind else ""
    found = preset.named(name, header) if name and name != "plain" else None
    if not found and not name:
        found = preset.detect(header)
        found = found if found and wanted in ("", found.kind) else None
    if found:
        return _by_preset(found, header, reserved)
    return _plain(header, sample, schema, wanted, reserved)


def _kind(word: str, schema: Schema) -> str:
    found = schema.find(word)
    if not found:
        raise UsageError(f'There is no kind "{word}"', did_you_mean(word, schema.kinds))
    return found.name


def _by_preset(found: Preset, header: Sequence[str], reserved: frozenset[str]) -> Mapping:
    present = {names.fold(name): name for name in header if names.fold(name)}

    def at(name: str) -> str:
        """The file's own spelling of a header, empty if it has none such."""
        return present.get(names.fold(name), "")

    columns = _with_own({name: found.target(name) for name in header}, reserved)
    key_header = next(filter(None, map(at, found.key[1].split("|"))), "")
    if key_header:
        columns[key_header] = found.key[0]
    labels = {name: at(found.label(name)) for name in header if found.label(name)}
    columns |= dict.fromkeys((label for label in labels.values() if label), "")
    return Mapping(
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
    )


def _with_own(columns: Map[str, str | None], reserved: frozenset[str]) -> dict[str, str]:
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
    sample: Sequence[Row],
    schema: Schema,
    wanted: str,
    reserved: frozenset[str],
) -> Mapping:
    kind = schema.kinds[wanted or _likely(header, schema)]
    columns = {name: _plain_target(name, kind) for name in header}
    _settle_names(columns)
    _sniff(columns, header, sample, kind)
    key = _key(header, sample, columns, kind)
    if key[1]:
        columns[key[1]] = key[0]
    return Mapping(kind.name, _with_own(columns, reserved), key, "plain", stages=_OUTCOMES)


def _key(
    header: Sequence[str], sample: Sequence[Row], columns: Map[str, str | None], kind: Kind
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


def _ours(at: int, title: int, sample: Sequence[Row], kind: Kind) -> bool:
    """Ids of a book are made of their titles."""
    rows = [row.cells for row in sample if not row.problem]
    alike = sum(cells[at].startswith(ids.slug(cells[title], kind.name)[:12]) for cells in rows)
    return bool(rows) and alike * 2 >= len(rows)


_OUTCOMES = {
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


def _plain_target(header: str, kind: Kind) -> str | None:
    if header.strip().lower() in kind.fields or header.strip().lower() == BODY:
        return header.strip().lower()
    word = names.aliases(kind.name).get(names.fold(header))
    if word and (target.parse(word).field in kind.fields or word == BODY):
        return word
    if not names.aliases(kind.name):  # a kind of the book's own: its fields, by any spelling
        return next((name for name in kind.fields if names.fold(name) == names.fold(header)), None)
    return None


def _likely(header: Sequence[str], schema: Schema) -> str:
    """The kind that most columns speak for."""
    votes: Counter[str] = Counter()
    for kind in schema.kinds.values():
        words = [_plain_target(name, kind) for name in header]
        marks = names.MARKS.get(kind.name, set())
        votes[kind.name] = 100 * len(marks.intersection(filter(None, words))) + sum(
            word is not None for word in words
        )
    if "contact" in votes and votes["contact"] == max(votes.values()):
        return "contact"
    return votes.most_common(1)[0][0]


def _settle_names(columns: dict[str, str | None]) -> None:
    """`Nom, Prénom` and `Name, Vorname`: beside a given name, the name is the family's."""
    words = list(columns.values())
    if (
        "name.given" not in words
        and "name.family" in words
        and "nombre" in map(names.fold, columns)
    ):
        columns[next(name for name in columns if names.fold(name) == "nombre")] = "name.given"
        return
    lone = [name for name in columns if names.fold(name) in ("name", "nom")]
    if lone and "name.given" in words and "name.family" not in words:
        columns[lone[0]] = "name.family"


def _sniff(
    columns: dict[str, str | None], header: Sequence[str], sample: Sequence[Row], kind: Kind
) -> None:
    """Columns whose name says nothing, but whose cells are all addresses or all numbers of
    phones.
    """
    for at, name in enumerate(header):
        if columns[name] is not None:
            continue
        cells = [row.cells[at] for row in sample if not row.problem and at < len(row.cells)]
        for word, pattern in (("email", _EMAIL), ("phone", _PHONE)):
            if word in kind.fields and values.share(cells, pattern) >= 0.8:
                columns[name] = word
