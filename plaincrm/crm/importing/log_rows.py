"""Rows that go to a log: activities, meetings, mails, typed lines, and the lines of sales."""

from __future__ import annotations

from collections.abc import Sequence

from plaincrm.core.value_class import changed
from plaincrm.crm.importing.entry_rows import EntryRow
from plaincrm.crm.importing.identity_map import KnownRecord
from plaincrm.crm.importing.log_writer import LogWriter, UnknownPeople
from plaincrm.crm.importing.mail_writer import MailWriter
from plaincrm.crm.importing.row_results import RowResults
from plaincrm.crm.importing.sale_lines import SaleLine, SaleLines
from plaincrm.crm.importing.source import Item, ReceivedMail, SourceFile, UnplacedText
from plaincrm.crm.reference_match import Sureness
from plaincrm.crm.references import one
from plaincrm.errors import Refused
from plaincrm.interchange.csv.draft import Draft, Reject
from plaincrm.interchange.log_lines import LogLine


class LogRows:
    """`enter` finds the log that a row belongs to, and adds its entry once; `settle_lines`, after
    all, puts the lines of sales that no order took on their deals.
    """

    def __init__(
        self,
        results: RowResults,
        log_writer: LogWriter,
        mail_writer: MailWriter,
        lines: SaleLines,
    ) -> None:
        self.results, self.lines = results, lines
        self.log_writer, self.mail_writer = log_writer, mail_writer
        self.book, self.sheets = results.done.change.book, results.sheets

    def enter(self, sheet: SourceFile, item: Item) -> None:
        """What goes to a log: a row of activities, a meeting, a mail, a line typed on a phone."""
        if isinstance(item, ReceivedMail):
            found = self.mail_writer.deliver(item.mail)
            id = found.target.id if found.target else ""
            kind = "contact" if found.action == "updated" and found.target else "log"
            self.results.add(sheet, item.line, found.action, kind, id, found.reason, found.waits)
            if found.action == "created":
                self._parts_left(sheet, item)
        elif isinstance(item, LogLine):
            self._logged(sheet, item.line, *self._typed(item))
        elif isinstance(item, Draft):
            self._drafted(sheet, item)

    def _parts_left(self, sheet: SourceFile, item: ReceivedMail) -> None:
        """What of a mail that is logged stays out of the book: its attachments, which the entry
        names, and the end of a text that is too long."""
        where = UnplacedText(sheet.file_of(item.line), item.line)
        found = [where.at("attachment", name) for name in item.mail.attachments]
        if item.mail.cut:
            found.append(where.at("text", item.mail.cut))
        self.results.done.unplaced += found

    def _drafted(self, sheet: SourceFile, draft: Draft) -> None:
        """An entry or task; the lines of a sale end as it does."""
        lines = self.lines.of_order(draft)
        if word := EntryRow.of(draft.fields).called_off:
            rows = [(sheet, draft.line), *((self.sheets[x.sheet], x.line) for x in lines)]
            for file, line in rows:
                self.results.add(file, line, "skipped", "log", reason=f"the order is {word}")
            return
        try:
            self._added(sheet, draft, lines)
        except UnknownPeople as error:
            if sheet.form != "ics":
                self.lines.back(lines)
                raise
            self.results.add(sheet, draft.line, "skipped", "log", reason=error.message)
        except Refused:
            self.lines.back(lines)
            raise

    def _added(self, sheet: SourceFile, draft: Draft, lines: Sequence[SaleLine]) -> None:
        target, new = self.log_writer.add(draft, [each.text for each in lines])
        where = UnplacedText(sheet.file_of(draft.line), draft.line)
        self.results.done.unplaced += [
            where.at(name, text) for name, text in self.log_writer.missed
        ]
        self._logged(sheet, draft.line, target, new)
        for each in lines:
            self._logged(self.sheets[each.sheet], each.line, target, new)
            self.results.tell_left(self.sheets[each.sheet], each.draft)
        if sheet.mapping or sheet.program:
            self.results.tell_left(sheet, draft)

    def _logged(self, sheet: SourceFile, line: int, target: KnownRecord, new: bool) -> None:
        self.results.add(sheet, line, "created" if new else "unchanged", "log", target.id)

    def _typed(self, line: LogLine) -> tuple[KnownRecord, bool]:
        """A line's references are as sure as those of `log`: names and beginnings of ids, no
        likeness.
        """
        record = one(self.book, line.ref, list(self.book.schema.kinds), Sureness.PREFIX)
        people = tuple(
            one(self.book, who, ["contact"], Sureness.PREFIX).id for who in line.entry.people
        )
        target = self.log_writer.linker.index.get(record.kind, record.id)
        assert target is not None
        return target, self.log_writer.write(target, changed(line.entry, people=people))

    def settle_lines(self) -> None:
        """The lines of sales that no order of these files took."""
        for line, deal, new in self.lines.on_deals():
            sheet = self.sheets[line.sheet]
            if deal is None:
                reject = Reject(line.line, "its order is not imported here", line.draft.cells)
                self.results.reject(line.sheet, sheet, reject, "log")
            else:
                self.results.add(
                    sheet, line.line, "updated" if new else "unchanged", "deal", deal.id
                )
            self.results.tell_left(sheet, line.draft)
