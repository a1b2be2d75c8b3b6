"""One row of a table to the draft of a record: fields as raw text, links as hints, or a reason why
not.

Pure and without a store: who is meant by a link, and whether the record is there already, is
decided above.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, replace

from plaincrm.core.schema.kinds import Field, Schema
from plaincrm.core.values.raw import Raw
from plaincrm.interchange.cells import restore
from plaincrm.interchange.csv import names, values
from plaincrm.interchange.csv.assemble import Found, assemble
from plaincrm.interchange.csv.column import EMPTY, Column, Locale
from plaincrm.interchange.csv.mapping import Mapping
from plaincrm.interchange.csv.rows import Row
from plaincrm.interchange.csv.target import BODY, Target, kinds, parse

_SALUTATIONS = frozenset(
    {
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
    }
)


@dataclass(frozen=True, slots=True)
class LinkHint:
    """A record that a link leads to: of `kind`, known `by` name, email, domain, id or an external
    id's field.

    `by="id"` may be a name too. `others` name the same record, next best: the first that resolves
    wins.
    """

    kind: str
    by: str
    value: str
    others: tuple[LinkHint, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What a row says. `key` is its external id (empty: none), under `key_field` in `fields` too.

    `outcome` of a deal: open, won, lost, or empty where the file doesn't say. `beside` are records
    that the row holds beside its own (a person's company); `cells` what the row holds, to be given
    back if it is rejected later.
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
    cells: tuple[str, ...] = ()


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
class _Column:
    """A column that goes somewhere: what of it is the same for every row."""

    at: int
    header: str
    kind: str
    target: Target
    field: Field | None
    own: str  # the field that takes what its own can't hold
    facts: Column
    words: Map[str, str]  # what the preset says of its words


class Drafter:
    """Turns rows into drafts; one for a whole table. `columns` come from `column.observe`."""

    def __init__(
        self,
        header: tuple[str, ...],
        mapping: Mapping,
        schema: Schema,
        locale: Locale | None = None,
        columns: Map[str, Column] | None = None,
    ) -> None:
        self._header, self._mapping, self._locale = header, mapping, locale or Locale()
        self._kinds = kinds(schema)
        places = {name: at for at, name in enumerate(header)}
        wanted = (
            (places[name], name, word)
            for name, word in mapping.columns.items()
            if word and name in places
        )
        self._columns = [
            self._column(at, name, parse(word), columns or {}) for at, name, word in wanted
        ]
        self._skips = [
            (places[name], name, value) for name, value in mapping.skip.items() if name in places
        ]

    def _column(self, at: int, name: str, target: Target, columns: Map[str, Column]) -> _Column:
        kind = target.kind or self._mapping.kind
        field, own = self._kinds[kind].fields.get(target.field), names.key_of(name)
        own = f"{own}_imported" if field and own == field.name else own
        words = self._mapping.values.get(field.name, {}) if field else {}
        return _Column(at, name, kind, target, field, own, columns.get(name, EMPTY), words)

    def draft(self, row: Row) -> Outcome:
        if row.problem:
            return Reject(row.line, row.problem, row.cells)
        cells = [restore(cell) if cell else "" for cell in row.cells]
        for at, name, value in self._skips:
            if cells[at].strip().casefold() == value:
                return Skip(row.line, f"{name} is {value}")
        try:
            return self._drafted(row, cells)
        except ValueError as error:
            return Reject(row.line, str(error), row.cells)

    def drafts(self, rows: Iterator[Row]) -> Iterator[Outcome]:
        return (self.draft(row) for row in rows)

    def _drafted(self, row: Row, cells: Sequence[str]) -> Draft:
        by_kind: dict[str, list[_Column]] = {self._mapping.kind: []}
        for column in self._columns:
            cell = cells[column.at]
            if cell and not cell.isspace():
                by_kind.setdefault(column.kind, []).append(column)
        drafts = [self._record(row, kind, columns, cells) for kind, columns in by_kind.items()]
        whole = [draft for draft in drafts if draft.fields.get(self._title(draft.kind))]
        if not whole:
            raise ValueError(f"no {self._title(self._mapping.kind)}")
        if len(whole) == 1:
            return whole[0]
        first, *others = (self._linked(draft, whole) for draft in whole)
        return replace(first, beside=tuple(others))

    def _title(self, kind: str) -> str:
        return self._kinds[kind].title

    def _linked(self, draft: Draft, row: Sequence[Draft]) -> Draft:
        """Records of one row belong together: a deal to the person and the firm beside it."""
        links = dict(draft.links)
        for ref in self._kinds[draft.kind].refs:
            other = next((o for o in row if o is not draft and o.kind == ref.to), None)
            if other and ref.name == ref.to and ref.name not in links:
                links[ref.name] = (
                    LinkHint(ref.to, "name", first(other.fields[self._title(ref.to)])),
                )
        return replace(draft, links=links)

    def _record(
        self, row: Row, kind_name: str, columns: Sequence[_Column], cells: Sequence[str]
    ) -> Draft:
        kind, main = self._kinds[kind_name], kind_name == self._mapping.kind
        found = [piece for column in _grouped(columns) for piece in self._pieces(column, cells)]
        fields = assemble(kind, found)
        fields.pop("id", None)
        links = _links(columns, cells)
        if not fields.get(kind.title) and kind_name in ("contact", "deal"):
            _entitle(fields, links)
        if main and fields:
            fields = {**self._mapping.constants, **fields}
        outcome = (
            _finish(self._mapping, fields, self._named(cells))
            if kind_name == "deal" and main
            else ""
        )
        body = "\n\n".join(piece.text for piece in found if piece.field == BODY)
        key_field, key_header = self._mapping.key if main else ("", "")
        key = self._named(cells).get(key_header, "").strip() if key_header else ""
        return Draft(
            kind_name,
            row.line,
            key,
            key_field,
            fields,
            links,
            body,
            outcome,
            (),
            row.cells if main else (),
        )

    def _named(self, cells: Sequence[str]) -> Map[str, str]:
        return dict(zip(self._header, cells, strict=False))

    def _pieces(self, column: _Column, cells: Sequence[str]) -> Iterator[Found]:
        """What one cell gives: values of its field, or an own field where its type can't hold
        it.
        """
        cell, target = cells[column.at], column.target
        if target.part == "prefix" and cell.strip().rstrip(".").casefold() in _SALUTATIONS:
            yield Found("salutation", "", cell.strip(), column.header)
        elif target.field == self._mapping.key[0] or column.field is None:
            yield Found(target.field, target.part, values.trimmed(cell), column.header)
        elif column.field.type != "ref":
            label = self._mapping.labels.get(column.header, "")
            part = self._named(cells).get(label, "") if label else ""
            yield from self._values(column, column.field, cell, part or target.part)

    def _values(self, column: _Column, field: Field, cell: str, label: str) -> Iterator[Found]:
        for text in values.split(cell, field):
            word = column.words.get(text.strip().casefold(), text) if column.words else text
            if (
                word is not text
                and word
                and text.strip().casefold() not in (word.casefold(), f"* {word}")
            ):
                yield Found(column.own, "", text.strip(), column.header)  # the finer word stays
            try:
                raw = values.convert(word, field, column.facts, self._locale)
            except ValueError as error:
                if field.type not in values.FORGIVING:
                    raise ValueError(f"{column.header}: {error}") from None
                yield Found(column.own, "", text.strip(), column.header)
            else:
                yield Found(field.name, label, raw, column.header)


def _grouped(columns: Sequence[_Column]) -> Iterator[_Column]:
    """Of billing and shipping the first that has anything fills our fields; the others stay own."""
    first = next((column.target.group for column in columns if column.target.group), "")
    for column in columns:
        if column.target.group in ("", first):
            yield column
        else:
            yield replace(column, target=Target(names.key_of(column.header)), field=None)


def _links(columns: Sequence[_Column], cells: Sequence[str]) -> dict[str, tuple[LinkHint, ...]]:
    """Hints by field. Columns that name a single record each (an id and a name) speak of the same
    one.
    """
    hints: dict[str, list[list[LinkHint]]] = {}
    for column in columns:
        ref, target = column.field, column.target
        if ref and ref.type == "ref":
            parts = (values.trimmed(text) for text in values.split(cells[column.at], ref))
            hints.setdefault(target.field, []).append(
                [LinkHint(ref.to, target.by or "id", part) for part in parts if part]
            )
    return {name: _merged(lists) for name, lists in hints.items() if any(lists)}


def _merged(lists: Sequence[Sequence[LinkHint]]) -> tuple[LinkHint, ...]:
    """An id and a name of one each speak of the same record; two of a sort speak of two."""
    rank = sorted(
        (hints for hints in lists if hints), key=lambda hints: hints[0].by in ("name", "domain")
    )
    if len({hints[0].by for hints in rank}) < len(rank):
        return tuple(hint for hints in rank for hint in hints)
    best = max(rank, key=len)
    if len(best) > 1:
        return tuple(best)
    head, *others = (hints[0] for hints in rank)
    return (LinkHint(head.kind, head.by, head.value, tuple(others)),)


def _finish(mapping: Mapping, fields: dict[str, Raw], cells: Map[str, str]) -> str:
    """Open, won or lost; a deal that is over closed on the day it was to close, if no other is
    named.
    """
    stage = str(fields.get("stage", "")).casefold()
    outcome = mapping.stages.get(stage, "")
    if mapping.outcome:
        outcome = cells.get(mapping.outcome, "").strip().casefold() or outcome
    if mapping.closed:
        closed = cells.get(mapping.closed, "").strip().casefold() in values.TRUE
        won = (
            cells.get(mapping.won, "").strip().casefold() in values.TRUE
            if mapping.won
            else outcome == "won"
        )
        outcome = ("won" if won else "lost") if closed else "open"
    if outcome in ("won", "lost") and "close_date" in fields:
        fields.setdefault("closed", fields["close_date"])
    return outcome if outcome in ("open", "won", "lost") else ""


def _entitle(fields: dict[str, Raw], links: Map[str, tuple[LinkHint, ...]]) -> None:
    """A person without a name goes by their address, number or firm; a deal by whom it is with."""
    named = [
        hint.value
        for name in ("company", "contact")
        for hint in links.get(name, ())
        if hint.by == "name"
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
