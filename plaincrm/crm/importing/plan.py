"""Import: the rows of files become records, one change for all of them.

First every row finds its record (or is a new one), then links are resolved, since they may lead to
rows of other files; then everything is staged. Each row ends as created, updated, unchanged,
skipped or rejected.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from plaincrm.book.config import SETTINGS
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.value_class import changed
from plaincrm.core.values import ids
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml import write
from plaincrm.crm.importing.entry_rows import EntryRow
from plaincrm.crm.importing.identity import (
    Decide,
    Identified,
    Identity,
    Match,
    check_id,
    wanted_id,
)
from plaincrm.crm.importing.identity_map import KnownRecord, RecordIndex
from plaincrm.crm.importing.links import Linker
from plaincrm.crm.importing.log_writer import LogWriter, UnknownPeople
from plaincrm.crm.importing.mail_writer import MailWriter
from plaincrm.crm.importing.record_writer import RecordWriter, Update
from plaincrm.crm.importing.report import Action, Import, RowResult, message
from plaincrm.crm.importing.rules import follow_files
from plaincrm.crm.importing.sale_lines import SaleLine, SaleLines, is_line
from plaincrm.crm.importing.selection import file_text, selection, without_defaults
from plaincrm.crm.importing.settings_edit import with_pipelines
from plaincrm.crm.importing.source import Item, ReceivedMail, Sheet, Unplaced
from plaincrm.crm.importing.spool import Drafts, Items, Job
from plaincrm.crm.importing.stages import Routes, route
from plaincrm.crm.reference_match import Sureness
from plaincrm.crm.references import one
from plaincrm.errors import Ambiguous, NotFound, Refused
from plaincrm.interchange.csv.draft import Draft, Reject, SkippedRow
from plaincrm.interchange.foreign_text import quoted
from plaincrm.interchange.log_lines import LogLine

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


def plan(
    book: Book,
    sheets: Sequence[Sheet],
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
    done = Import(book.change("Import", "import"), pipelines=routes.new)
    done.change.again = again
    if routes.new:
        text = with_pipelines(done.change.text(SETTINGS), routes.new)
        done.change.write(SETTINGS, text)
        book.resettle(text)
    index = RecordIndex(book.store)
    writer = RecordWriter(book, done, index, update, source)
    identity = Identity(index, book.settings.currency, match, decide)
    importer = _Importer(book, done, routes, writer, identity, currency, new_senders)
    importer.run(sheets, where)
    follow_files(done.change, importer.restored)
    done.change.retitle(message(done, sheets))
    return done


class _Importer:
    """Rows to records in three steps: who each is, then their links, then their log entries."""

    def __init__(
        self,
        book: Book,
        done: Import,
        routes: Routes,
        writer: RecordWriter,
        identity: Identity,
        currency: str,
        new_senders: bool,
    ) -> None:
        self.book, self.done, self.routes, self.currency = book, done, routes, currency
        self.writer, self.identity, self.index = writer, identity, writer.index
        self.known: dict[int, Identified] = {}
        self.sheets: Sequence[Sheet] = ()
        self.restored: set[str] = set()  # the new files that are those of an export
        self.drafts, self.items = Drafts(book.private), Items(book.private)
        self.linker = Linker(book.schema, self.index, writer.make)
        self.log_writer = LogWriter(book, self.linker, writer)
        self.lines = SaleLines(self.linker, writer, book.settings.currency)
        self.mail_writer = MailWriter(
            book.schema, self.index, self.log_writer, writer, done.strangers, new_senders
        )

    def run(self, sheets: Sequence[Sheet], where: Sequence[str]) -> None:
        self.sheets = sheets
        wanted = selection(self.book, sheets, where) if where else None
        for sheet in sheets:
            self.linker.learn(sheet.named_by)
        for number, sheet in enumerate(sheets):
            for at, outcome in enumerate(sheet.outcomes):
                if isinstance(outcome, Reject):
                    self._reject(number, sheet, outcome)
                elif isinstance(outcome, SkippedRow):
                    self._row(sheet, outcome.line, "skipped", reason=outcome.reason)
                elif wanted is not None and (number, at) not in wanted:
                    self._row(sheet, outcome.line, "skipped", reason="not selected")
                elif isinstance(outcome, Draft) and is_line(outcome):
                    self._guarded(number, sheet, outcome, partial(self.lines.take, number, outcome))
                elif isinstance(outcome, Draft) and outcome.kind != "log":
                    self._guarded(
                        number, sheet, outcome, partial(self._enter, number, sheet, outcome)
                    )
                else:
                    self.items.add(number, outcome)
        for number, (job, target) in enumerate(self.drafts):
            sheet = sheets[job.sheet]
            found = self.known.pop(number, Identified())
            settle = partial(self._settle, sheet, job, target, found)
            self._guarded(job.sheet, sheet, job.draft, settle)
        for number, item in self.items:
            self._guarded(number, sheets[number], item, partial(self._entry, sheets[number], item))
        self._settle_lines(sheets)
        self.log_writer.write_all()
        self.done.warnings += self.linker.warnings
        for sheet in sheets:
            self.done.unplaced += sheet.unplaced

    def _settle_lines(self, sheets: Sequence[Sheet]) -> None:
        """The lines of sales that no order of these files took."""
        for line, deal, new in self.lines.on_deals():
            sheet = sheets[line.sheet]
            if deal is None:
                reject = Reject(line.line, "its order is not imported here", line.draft.cells)
                self._reject(line.sheet, sheet, reject, "log")
            else:
                self._row(sheet, line.line, "updated" if new else "unchanged", "deal", deal.id)
            self._tell_left(sheet, line.draft)

    def _guarded(self, number: int, sheet: Sheet, item: Item, work: Callable[[], object]) -> None:
        """A row that is refused is rejected, with the reason, and stops no other."""
        try:
            work()
        except (Refused, Ambiguous, NotFound) as error:
            reason = f"{error.message}; {error.hint}" if error.hint else error.message
            reject = Reject(item.line, reason, sheet.cells_of(item))
            self._reject(number, sheet, reject, item.kind if isinstance(item, Draft) else "log")

    def _reject(self, number: int, sheet: Sheet, reject: Reject, kind: str = "") -> None:
        self.done.rejects.setdefault(number, []).append(reject)
        self._row(sheet, reject.line, "rejected", kind, reason=reject.reason)

    def _row(
        self,
        sheet: Sheet,
        line: int,
        action: Action,
        kind: str = "",
        id: str = "",
        reason: str = "",
        waits: bool = False,
        matched: str = "",
    ) -> None:
        file = sheet.file_of(line)
        self.done.rows.append(RowResult(file, line, action, kind, id, reason, waits, matched))

    def _enter(self, number: int, sheet: Sheet, draft: Draft) -> None:
        """The row's own record, and those beside it; none is entered before all are found to be
        right.
        """
        records = (each for each in (draft, *draft.beside) if each.kind != "log")
        found = [(each, self._fields(sheet, each)) for each in records]
        for each, fields in found:
            self._check(sheet, each, fields)
        for each, fields in found:
            self._place(sheet, Job(number, each, fields, each is draft))

    def _fields(self, sheet: Sheet, draft: Draft) -> dict[str, Raw]:
        fields = self.routes.place(sheet, draft)
        if sheet.own and sheet.form != "csv":
            return without_defaults(self.book.schema.kinds[draft.kind], fields)
        value = fields.get("value")
        if self.currency and not sheet.own and isinstance(value, str) and value[-1:].isdigit():
            fields["value"] = f"{value} {self.currency}"
        return fields

    def _check(self, sheet: Sheet, draft: Draft, fields: Mapping[str, Raw]) -> None:
        kind, own = self.book.schema.kinds[draft.kind], sheet.owns(draft)
        if sheet.mapping and sheet.mapping.about and not fields.get(kind.title):
            fields = {**fields, kind.title: draft.key}  # that of the record which it is about
        if own:
            check_id(draft)
            self.done.change.refuse_forgotten(fields)
        else:
            self.done.change.check(kind, fields)
        if own or not write.surely_fits(fields):
            file_text(sheet, draft, kind, fields)

    def _place(self, sheet: Sheet, job: Job) -> None:
        draft, fields = job.draft, job.fields
        kind = self.book.schema.kinds[draft.kind]
        found = self.identity.of(kind, draft, fields)
        target, new = found.target, found.target is None
        key_field = draft.key_field
        if found.by != key_field and self.identity.key_is_taken(kind, draft, fields):
            self._tell_key(sheet, draft)
            fields.pop(key_field, None)
            key_field = ""
        if found.by == "id" and key_field != "id":
            fields.pop(key_field, None)
            key_field = ""
        if target is None:
            if not fields.get(kind.title):
                raise Refused(
                    f"no {kind.name} has the {draft.key_field} {draft.key}",
                    f"import the {kind.plural} with it",
                )
            if not sheet.owns(draft):
                fields.update(self.writer.dated(kind, fields))
            target = self.index.new(kind, self._id(kind, draft, fields), fields)
            self.done.beside += not job.main
        self.index.also(target, fields, key_field)
        target.rows += 1
        number = self.drafts.add(job, target)
        if new:
            target.say(self.drafts, number)
        if job.main:
            self.known[number] = found

    def _tell_key(self, sheet: Sheet, draft: Draft) -> None:
        self.done.warnings.append(
            f"{sheet.path}:{draft.line}: {draft.key_field} {draft.key} is that of somebody else"
            " too; it tells nobody apart and was left out"
        )
        unplaced = Unplaced(sheet.path, draft.line, draft.key_field, draft.key)
        self.done.unplaced.append(unplaced)

    def _id(self, kind: Kind, draft: Draft, fields: Mapping[str, Raw]) -> str:
        wanted = wanted_id(draft)
        if wanted and self.index.get(kind, wanted) is None:
            return wanted
        slug = ids.slug(str(fields.get(kind.title, "")), kind.name)
        return self.index.free(
            kind, ids.with_random(slug, secrets.randbelow) if kind.name == "ticket" else slug
        )

    def _settle(self, sheet: Sheet, job: Job, target: KnownRecord, found: Identified) -> None:
        """The row's fields go to its record, links too; and the row ends as what that changed."""
        fields = job.fields | self.linker.fields(
            f"{sheet.path}:{job.draft.line}", target.kind, job.draft.links
        )
        made = not target.staged
        changed = made
        try:
            if made:
                self._make(sheet, job, target, fields)
            else:
                changed = self._changed(sheet, job, target, fields)
        except Refused as error:
            if target.record is None or not target.record.damaged:
                raise
            self._passed_over(sheet, job, target, error)
            return
        said = [
            self.log_writer.said_by(target, each)
            for each in job.draft.beside
            if job.main and each.kind == "log"
        ]
        if not job.main:
            return
        action: Action = "updated" if changed or any(said) else "unchanged"
        self._row(
            sheet,
            job.draft.line,
            "created" if made else action,
            target.kind.name,
            target.id,
            reason=f"like {found.like}" if made and found.like else "",
            matched=found.by,
        )

    def _make(self, sheet: Sheet, job: Job, target: KnownRecord, fields: dict[str, Raw]) -> None:
        self.writer.stage(target, file_text(sheet, job.draft, target.kind, fields))
        if sheet.owns(job.draft):
            self.restored.add(target.path)
        if target.rows > 1:
            target.fields = fields

    def _passed_over(self, sheet: Sheet, job: Job, target: KnownRecord, error: Refused) -> None:
        """A row about a record whose file can't be read changes nothing there: it is told."""
        if job.main:
            reason = f"{target.ref}: {error.message}"
            self._row(sheet, job.draft.line, "skipped", target.kind.name, reason=reason)

    def _changed(
        self, sheet: Sheet, job: Job, target: KnownRecord, fields: Mapping[str, Raw]
    ) -> bool:
        """A further row of a new record, or a row about one of the book: whether it says more."""
        wanted = {name: raw for name, raw in fields.items() if name not in sheet.only_new}
        if target.record is None:
            return self.writer.grow(target, wanted)
        wanted = {n: raw for n, raw in wanted.items() if not _linked(target, n)}
        where = Unplaced(sheet.file_of(job.draft.line), job.draft.line)
        renewed = self.writer.renew(target, wanted, where)
        body = job.draft.body if sheet.owns(job.draft) else quoted(job.draft.body)
        return self.writer.add_body(target, body) or renewed

    def _entry(self, sheet: Sheet, item: Item) -> None:
        """What goes to a log: a row of activities, a meeting, a mail, a line typed on a phone."""
        if isinstance(item, ReceivedMail):
            found = self.mail_writer.deliver(item.mail)
            id = found.target.id if found.target else ""
            kind = "contact" if found.action == "updated" and found.target else "log"
            self._row(sheet, item.line, found.action, kind, id, found.reason, found.waits)
        elif isinstance(item, LogLine):
            self._logged(sheet, item.line, *self._typed(item))
        elif isinstance(item, Draft):
            self._drafted(sheet, item)

    def _drafted(self, sheet: Sheet, draft: Draft) -> None:
        """An entry or task; the lines of a sale end as it does."""
        lines = self.lines.of_order(draft)
        if word := EntryRow.of(draft.fields).called_off:
            rows = [(sheet, draft.line), *((self.sheets[x.sheet], x.line) for x in lines)]
            for file, line in rows:
                self._row(file, line, "skipped", "log", reason=f"the order is {word}")
            return
        try:
            self._added(sheet, draft, lines)
        except UnknownPeople as error:
            if sheet.form != "ics":
                self.lines.back(lines)
                raise
            self._row(sheet, draft.line, "skipped", "log", reason=error.message)
        except Refused:
            self.lines.back(lines)
            raise

    def _added(self, sheet: Sheet, draft: Draft, lines: Sequence[SaleLine]) -> None:
        target, new = self.log_writer.add(draft, [each.text for each in lines])
        where = Unplaced(sheet.file_of(draft.line), draft.line)
        self.done.unplaced += [where.at(name, text) for name, text in self.log_writer.missed]
        self._logged(sheet, draft.line, target, new)
        for each in lines:
            self._logged(self.sheets[each.sheet], each.line, target, new)
            self._tell_left(self.sheets[each.sheet], each.draft)
        if sheet.mapping or sheet.program:
            self._tell_left(sheet, draft)

    def _tell_left(self, sheet: Sheet, draft: Draft) -> None:
        """What a row says that no entry has room for."""
        known = sheet.mapping.values.get("product", {}) if sheet.mapping else {}
        for name, text in EntryRow.of(draft.fields).left():
            if text.casefold() in known:  # the id of a product, whose name stands in its place
                continue
            where = Unplaced(sheet.file_of(draft.line), draft.line)
            self.done.unplaced.append(where.at(name, text))

    def _logged(self, sheet: Sheet, line: int, target: KnownRecord, new: bool) -> None:
        self._row(sheet, line, "created" if new else "unchanged", "log", target.id)

    def _typed(self, line: LogLine) -> tuple[KnownRecord, bool]:
        """A line's references are as sure as those of `log`: names and beginnings of ids, no
        likeness.
        """
        record = one(self.book, line.ref, list(self.book.schema.kinds), Sureness.PREFIX)
        people = tuple(
            one(self.book, who, ["contact"], Sureness.PREFIX).id for who in line.entry.people
        )
        target = self.index.get(record.kind, record.id)
        assert target is not None
        return target, self.log_writer.write(target, changed(line.entry, people=people))


def _linked(target: KnownRecord, name: str) -> bool:
    """Whether a name that fits nobody stands for a link that the record has already."""
    return name.endswith("_imported") and bool(target.texts(name.removesuffix("_imported")))
