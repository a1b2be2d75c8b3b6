"""Import: the rows of files become records, one change for all of them.

First every row finds its record (or is a new one), then links are resolved, since they may lead to
rows of other files; then everything is staged. Each row ends as created, updated, unchanged,
skipped or rejected.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING

from plaincrm.book.config import SETTINGS
from plaincrm.crm.forgotten_addresses import ForgottenAddresses
from plaincrm.crm.importing.identity import Decide, Identity, Match
from plaincrm.crm.importing.identity_map import RecordIndex
from plaincrm.crm.importing.links import Linker
from plaincrm.crm.importing.log_rows import LogRows
from plaincrm.crm.importing.log_writer import LogWriter
from plaincrm.crm.importing.mail_writer import MailWriter
from plaincrm.crm.importing.record_rows import RecordRows
from plaincrm.crm.importing.record_writer import RecordWriter, Update
from plaincrm.crm.importing.report import Import, message
from plaincrm.crm.importing.row_results import RowResults
from plaincrm.crm.importing.rules import follow_files
from plaincrm.crm.importing.sale_lines import SaleLines, is_line
from plaincrm.crm.importing.selection import selection
from plaincrm.crm.importing.settings_edit import with_pipelines
from plaincrm.crm.importing.source import Item, SourceFile
from plaincrm.crm.importing.spool import Drafts, LogItems
from plaincrm.crm.importing.stages import Routes, route
from plaincrm.interchange.csv.draft import Draft, Reject, SkippedRow

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


def plan(
    book: Book,
    sheets: Sequence[SourceFile],
    *,
    update: Update = "fill",
    pipeline: str = "",
    currency: str = "",
    where: Sequence[str] = (),
    new_senders: bool = False,
    match: Match = "",
    again: bool = False,
    source: str = "",
    decide: Decide | None = None,
) -> Import:
    """Stage the import of `sheets`. `currency` is that of amounts which name none, `where` a query
    that rows have to match; with `new_senders` who wrote a mail and is not here becomes a contact.
    `match` is the weakest proof by which a row is taken for a record. `again`: somebody who was
    forgotten comes back on their own. `source` is that of new records whose row names none;
    `decide` says who a row is about of which the name alone is known (`match` "ask").
    Raises Refused for settings that can't get a new pipeline, QueryError."""
    routes = route(sheets, book.settings, pipeline)
    done = Import(book.change("Import", "import"), pipelines=routes.new, source=source)
    done.change.again = again
    if routes.new:
        text = with_pipelines(done.change.text(SETTINGS), routes.new)
        done.change.write(SETTINGS, text)
        book.resettle(text)
    index = RecordIndex(book.store, ForgottenAddresses.read(book.source).hashes)
    writer = RecordWriter(book, done, index, update, source)
    identity = Identity(index, book.settings.currency, match, decide)
    importer = _Importer(done, sheets, routes, writer, identity, currency, new_senders)
    importer.run(selection(book, sheets, where) if where else None)
    follow_files(done.change, importer.records.restored)
    done.change.retitle(message(done, sheets))
    return done


class _Importer:
    """Rows to records in three steps: who each is, then their links, then their log entries."""

    def __init__(
        self,
        done: Import,
        sheets: Sequence[SourceFile],
        routes: Routes,
        writer: RecordWriter,
        identity: Identity,
        currency: str,
        new_senders: bool,
    ) -> None:
        book = done.change.book
        self.done, self.sheets = done, sheets
        self.results = RowResults(done, sheets)
        self.items = LogItems(book.private)
        self.linker = Linker(book.schema, writer.index, writer.make)
        self.log_writer = LogWriter(book, self.linker, writer)
        self.lines = SaleLines(self.linker, writer, book.settings.currency)
        drafts = Drafts(book.private)
        self.records = RecordRows(
            self.results, writer, identity, self.log_writer, drafts, routes, currency
        )
        mail_writer = MailWriter(
            book.schema, writer.index, self.log_writer, writer, done.strangers, new_senders
        )
        self.entries = LogRows(self.results, self.log_writer, mail_writer, self.lines)

    def run(self, wanted: Collection[tuple[int, int]] | None) -> None:
        """Enter what is `wanted` (number of the file, of its row), None for all."""
        for sheet in self.sheets:
            self.linker.learn(sheet.named_by)
        for number, sheet in enumerate(self.sheets):
            for at, outcome in enumerate(sheet.outcomes):
                self._take(number, sheet, outcome, wanted is None or (number, at) in wanted)
        self.records.settle_all()
        for number, item in self.items:
            enter = partial(self.entries.enter, self.sheets[number], item)
            self.results.guarded(number, self.sheets[number], item, enter)
        self.entries.settle_lines()
        self.log_writer.write_all()
        self.done.warnings += self.linker.warnings
        for sheet in self.sheets:
            self.done.unplaced += sheet.unplaced

    def _take(self, number: int, sheet: SourceFile, outcome: Item, wanted: bool) -> None:
        """A row that is a record is entered at once; what goes to a log waits for all records."""
        if isinstance(outcome, Reject):
            self.results.reject(number, sheet, outcome)
        elif isinstance(outcome, SkippedRow):
            self.results.add(sheet, outcome.line, "skipped", reason=outcome.reason)
        elif not wanted:
            self.results.add(sheet, outcome.line, "skipped", reason="not selected")
        elif isinstance(outcome, Draft) and is_line(outcome):
            take = partial(self.lines.take, number, outcome)
            self.results.guarded(number, sheet, outcome, take)
        elif isinstance(outcome, Draft) and outcome.kind != "log":
            enter = partial(self.records.enter, number, sheet, outcome)
            self.results.guarded(number, sheet, outcome, enter)
        else:
            self.items.add(number, outcome)
