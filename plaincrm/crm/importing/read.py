"""A file to import, told apart by its content and read; tables with the mapping chosen for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Generic, TypeVar

from plaincrm.crm.facts import all_facts
from plaincrm.crm.importing.readers import (
    calendar,
    cards,
    letters,
    lines,
    people_of_org,
    program_json,
    todo_list,
    whole,
)
from plaincrm.crm.importing.source import Progress, SourceFile, SourceOptions, UnplacedText
from plaincrm.errors import Refused
from plaincrm.interchange import records_csv, records_json, web_form
from plaincrm.interchange.csv import (
    assumptions,
    column_choice,
    mapping_file,
    preset,
    table,
    table_role,
)
from plaincrm.interchange.csv.column import CsvColumn, Locale, observe
from plaincrm.interchange.csv.draft import Draft, Outcome, SkippedRow
from plaincrm.interchange.csv.drafter import Drafter
from plaincrm.interchange.csv.mapping import ColumnMapping as ColumnMapping
from plaincrm.interchange.csv.mapping import choose
from plaincrm.interchange.csv.rows import CsvRow
from plaincrm.interchange.csv.target import BODY, LOG, parse
from plaincrm.interchange.recognise import HEAD, Form, recognise
from plaincrm.interchange.web_form import FormMapping

if TYPE_CHECKING:
    from plaincrm.core.schema.settings import Settings
    from plaincrm.crm.book_data import BookData
    from plaincrm.crm.importing.related_files import TablePlan

T = TypeVar("T")
SAMPLE = 50
_FOREIGN: dict[Form, str] = {
    "md": "a record, or a Markdown file",
    "sqlite": "a database",
    "zip": "a zip archive",
    "pdf": "a PDF",
    "xlsx": "a workbook of Excel or LibreOffice",
    "xls": "a workbook of an old Excel",
    "gzip": "a gzip archive",
    "html": "a web page",
    "image": "a picture",
    "empty": "empty",
}
_READS = "import reads CSV, JSON, vCards, calendars, mail and lines of the log"


def open_sheet(
    stream: BinaryIO,
    path: str,
    book: BookData,
    wishes: SourceOptions,
    progress: Progress[Any],
    plan: TablePlan | None = None,
) -> SourceFile:
    """Read a seekable stream, told apart by its content. `plan` is that of a table of a dump.
    Raises Refused for what can't be imported, UsageError for a preset or kind that there is not."""
    try:
        if plan is not None:
            return _table(stream, path, book.settings, wishes, progress, plan)
        return _sheet(stream, path, book, wishes, progress)
    except Refused as error:
        raise Refused(f"{path}: {error.message}", error.hint) from None


def _sheet(
    stream: BinaryIO, path: str, book: BookData, wishes: SourceOptions, progress: Progress[Any]
) -> SourceFile:
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
        case "org":
            return people_of_org(stream, path, book)
        case "todo":
            return todo_list(stream, path)
    if records_csv.recognise(head) and not wishes.table:
        return _exported(path, *records_csv.read(stream, book.schema))
    return _table(stream, path, book.settings, wishes, progress)


def _exported(
    path: str,
    header: tuple[str, ...],
    rows: list[tuple[Outcome, tuple[str, ...]]],
    form: Form = "csv",
) -> SourceFile:
    cells = {outcome.line: each for outcome, each in rows}
    return SourceFile(path, header, [outcome for outcome, _ in rows], len(rows), cells, form=form)


def _json(
    stream: BinaryIO, path: str, form: Form, settings: Settings, wishes: SourceOptions
) -> SourceFile:
    """Our own export; else objects of a web form, which are rows of a table."""
    data = whole(stream, "split it, or give it as CSV")
    known = program_json(data, path)
    if known is not None:
        return known
    foreign = web_form.rows(data)
    if foreign is None:
        return _exported(path, (), records_json.read(data, settings.schema), form)
    header, rows = foreign
    mapping = _mapping(header, rows[:SAMPLE], settings, wishes)
    if not _names_somebody(mapping, settings):
        raise Refused(
            "this JSON holds neither records of plaincrm nor what a web form sends", _READS
        )
    reader = _reader(
        header,
        mapping,
        observe(header, rows),
        Locale(settings.country, settings.language),
        settings,
        sent=True,
    )
    return reader.sheet(path, _Again(lambda: rows), len(rows), rows[:SAMPLE], form=form)


def _names_somebody(mapping: ColumnMapping, settings: Settings) -> bool:
    fields = {parse(word).field for word in mapping.columns.values() if word}
    return bool(fields & {"email", settings.schema.kinds[mapping.kind].title})


def _table(
    stream: BinaryIO,
    path: str,
    settings: Settings,
    wishes: SourceOptions,
    progress: Progress[Any],
    plan: TablePlan | None = None,
) -> SourceFile:
    """Two passes: the first over all cells for the forms of dates and numbers, then one for the
    drafts.
    """
    seen = table.read(stream, wishes.encoding)
    sample = list(islice(seen.rows, SAMPLE))
    mapping = plan.mapping if plan else _mapping(seen.header, sample, settings, wishes, path)
    count = _Counted(
        progress(table.read(stream, seen.encoding.name).rows, f"Looking through {path}")
    )
    columns = observe(seen.header, count)
    currency = wishes.currency or settings.currency
    locale = Locale(settings.country, settings.language, currency).informed(columns, seen.delimiter)
    notes = (
        *assumptions.of_table(seen),
        *assumptions.of_columns(columns, mapping, settings.schema, locale),
    )

    def rows() -> Iterable[CsvRow]:
        return progress(table.read(stream, seen.encoding.name).rows, f"Reading {path}")

    if plan and plan.reason:
        return _passed_over(path, seen.header, _Again(rows), count.seen, plan)
    reader = _reader(seen.header, mapping, columns, locale, settings)
    unplaced = tuple(_dropped(path, mapping, columns))
    found = reader.sheet(
        path,
        _Again(rows),
        count.seen,
        sample,
        notes,
        unplaced=unplaced,
        delimiter=seen.delimiter,
    )
    return replace(found, plan=plan.says) if plan else found


def _passed_over(
    path: str, header: tuple[str, ...], rows: Iterable[CsvRow], count: int, plan: TablePlan
) -> SourceFile:
    """A table of a dump whose rows are no records."""
    skips = _Again(lambda: (SkippedRow(row.line, plan.reason) for row in rows))
    return SourceFile(path, header, skips, count, mapping=plan.mapping, plan=plan.says)


def _dropped(
    path: str, mapping: ColumnMapping, columns: Mapping[str, CsvColumn]
) -> Iterator[UnplacedText]:
    """The columns that go nowhere, with how many of their cells hold something."""
    for name in mapping.dropped:
        column = columns.get(name)
        if column and column.filled and name not in mapping.consulted:
            yield UnplacedText(path, 0, f"column {name}", count=column.filled)


@dataclass
class _Counted:
    """Rows, counted while they are walked."""

    rows: Iterable[CsvRow]
    seen: int = 0

    def __iter__(self) -> Iterator[CsvRow]:
        for row in self.rows:
            self.seen += 1
            yield row


@dataclass(frozen=True, slots=True)
class _Again(Generic[T]):
    """What can be walked again and again, since each walk begins anew."""

    begin: Callable[[], Iterable[T]]

    def __iter__(self) -> Iterator[T]:
        return iter(self.begin())


@dataclass(frozen=True, slots=True)
class _Reader:
    """How the rows of a table of another program become drafts; those of a form have `spoken` words
    beside.
    """

    header: tuple[str, ...]
    mapping: ColumnMapping
    person: Drafter
    spoken: Drafter | None = None
    form: FormMapping | None = None

    def draft(self, row: CsvRow) -> Outcome:
        """What a row says; what somebody wrote in a form goes beside them, as an entry for their
        log.
        """
        found = self.person.draft(row)
        if self.form and self.spoken and isinstance(found, Draft):
            entry = web_form.entry_of(row, self.header, self.form, self.spoken.draft(row))
            if entry:
                return replace(found, beside=(*found.beside, entry))
        return found

    def sheet(
        self,
        path: str,
        rows: Iterable[CsvRow],
        count: int,
        sample: Sequence[CsvRow],
        notes: tuple[str, ...] = (),
        form: Form = "csv",
        unplaced: tuple[UnplacedText, ...] = (),
        delimiter: str = ",",
    ) -> SourceFile:
        if self.spoken:
            notes = (*notes, "Read as a web form: the message goes to the log.")
        return SourceFile(
            path,
            self.header,
            _Again(lambda: map(self.draft, rows)),
            count,
            mapping=self.mapping,
            notes=notes,
            sample=tuple(sample),
            form=form,
            only_new=web_form.ONLY_NEW if self.spoken else frozenset(),
            unplaced=unplaced,
            delimiter=delimiter,
        )


def _reader(
    header: tuple[str, ...],
    mapping: ColumnMapping,
    columns: Mapping[str, CsvColumn],
    locale: Locale,
    settings: Settings,
    *,
    sent: bool = False,
) -> _Reader:
    fields = settings.schema.kinds["contact"].fields
    form = web_form.split(mapping, (*fields, BODY), sent=sent)
    if form is None:
        person = Drafter(header, mapping, settings.schema, locale, columns)
        return _Reader(header, mapping, person)
    person, spoken = (
        Drafter(header, each, settings.schema, locale, columns)
        for each in (form.person, form.spoken)
    )
    return _Reader(header, form.person, person, spoken, form)


def _activities(
    path: str, header: Sequence[str], sample: Sequence[CsvRow], wishes: SourceOptions
) -> SourceOptions:
    """What a lone file called `activities` holds, where no program is known by its columns."""
    if wishes.kind or wishes.table or not table_role.speaks_of_activities(path):
        return wishes
    dated = "at" in column_choice.chosen(header, sample, LOG).values()
    return replace(wishes, kind="log") if dated and preset.detect(header) is None else wishes


def _mapping(
    header: Sequence[str],
    sample: Sequence[CsvRow],
    settings: Settings,
    wishes: SourceOptions,
    path: str = "",
) -> ColumnMapping:
    wishes = _activities(path, header, sample, wishes)
    if wishes.mapping:
        return mapping_file.load(wishes.mapping, header, settings.schema, wishes.mapping_path)
    reserved = frozenset(fact.name for fact in all_facts().all)
    return choose(header, sample, settings.schema, wishes.kind, wishes.preset, reserved)
