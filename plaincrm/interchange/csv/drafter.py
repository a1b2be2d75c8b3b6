"""One row of a table to the draft of a record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, replace

from plaincrm.core.schema.kinds import Field, Schema
from plaincrm.core.values.raw import Raw
from plaincrm.interchange.csv import foreign_numbers, link_hints, names, row_addresses, values
from plaincrm.interchange.csv.assemble import FoundCell, assemble
from plaincrm.interchange.csv.column import EMPTY, CsvColumn, Locale
from plaincrm.interchange.csv.column_words import SALUTATIONS
from plaincrm.interchange.csv.draft import Draft, LinkHint, Outcome, Reject, SkippedRow, first
from plaincrm.interchange.csv.footers import is_total
from plaincrm.interchange.csv.mapping import ColumnMapping
from plaincrm.interchange.csv.place_columns import MEMBERS
from plaincrm.interchange.csv.row_addresses import PlaceCell
from plaincrm.interchange.csv.rows import CsvRow
from plaincrm.interchange.csv.target import BODY, LOG, ColumnTarget, kinds, parse

_SALUTATIONS = frozenset(SALUTATIONS.split())
_TELLING = ("text", "amount", "price", "product", "number", "outcome", "duration")
"""What an entry of a log may say; one of them is enough."""
_MEASURES = frozenset({"money", "number", "percent"})
_DAYS = frozenset({"date", "datetime"})


@dataclass(frozen=True, slots=True)
class _Column:
    """A column that goes somewhere: what of it is the same for every row."""

    at: int
    header: str
    kind: str
    target: ColumnTarget
    field: Field | None
    own: str  # the field that takes what its own can't hold
    facts: CsvColumn
    words: Map[str, str]  # what the preset says of its words
    currency: str  # what the header says of its amounts: `Betrag (EUR)`

    @property
    def in_address(self) -> bool:
        return bool(self.target.group) and self.target.field in MEMBERS


class Drafter:
    """Turns rows into drafts; one for a whole table. `columns` come from `column.observe`."""

    def __init__(
        self,
        header: tuple[str, ...],
        mapping: ColumnMapping,
        schema: Schema,
        locale: Locale | None = None,
        columns: Map[str, CsvColumn] | None = None,
    ) -> None:
        self._header, self._mapping, self._locale = header, mapping, locale or Locale()
        self._kinds = kinds(schema)
        places = {name: at for at, name in enumerate(header)}
        wanted = [
            (places[name], name, parse(word))
            for name, word in mapping.columns.items()
            if word and name in places
        ]
        self._columns = {
            main: [self._column(at, name, of, columns or {}, main) for at, name, of in wanted]
            for main in (mapping.kind, *mapping.row_kinds[1].values())
        }
        self._skips = [
            (places[name], name, value) for name, value in mapping.skip.items() if name in places
        ]

    def _column(
        self, at: int, name: str, target: ColumnTarget, columns: Map[str, CsvColumn], main: str
    ) -> _Column:
        kind = target.kind or main
        field, own = self._kinds[kind].fields.get(target.field), names.key_of(name)
        own = f"{own}_imported" if field and own == field.name else own
        words = self._mapping.values.get(target.field, {})
        currency = foreign_numbers.currency_in(name) if field and field.value_type.monetary else ""
        facts = columns.get(name, EMPTY)
        return _Column(at, name, kind, target, field, own, facts, words, currency)

    def draft(self, row: CsvRow) -> Outcome:
        """What a row says; a Skip for a footer, a Reject for what can't be read."""
        if row.problem:
            return Reject(row.line, row.problem, row.cells)
        cells = [values.unwrapped(cell) if cell else "" for cell in row.cells]
        if row.note or is_total(cells):
            return SkippedRow(row.line, row.note or "a row of sums, no record")
        for at, name, value in self._skips:
            if cells[at].strip().casefold() in value.split("|"):
                return SkippedRow(row.line, f"{name} is {cells[at].strip()}")
        try:
            return self._drafted(row, cells)
        except ValueError as error:
            return Reject(row.line, str(error), row.cells)

    def drafts(self, rows: Iterator[CsvRow]) -> Iterator[Outcome]:
        return (self.draft(row) for row in rows)

    def _drafted(self, row: CsvRow, cells: Sequence[str]) -> Outcome:
        main = self._kind_of(cells)
        by_kind: dict[str, list[_Column]] = {main: []}
        for column in self._columns[main]:
            cell = cells[column.at]
            if cell and not cell.isspace():
                by_kind.setdefault(column.kind, []).append(column)
        drafts = [
            self._record(row, kind, columns, cells, main=kind == main)
            for kind, columns in by_kind.items()
        ]
        whole = [draft for draft in drafts if self._is_whole(draft)]
        if not whole:
            if self._only_measures(by_kind[main]):
                return SkippedRow(row.line, "figures or dates alone, no record")
            raise ValueError(f"no {self._title(main)}")
        whole[0] = self._with_rest(whole, by_kind, cells)
        if len(whole) == 1:
            return whole[0]
        first, *others = (self._linked(draft, whole) for draft in whole)
        return replace(first, beside=tuple(others))

    def _with_rest(
        self,
        whole: Sequence[Draft],
        by_kind: Map[str, Sequence[_Column]],
        cells: Sequence[str],
    ) -> Draft:
        """The first record of a row, with what the row says of one that has no name: as fields of
        its own, since nothing is lost."""
        there = {draft.kind for draft in whole}
        if whole[0].kind == LOG.name:
            return whole[0]
        rest = {
            names.key_of(column.header): values.trimmed(cells[column.at])
            for kind, columns in by_kind.items()
            if kind not in there
            for column in columns
        }
        known = self._kinds[whole[0].kind].fields
        own = {f"{key}_imported" if key in known else key: text for key, text in rest.items()}
        return replace(whole[0], fields={**own, **whole[0].fields}) if own else whole[0]

    def _is_whole(self, draft: Draft) -> bool:
        """Whether a draft says enough to be something: a record its name, an entry anything."""
        if draft.kind == LOG.name:
            return any(draft.fields.get(name) for name in _TELLING)
        known = self._mapping.about and draft.kind == self._mapping.kind and bool(draft.key)
        return known or bool(draft.fields.get(self._title(draft.kind)))

    def _kind_of(self, cells: Sequence[str]) -> str:
        """The kind of the row, where a column says it: `Organisation` among persons."""
        header, words = self._mapping.row_kinds
        if not header:
            return self._mapping.kind
        word = self._named(cells).get(header, "").strip().casefold()
        return words.get(word, self._mapping.kind)

    def _only_measures(self, columns: Sequence[_Column]) -> bool:
        """Whether a row holds nothing but figures, or nothing but dates."""
        types = {column.field.type if column.field else "" for column in columns}
        return bool(columns) and (types <= _MEASURES or types <= _DAYS)

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
        self,
        row: CsvRow,
        kind_name: str,
        columns: Sequence[_Column],
        cells: Sequence[str],
        *,
        main: bool,
    ) -> Draft:
        kind = self._kinds[kind_name]
        found = [piece for column in columns for piece in self._pieces(column, cells)]
        found += self._addresses(columns, cells)
        fields = assemble(kind, found)
        fields.pop("id", None)
        links = link_hints.of_columns(
            (c.target.field, c.field, c.target.by, cells[c.at])
            for c in columns
            if c.field and c.field.value_type.links and kind.fields.get(c.target.field)
        )
        key_field, key_header = self._mapping.key if main else ("", "")
        key = self._named(cells).get(key_header, "").strip() if key_header else ""
        if not fields.get(kind.title) and not (main and self._mapping.about and key):
            _entitle(kind_name, kind.title, fields, links, key)
        if main and fields:
            fields = {**self._mapping.constants, **fields}
        outcome = (
            _finish(self._mapping, fields, self._named(cells))
            if kind_name == "deal" and main
            else ""
        )
        body = "\n\n".join(piece.text for piece in found if piece.field == BODY)
        held = row.cells if main else ()
        return Draft(kind_name, row.line, key, key_field, fields, links, body, outcome, cells=held)

    def _named(self, cells: Sequence[str]) -> Map[str, str]:
        return dict(zip(self._header, cells, strict=False))

    def _addresses(self, columns: Sequence[_Column], cells: Sequence[str]) -> Iterator[FoundCell]:
        places = [
            PlaceCell(c.target.group, c.target.field, c.target.part, values.trimmed(cells[c.at]))
            for c in columns
            if c.in_address
        ]
        labels = {}
        named = self._named(cells) if self._mapping.labels and places else {}
        for column in columns:
            if column.in_address and (label := self._mapping.labels.get(column.header, "")):
                labels[column.target.group] = named.get(label, "")
        return row_addresses.found(places, labels)

    def _pieces(self, column: _Column, cells: Sequence[str]) -> Iterator[FoundCell]:
        """What one cell gives: values of its field, or an own field where its type can't hold
        it.
        """
        cell, target = cells[column.at], column.target
        if target.part == "prefix" and cell.strip().rstrip(".").casefold() in _SALUTATIONS:
            yield FoundCell("salutation", "", cell.strip(), column.header)
        elif column.in_address:
            return
        elif target.field == self._mapping.key[0] or column.field is None:
            text = values.trimmed(cell)
            text = column.words.get(text.casefold(), text)
            yield FoundCell(target.field, target.part, text, column.header)
        elif target.part == "currency" and column.field.value_type.monetary:
            yield self._currency(column, cell)
        elif column.field.value_type.yearly and target.part in ("year", "month", "day"):
            yield FoundCell(target.field, target.part, values.trimmed(cell), column.header)
        elif not column.field.value_type.links:
            label = self._mapping.labels.get(column.header, "")
            part = self._named(cells).get(label, "") if label else ""
            yield from self._values(column, column.field, cell, part or target.part)

    def _currency(self, column: _Column, cell: str) -> FoundCell:
        """The currency beside an amount; a word that is none stays as it is."""
        code = foreign_numbers.currency(values.trimmed(cell), self._locale.currency)
        if code:
            return FoundCell(column.target.field, "currency", code, column.header)
        return FoundCell(column.own, "", values.trimmed(cell), column.header)

    def _values(self, column: _Column, field: Field, cell: str, label: str) -> Iterator[FoundCell]:
        locale = (
            replace(self._locale, currency=column.currency) if column.currency else self._locale
        )
        for text in values.split(cell, field):
            word = column.words.get(text.strip().casefold(), text) if column.words else text
            if (
                word is not text
                and word
                and column.kind != LOG.name  # `Anruf` is a call, and that is all of it
                and text.strip().casefold() not in (word.casefold(), f"* {word}")
            ):
                yield FoundCell(column.own, "", text.strip(), column.header)  # the finer word stays
            try:
                raw = values.convert(word, field, column.facts, locale)
            except ValueError as error:
                if not field.value_type.forgiving:
                    raise ValueError(f"{column.header}: {error}") from None
                yield FoundCell(column.own, "", text.strip(), column.header)
            else:
                if raw and column.currency and raw[-1:].isdigit():
                    raw = f"{raw} {column.currency}"
                yield FoundCell(field.name, label, raw, column.header)


def _finish(mapping: ColumnMapping, fields: dict[str, Raw], cells: Map[str, str]) -> str:
    """Open, won or lost; a deal that is over closed on the day it was to close, if no other is
    named.
    """
    stage = str(fields.get("stage", "")).casefold()
    outcome = mapping.stages.get(stage, "")
    if mapping.outcome:
        outcome = cells.get(mapping.outcome, "").strip().casefold() or outcome
    if mapping.closed:
        closed = cells.get(mapping.closed, "").strip().casefold() in values.TRUE
        won = outcome == "won"
        if mapping.won:
            won = cells.get(mapping.won, "").strip().casefold() in values.TRUE
        ended = "won" if won else "lost"
        outcome = ended if closed else "open"
    if outcome in ("won", "lost") and "close_date" in fields:
        fields.setdefault("closed", fields["close_date"])
    return outcome if outcome in ("open", "won", "lost") else ""


def _entitle(
    kind: str,
    title: str,
    fields: dict[str, Raw],
    links: Map[str, tuple[LinkHint, ...]],
    key: str,
) -> None:
    """A name for what has none: a person goes by their address, number or firm; a deal by whom it
    is with, what it is about, or its id. A row that says nothing else of itself stays without."""
    with_whom = [link_hints.first_name(links, name) for name in ("company", "contact")]
    own = [first(fields.get(name, "")) for name in ("email", "phone", "domain", "website")]
    match kind:
        case "contact":
            stand_ins = [*own[:2], *with_whom]
        case "company":
            stand_ins = [own[2], own[3], own[0]]
        case "deal":
            product = first(fields.get("product", "") or fields.get("items", ""))
            about = " ".join(filter(None, (next(filter(None, with_whom), ""), product)))
            stand_ins = [about, f"Deal {key}" if key else "", _any_link(links)]
        case "ticket":
            stand_ins = [f"Ticket {key}" if key and fields else "", *with_whom]
        case _:
            stand_ins = []
    if name := next(filter(None, stand_ins), ""):
        fields[title] = name


def _any_link(links: Map[str, tuple[LinkHint, ...]]) -> str:
    hints = [hint.value for each in links.values() for hint in each]
    return f"Deal of {hints[0]}" if hints else ""
