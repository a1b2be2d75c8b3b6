"""Rows that are records: who each is, then its links, then what is written."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import partial

from plaincrm.core.schema.kinds import Kind
from plaincrm.core.values import ids
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml import write
from plaincrm.crm.importing.identity import Identified, Identity, check_id, wanted_id
from plaincrm.crm.importing.identity_map import KnownRecord
from plaincrm.crm.importing.log_writer import LogWriter
from plaincrm.crm.importing.record_writer import RecordWriter
from plaincrm.crm.importing.report import Action
from plaincrm.crm.importing.row_results import RowResults
from plaincrm.crm.importing.selection import file_text, without_defaults
from plaincrm.crm.importing.source import SourceFile, UnplacedText
from plaincrm.crm.importing.spool import Drafts, Job
from plaincrm.crm.importing.stages import Routes
from plaincrm.errors import Refused
from plaincrm.interchange.csv.draft import Draft
from plaincrm.interchange.foreign_text import quoted


class RecordRows:
    """`enter` finds the record of a row, or makes one; `settle_all`, once all are entered, writes
    their fields, with the links, which may lead to rows of other files.

    `drafts` keeps them in between. `currency` is that of amounts that name none. `restored` are the
    new files that are those of an export.
    """

    def __init__(
        self,
        results: RowResults,
        writer: RecordWriter,
        identity: Identity,
        log_writer: LogWriter,
        drafts: Drafts,
        routes: Routes,
        currency: str,
    ) -> None:
        self.results, self.writer, self.identity = results, writer, identity
        self.log_writer, self.linker, self.drafts = log_writer, log_writer.linker, drafts
        self.routes, self.currency = routes, currency
        self.change, self.index = results.done.change, writer.index
        self.kinds = self.change.book.schema.kinds
        self.known: dict[int, Identified] = {}  # of rows that something was found for
        self.restored: set[str] = set()

    def enter(self, number: int, sheet: SourceFile, draft: Draft) -> None:
        """The row's own record, and those beside it; none is entered before all are found to be
        right.
        """
        records = (each for each in (draft, *draft.beside) if each.kind != "log")
        found = [(each, self._fields(sheet, each)) for each in records]
        for each, fields in found:
            self._check(sheet, each, fields)
        for each, fields in found:
            self._place(sheet, Job(number, each, fields, each is draft))

    def _fields(self, sheet: SourceFile, draft: Draft) -> dict[str, Raw]:
        fields = self.routes.place(sheet, draft)
        if sheet.own and sheet.form != "csv":
            return without_defaults(self.kinds[draft.kind], fields)
        value = fields.get("value")
        if self.currency and not sheet.own and isinstance(value, str) and value[-1:].isdigit():
            fields["value"] = f"{value} {self.currency}"
        return fields

    def _check(self, sheet: SourceFile, draft: Draft, fields: Mapping[str, Raw]) -> None:
        kind, own = self.kinds[draft.kind], sheet.owns(draft)
        if sheet.mapping and sheet.mapping.about and not fields.get(kind.title):
            fields = {**fields, kind.title: draft.key}  # that of the record which it is about
        if own:
            check_id(draft)
            self.change.refuse_forgotten(fields)
        else:
            self.change.check(kind, fields)
        if own or not write.surely_fits(fields):
            file_text(sheet, draft, kind, fields)

    def _place(self, sheet: SourceFile, job: Job) -> None:
        draft, fields = job.draft, job.fields
        kind = self.kinds[draft.kind]
        found = self.identity.of(kind, draft, fields)
        target, new = found.target, found.target is None
        key_field = draft.key_field
        if found.by != key_field and self.identity.key_is_taken(kind, draft, fields):
            self.results.tell_key(sheet, draft)
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
            self.results.done.beside += not job.main
        self.index.also(target, fields, key_field)
        target.rows += 1
        number = self.drafts.add(job, target)
        if new:
            target.say(self.drafts, number)
        if job.main and found != Identified():
            self.known[number] = found

    def _id(self, kind: Kind, draft: Draft, fields: Mapping[str, Raw]) -> str:
        wanted = wanted_id(draft)
        if wanted and self.index.get(kind, wanted) is None:
            if self.index.was_forgotten(kind, wanted) and not self.change.again:
                raise Refused(
                    f"{kind.name}/{wanted} was forgotten here (plaincrm privacy forget)",
                    "if they came back on their own: plaincrm import … --again",
                )
            return wanted
        slug = ids.slug(str(fields.get(kind.title, "")), kind.name)
        return self.index.free(
            kind, ids.with_random(slug, secrets.randbelow) if kind.name == "ticket" else slug
        )

    def settle_all(self) -> None:
        for number, (job, target) in enumerate(self.drafts):
            sheet = self.results.sheets[job.sheet]
            found = self.known.pop(number, Identified())
            settle = partial(self._settle, sheet, job, target, found)
            self.results.guarded(job.sheet, sheet, job.draft, settle)

    def _settle(self, sheet: SourceFile, job: Job, target: KnownRecord, found: Identified) -> None:
        """The row's fields go to its record, links too; and the row ends as what that changed."""
        links = self.linker.fields(f"{sheet.path}:{job.draft.line}", target.kind, job.draft.links)
        if target.record is not None and not job.main:
            links = {}  # whose company a deal is for is no word on the company of its person
        fields = job.fields | links
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
        self.results.add(
            sheet,
            job.draft.line,
            "created" if made else action,
            target.kind.name,
            target.id,
            reason=f"like {found.like}" if made and found.like else "",
            matched=found.by,
        )

    def _make(
        self, sheet: SourceFile, job: Job, target: KnownRecord, fields: dict[str, Raw]
    ) -> None:
        self.writer.stage(target, file_text(sheet, job.draft, target.kind, fields))
        if sheet.owns(job.draft):
            self.restored.add(target.path)
        if target.rows > 1:
            target.fields = fields

    def _passed_over(
        self, sheet: SourceFile, job: Job, target: KnownRecord, error: Refused
    ) -> None:
        """A row about a record whose file can't be read changes nothing there: it is told."""
        if job.main:
            reason = f"{target.ref}: {error.message}"
            self.results.add(sheet, job.draft.line, "skipped", target.kind.name, reason=reason)

    def _changed(
        self, sheet: SourceFile, job: Job, target: KnownRecord, fields: Mapping[str, Raw]
    ) -> bool:
        """A further row of a new record, or a row about one of the book: whether it says more."""
        wanted = {name: raw for name, raw in fields.items() if name not in sheet.only_new}
        if target.record is None:
            return self.writer.grow(target, wanted)
        wanted = {n: raw for n, raw in wanted.items() if not _linked(target, n)}
        where = UnplacedText(sheet.file_of(job.draft.line), job.draft.line)
        renewed = self.writer.renew(target, wanted, where)
        body = job.draft.body if sheet.owns(job.draft) else quoted(job.draft.body)
        return self.writer.add_body(target, body) or renewed


def _linked(target: KnownRecord, name: str) -> bool:
    """Whether a name that fits nobody stands for a link that the record has already."""
    return name.endswith("_imported") and bool(target.texts(name.removesuffix("_imported")))
