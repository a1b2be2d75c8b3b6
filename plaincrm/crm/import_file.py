"""One file to import, read: what it is, the mapping chosen for it, and an outcome for each of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from plaincrm.crm.facts import all_facts
from plaincrm.errors import Refused
from plaincrm.interchange import records_csv, records_json
from plaincrm.interchange.csv import assumptions, mapping_file, rejects, table
from plaincrm.interchange.csv.column import Locale, observe
from plaincrm.interchange.csv.draft import Drafter, Outcome, Reject
from plaincrm.interchange.csv.mapping import Mapping as ColumnMapping
from plaincrm.interchange.csv.mapping import choose
from plaincrm.interchange.csv.rows import Row

if TYPE_CHECKING:
    from plaincrm.core.settings import Settings

Progress = Callable[[Iterable[Row], str], Iterable[Row]]
SAMPLE = 50
_FOREIGN = {
    b"BEGIN:VCARD": "a vCard", b"BEGIN:VCALENDAR": "a calendar", b"From ": "a mailbox", b"Received:": "a mail",
    b"Return-Path:": "a mail", b"---": "a record, or a Markdown file", b"SQLite format 3": "a database",
    b"PK\x03\x04": "a zip file, or a workbook of Excel or LibreOffice", b"%PDF": "a PDF",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user says of how a file is to be read; empty where its content decides."""

    preset: str = ""
    kind: str = ""
    mapping: str = ""  # the text of a mapping file
    mapping_path: str = ""
    encoding: str = ""
    currency: str = ""


@dataclass(frozen=True)
class Sheet:
    """A file that was read. `own`: an export of plaincrm; else `mapping` says which column went where.

    `cells` are those of each row by its line. `notes` are sentences on what was taken for granted, `sample` the
    first rows.
    """

    path: str
    header: tuple[str, ...]
    outcomes: list[Outcome]
    cells: Mapping[int, tuple[str, ...]]
    mapping: ColumnMapping | None = None
    notes: tuple[str, ...] = ()
    sample: tuple[Row, ...] = field(default=())
    json: bool = False

    @property
    def own(self) -> bool:
        return self.mapping is None

    @property
    def source(self) -> str:
        """The program it comes from: `salesforce` of `salesforce-accounts`; empty for a plain table."""
        preset = self.mapping.preset if self.mapping else ""
        return "" if preset == "plain" or "." in preset else preset.partition("-")[0]

    def rejected(self, refused: Sequence[Reject]) -> str:
        """The rows that did not go in, in the form of the file."""
        if self.json:
            return "".join(f"{each.cells[0]}\n" for each in refused)
        return rejects.write_rejects(self.header, refused)


def open_sheet(stream: BinaryIO, path: str, settings: Settings, wishes: Wishes, progress: Progress) -> Sheet:
    """Read a seekable stream, told apart by its content. Raises Refused for what is no table, UsageError for
    a preset or kind that there is not."""
    stream.seek(0)
    head = stream.read(1 << 16)
    stream.seek(0)
    start = head.removeprefix(b"\xef\xbb\xbf")
    what = next((name for mark, name in _FOREIGN.items() if start.startswith(mark)), "")
    if what:
        raise Refused(f"{path} is {what}; import reads CSV files, and plaincrm's own JSON", "save it as CSV")
    try:
        return _sheet(stream, head, path, settings, wishes, progress)
    except Refused as error:
        raise Refused(f"{path}: {error.message}", error.hint) from None


def _sheet(
    stream: BinaryIO, head: bytes, path: str, settings: Settings, wishes: Wishes, progress: Progress
) -> Sheet:
    if records_json.recognise(head):
        return _exported(path, (), records_json.read(stream.read(), settings.schema), json=True)
    if records_csv.recognise(head) and not (wishes.preset or wishes.mapping):
        return _exported(path, *records_csv.read(stream, settings.schema))
    return _foreign(stream, path, settings, wishes, progress)


def _exported(
    path: str, header: tuple[str, ...], rows: list[tuple[Outcome, tuple[str, ...]]], *, json: bool = False
) -> Sheet:
    cells = {outcome.line: each for outcome, each in rows}
    return Sheet(path, header, [outcome for outcome, _ in rows], cells, json=json)


def _foreign(stream: BinaryIO, path: str, settings: Settings, wishes: Wishes, progress: Progress) -> Sheet:
    """Two passes: the first over all cells for the forms of dates and numbers, the second for the drafts."""
    seen = table.read(stream, wishes.encoding)
    sample = tuple(islice(seen.rows, SAMPLE))
    mapping = _mapping(seen.header, sample, settings, wishes)
    again = table.read(stream, seen.encoding.name)
    columns = observe(again.header, progress(again.rows, f"Looking through {path}"))
    currency = wishes.currency or settings.currency
    locale = Locale(settings.country, settings.language, currency).informed(columns, seen.delimiter)
    drafter = Drafter(seen.header, mapping, settings.schema, locale, columns)
    rows = list(progress(table.read(stream, seen.encoding.name).rows, f"Reading {path}"))
    outcomes = [drafter.draft(row) for row in rows]
    cells = {row.line: row.cells for row in rows}
    notes = (*assumptions.of_table(seen), *assumptions.of_columns(columns, mapping, settings.schema, locale))
    return Sheet(path, seen.header, outcomes, cells, mapping, notes, sample)


def _mapping(header: Sequence[str], sample: Sequence[Row], settings: Settings, wishes: Wishes) -> ColumnMapping:
    if wishes.mapping:
        return mapping_file.load(wishes.mapping, header, settings.schema, wishes.mapping_path)
    reserved = frozenset(fact.name for fact in all_facts().all)
    return choose(header, sample, settings.schema, wishes.kind, wishes.preset, reserved)
