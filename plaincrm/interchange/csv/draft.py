"""One row of a table to the draft of a record: fields as raw text, links as hints, or a reason why not.

Pure and without a store: who is meant by a link, and whether the record is there already, is decided above.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace

from plaincrm.core.raw import Raw
from plaincrm.core.schema import Field, Kind, Schema
from plaincrm.interchange.cells import restore
from plaincrm.interchange.csv import names, values
from plaincrm.interchange.csv.assemble import Found, assemble
from plaincrm.interchange.csv.column import EMPTY, Column, Locale
from plaincrm.interchange.csv.mapping import Mapping
from plaincrm.interchange.csv.rows import Row
from plaincrm.interchange.csv.target import BODY, Target, kinds, parse

_SALUTATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "sir",
        "madam",
        "herr",
        "frau",
        "m",
        "mme",
        "mlle",
        "monsieur",
        "madame",
        "sr",
        "sra",
        "srta",
    ]
)


@dataclass(frozen=True, slots=True)
class LinkHint:
    """A record that a link leads to: of `kind`, known `by` name, email, domain, id or an external id's field.

    `by="id"` may be a name too. `others` name the same record, next best: the first that resolves wins.
    """

    kind: str
    by: str
    value: str
    others: tuple[LinkHint, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What a row says. `key` is its external id (empty: none), under `key_field` in `fields` too.

    `outcome` of a deal: open, won, lost, or empty where the file doesn't say. `beside` are records that the
    row holds beside its own (a person's company).
    """

    kind: str
    line: int
    key: str
    key_field: str
    fields: Map[str, Raw]
    links: Map[str, tuple[LinkHint, ...]]
    body: str = ""
    outcome: str = ""
    beside: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that can't be imported as it stands."""

    line: int
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Skip:
    """A row that the file itself calls deleted."""

    line: int
    reason: str


Outcome = Draft | Reject | Skip


@dataclass(frozen=True, slots=True)
class Drafter:
    """Turns rows into drafts; one for a whole table. `columns` come from `column.observe`."""

    header: tuple[str, ...]
    mapping: Mapping
    schema: Schema
    locale: Locale = field(default_factory=Locale)
    columns: Map[str, Column] = field(default_factory=dict)

    def draft(self, row: Row) -> Outcome:
        if row.problem:
            return Reject(row.line, row.problem, row.cells)
        cells = {name: restore(cell) for name, cell in zip(self.header, row.cells, strict=False)}
        for name, value in self.mapping.skip.items():
            if cells.get(name, "").strip().casefold() == value:
                return Skip(row.line, f"{name} is {value}")
        try:
            return self._drafted(row, cells)
        except ValueError as error:
            return Reject(row.line, str(error), row.cells)

    def drafts(self, rows: Iterator[Row]) -> Iterator[Outcome]:
        return (self.draft(row) for row in rows)

    def _drafted(self, row: Row, cells: Map[str, str]) -> Draft:
        by_kind: dict[str, list[tuple[str, Target, str]]] = {self.mapping.kind: []}
        for name, word in self.mapping.columns.items():
            if word and cells.get(name, "").strip():
                target = parse(word)
                by_kind.setdefault(target.kind or self.mapping.kind, []).append((name, target, cells[name]))
        drafts = [self._record(row.line, kind, columns, cells) for kind, columns in by_kind.items()]
        whole = [draft for draft in drafts if draft.fields.get(self._title(draft.kind))]
        if not whole:
            raise ValueError(f"no {self._title(self.mapping.kind)}")
        first, *others = (self._linked(draft, whole) for draft in whole)
        return replace(first, beside=tuple(others))

    def _title(self, kind: str) -> str:
        return kinds(self.schema)[kind].title

    def _linked(self, draft: Draft, row: Sequence[Draft]) -> Draft:
        """Records of one row belong together: a deal to the person and the firm beside it."""
        links = dict(draft.links)
        for ref in kinds(self.schema)[draft.kind].refs:
            other = next((o for o in row if o is not draft and o.kind == ref.to), None)
            if other and ref.name == ref.to and ref.name not in links:
                links[ref.name] = (LinkHint(ref.to, "name", first(other.fields[self._title(ref.to)])),)
        return replace(draft, links=links)

    def _record(
        self, line: int, kind_name: str, columns: Sequence[tuple[str, Target, str]], cells: Map[str, str]
    ) -> Draft:
        kind, main = kinds(self.schema)[kind_name], kind_name == self.mapping.kind
        found = [piece for column in _grouped(columns) for piece in self._pieces(kind, *column, cells)]
        fields = assemble(kind, found)
        fields.pop("id", None)
        links = _links(kind, columns)
        if not fields.get(kind.title) and kind_name in ("contact", "deal"):
            _entitle(fields, links)
        if main and fields:
            fields = {**self.mapping.constants, **fields}
        outcome = _finish(self.mapping, fields, cells) if kind_name == "deal" and main else ""
        body = "\n\n".join(piece.text for piece in found if piece.field == BODY)
        key_field, key_header = self.mapping.key if main else ("", "")
        key = cells.get(key_header, "").strip()
        return Draft(kind_name, line, key, key_field, fields, links, body, outcome)

    def _pieces(
        self, kind: Kind, header: str, target: Target, cell: str, cells: Map[str, str]
    ) -> Iterator[Found]:
        """What one cell gives: values of its field, or an own field where its type can't hold it."""
        own = names.key_of(header)
        schema_field = kind.fields.get(target.field)
        if target.part == "prefix" and cell.strip().rstrip(".").casefold() in _SALUTATIONS:
            yield Found("salutation", "", cell.strip(), header)
            return
        if target.field == self.mapping.key[0] or schema_field is None:
            yield Found(target.field, target.part, values.trimmed(cell), header)
            return
        if schema_field.type == "ref":
            return
        label = cells.get(self.mapping.labels.get(header, ""), "") or target.part
        yield from self._values(schema_field, header, cell, label, own)

    def _values(self, schema_field: Field, header: str, cell: str, label: str, own: str) -> Iterator[Found]:
        column, table = self.columns.get(header, EMPTY), self.mapping.values.get(schema_field.name, {})
        for text in values.split(cell, schema_field):
            word = table.get(text.strip().casefold(), text)
            if word and text.strip().casefold() not in (word.casefold(), f"* {word}"):  # the finer word stays
                yield Found(own if own != schema_field.name else f"{own}_imported", "", text.strip(), header)
            try:
                raw = values.convert(word, schema_field, column, self.locale)
            except ValueError as error:
                if schema_field.type not in values.FORGIVING:
                    raise ValueError(f"{header}: {error}") from None
                yield Found(own if own != schema_field.name else f"{own}_imported", "", text.strip(), header)
            else:
                yield Found(schema_field.name, label, raw, header)


def _grouped(columns: Sequence[tuple[str, Target, str]]) -> Iterator[tuple[str, Target, str]]:
    """Of billing and shipping the first that has anything fills our fields; the others stay own."""
    first = next((target.group for _, target, _ in columns if target.group), "")
    for name, target, cell in columns:
        if target.group in ("", first):
            yield name, target, cell
        else:
            yield name, Target(names.key_of(name)), cell


def _links(kind: Kind, columns: Sequence[tuple[str, Target, str]]) -> dict[str, tuple[LinkHint, ...]]:
    """Hints by field. Columns that name a single record each (an id and a name) speak of the same one."""
    hints: dict[str, list[list[LinkHint]]] = {}
    for _, target, cell in columns:
        ref = kind.fields.get(target.field)
        if ref and ref.type == "ref":
            parts = (values.trimmed(text) for text in values.split(cell, ref))
            hints.setdefault(target.field, []).append(
                [LinkHint(ref.to, target.by or "id", part) for part in parts if part]
            )
    return {name: _merged(lists) for name, lists in hints.items() if any(lists)}


def _merged(lists: Sequence[Sequence[LinkHint]]) -> tuple[LinkHint, ...]:
    """An id and a name of one each speak of the same record; two of a sort speak of two."""
    rank = sorted((hints for hints in lists if hints), key=lambda hints: hints[0].by in ("name", "domain"))
    if len({hints[0].by for hints in rank}) < len(rank):
        return tuple(hint for hints in rank for hint in hints)
    best = max(rank, key=len)
    if len(best) > 1:
        return tuple(best)
    head, *others = (hints[0] for hints in rank)
    return (LinkHint(head.kind, head.by, head.value, tuple(others)),)


def _finish(mapping: Mapping, fields: dict[str, Raw], cells: Map[str, str]) -> str:
    """Open, won or lost; a deal that is over closed on the day it was to close, if no other is named."""
    stage = str(fields.get("stage", "")).casefold()
    outcome = mapping.stages.get(stage, "")
    if mapping.outcome:
        outcome = cells.get(mapping.outcome, "").strip().casefold() or outcome
    if mapping.closed:
        closed = cells.get(mapping.closed, "").strip().casefold() in values.TRUE
        won = (
            cells.get(mapping.won, "").strip().casefold() in values.TRUE if mapping.won else outcome == "won"
        )
        outcome = ("won" if won else "lost") if closed else "open"
    if outcome in ("won", "lost") and "close_date" in fields:
        fields.setdefault("closed", fields["close_date"])
    return outcome if outcome in ("open", "won", "lost") else ""


def _entitle(fields: dict[str, Raw], links: Map[str, tuple[LinkHint, ...]]) -> None:
    """A person without a name goes by their address, number or firm; a deal by whom it is with."""
    named = [
        hint.value for name in ("company", "contact") for hint in links.get(name, ()) if hint.by == "name"
    ]
    stand_in = next((first(fields[name]) for name in ("email", "phone") if fields.get(name)), "")
    if stand_in or named:
        fields["name"] = stand_in or named[0]


def first(raw: Raw) -> str:
    """The first text of a value."""
    if isinstance(raw, str):
        return raw
    inner = list(raw.values()) if isinstance(raw, dict) else raw
    return first(inner[0]) if inner else ""
