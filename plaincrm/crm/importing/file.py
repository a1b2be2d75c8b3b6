"""A file to import, told apart by its content and read; tables with the mapping chosen for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from plaincrm.crm.facts import all_facts
from plaincrm.crm.importing.forms import calendar, cards, letters, lines
from plaincrm.crm.importing.sheet import Progress, Sheet, Wishes
from plaincrm.errors import Refused
from plaincrm.interchange import records_csv, records_json, web_form
from plaincrm.interchange.csv import assumptions, mapping_file, table
from plaincrm.interchange.csv.column import Column, Locale, observe
from plaincrm.interchange.csv.draft import Draft, Drafter, Outcome
from plaincrm.interchange.csv.mapping import Mapping as ColumnMapping
from plaincrm.interchange.csv.mapping import choose
from plaincrm.interchange.csv.rows import Row
from plaincrm.interchange.csv.target import parse
from plaincrm.interchange.recognise import HEAD, Form, recognise

if TYPE_CHECKING:
    from plaincrm.core.settings import Settings
    from plaincrm.crm.book import Book

SAMPLE = 50
LARGEST_JSON = 1 << 28
_FOREIGN: dict[Form, str] = {
    "md": "a record, or a Markdown file", "sqlite": "a database", "zip": "a zip archive", "pdf": "a PDF",
    "xlsx": "a workbook of Excel or LibreOffice", "xls": "a workbook of an old Excel", "gzip": "a gzip archive",
    "html": "a web page", "image": "a picture", "empty": "empty",
}  # fmt: skip
_READS = "import reads CSV, JSON, vCards, calendars, mail and lines of the log"


def open_sheet(stream: BinaryIO, path: str, book: Book, wishes: Wishes, progress: Progress[Any]) -> Sheet:
    """Read a seekable stream, told apart by its content. Raises Refused for what can't be imported, UsageError
    for a preset or kind that there is not."""
    try:
        return _sheet(stream, path, book, wishes, progress)
    except Refused as error:
        raise Refused(f"{path}: {error.message}", error.hint) from None


def _sheet(stream: BinaryIO, path: str, book: Book, wishes: Wishes, progress: Progress[Any]) -> Sheet:
    stream.seek(0)
    head = stream.read(1 << 16)
    stream.seek(0)
    form = "csv" if wishes.table else recognise(head[:HEAD], path)
    if form in _FOREIGN:
        raise Refused(f"it is {_FOREIGN[form]}; {_READS}", "save it in one of these forms")
    match form:
        case "json" | "jsonl":
            return _json(stream, path, form, book.settings, wishes)
        case "vcf":
            return cards(stream, path, book, progress)
        case "ics":
            return calendar(stream, path, book)
        case "eml" | "mbox":
            return letters(stream, path, form, book, progress)
        case "txt":
            return lines(stream, path, book)
    if records_csv.recognise(head) and not wishes.table:
        return _exported(path, *records_csv.read(stream, book.schema))
    return _table(stream, path, book.settings, wishes, progress)


def _exported(
    path: str, header: tuple[str, ...], rows: list[tuple[Outcome, tuple[str, ...]]], form: Form = "csv"
) -> Sheet:
    cells = {outcome.line: each for outcome, each in rows}
    return Sheet(path, header, [outcome for outcome, _ in rows], cells, form=form)


def _json(stream: BinaryIO, path: str, form: Form, settings: Settings, wishes: Wishes) -> Sheet:
    """Our own export; else objects of a web form, which are rows of a table."""
    data = stream.read(LARGEST_JSON + 1)
    if len(data) > LARGEST_JSON:
        raise Refused("it is a JSON file of more than 256 MiB", "split it, or give it as CSV")
    foreign = web_form.rows(data)
    if foreign is None:
        return _exported(path, (), records_json.read(data, settings.schema), form)
    header, rows = foreign
    mapping = _mapping(header, rows[:SAMPLE], settings, wishes)
    if not _names_somebody(mapping, settings):
        raise Refused("this JSON holds neither records of plaincrm nor what a web form sends", _READS)
    read = _Read(header, mapping, rows, observe(header, rows), Locale(settings.country, settings.language))
    return read.sheet(path, settings, (), form)


def _names_somebody(mapping: ColumnMapping, settings: Settings) -> bool:
    fields = {parse(word).field for word in mapping.columns.values() if word}
    return bool(fields & {"email", settings.schema.kinds[mapping.kind].title})


def _table(stream: BinaryIO, path: str, settings: Settings, wishes: Wishes, progress: Progress[Any]) -> Sheet:
    """Two passes: the first over all cells for the forms of dates and numbers, the second for the drafts."""
    seen = table.read(stream, wishes.encoding)
    sample = list(islice(seen.rows, SAMPLE))
    mapping = _mapping(seen.header, sample, settings, wishes)
    again = table.read(stream, seen.encoding.name)
    columns = observe(again.header, progress(again.rows, f"Looking through {path}"))
    currency = wishes.currency or settings.currency
    locale = Locale(settings.country, settings.language, currency).informed(columns, seen.delimiter)
    rows = list(progress(table.read(stream, seen.encoding.name).rows, f"Reading {path}"))
    notes = (*assumptions.of_table(seen), *assumptions.of_columns(columns, mapping, settings.schema, locale))
    return _Read(seen.header, mapping, rows, columns, locale).sheet(path, settings, notes)


@dataclass(frozen=True, slots=True)
class _Read:
    """The rows of a table of another program, and how they are understood."""

    header: tuple[str, ...]
    mapping: ColumnMapping
    rows: Sequence[Row]
    columns: Mapping[str, Column]
    locale: Locale

    def sheet(self, path: str, settings: Settings, notes: tuple[str, ...], form: Form = "csv") -> Sheet:
        cells = {row.line: row.cells for row in self.rows}
        parts = web_form.split(self.mapping)
        mapping = parts[0] if parts else self.mapping
        drafter = Drafter(self.header, mapping, settings.schema, self.locale, self.columns)
        outcomes = [drafter.draft(row) for row in self.rows]
        if parts:
            outcomes = list(map(self._spoken(parts[1], settings), self.rows, outcomes))
            notes = (*notes, "Read as a web form: the message goes to the log.")
        only_new = web_form.ONLY_NEW if parts else frozenset[str]()
        sample = tuple(self.rows[:SAMPLE])
        return Sheet(path, self.header, outcomes, cells, mapping, notes, sample, form, only_new)

    def _spoken(self, mapping: ColumnMapping, settings: Settings) -> Callable[[Row, Outcome], Outcome]:
        """What somebody wrote in a form goes beside them, as an entry for their log."""
        drafter = Drafter(self.header, mapping, settings.schema, self.locale, self.columns)

        def spoken(row: Row, person: Outcome) -> Outcome:
            entry = drafter.draft(row)
            if not (isinstance(person, Draft) and isinstance(entry, Draft)):
                return person
            return replace(person, beside=(*person.beside, web_form.named(entry, row)))

        return spoken


def _mapping(header: Sequence[str], sample: Sequence[Row], settings: Settings, wishes: Wishes) -> ColumnMapping:
    if wishes.mapping:
        return mapping_file.load(wishes.mapping, header, settings.schema, wishes.mapping_path)
    reserved = frozenset(fact.name for fact in all_facts().all)
    return choose(header, sample, settings.schema, wishes.kind, wishes.preset, reserved)
