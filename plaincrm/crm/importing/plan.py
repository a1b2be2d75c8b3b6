"""Import: the rows of files become records, one change for all of them.

First every row finds its record (or is a new one), then links are resolved, since they may lead to
rows of other files; then everything is staged. Each row ends as created, updated, unchanged,
skipped or rejected.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

from plaincrm.book.config import SETTINGS
from plaincrm.core.records.edits import AddItem, Edit, SetField, apply
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.value_class import changed
from plaincrm.core.values import ids
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml import write
from plaincrm.crm.change import arranged
from plaincrm.crm.importing.identity import check_id, same, target_of, wanted_id
from plaincrm.crm.importing.identity_map import Index, Target
from plaincrm.crm.importing.links import Linker
from plaincrm.crm.importing.log_writer import Diary, Nobody
from plaincrm.crm.importing.mail_writer import Post
from plaincrm.crm.importing.report import Action, Import, Row, message
from plaincrm.crm.importing.selection import selection, without_defaults
from plaincrm.crm.importing.settings_edit import with_pipelines
from plaincrm.crm.importing.source import Item, Letter, Sheet
from plaincrm.crm.importing.spool import Drafts, Items, Job
from plaincrm.crm.importing.stages import Routes, route
from plaincrm.crm.references import Sureness, one
from plaincrm.errors import Ambiguous, NotFound, Refused
from plaincrm.interchange.csv.draft import Draft, Reject, Skip
from plaincrm.interchange.foreign_text import quoted
from plaincrm.interchange.log_lines import LogLine

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

Update = Literal["fill", "overwrite"]


def plan(
    book: Book,
    sheets: Sequence[Sheet],
    *,
    update: Update = "fill",
    pipeline: str = "",
    currency: str = "",
    where: Sequence[str] = (),
    new_senders: bool = False,
) -> Import:
    """Stage the import of `sheets`. `currency` is that of amounts which name none, `where` a query
    that rows have to match; with `new_senders` who wrote a mail and is not here becomes a contact.
    Raises Refused for settings that can't get a new pipeline, QueryError."""
    routes = route(sheets, book.settings, pipeline)
    done = Import(book.change("Import", "import"), pipelines=routes.new)
    if routes.new:
        text = with_pipelines(done.change.text(SETTINGS), routes.new)
        done.change.write(SETTINGS, text)
        book.resettle(text)
    _Importer(book, done, routes, update, currency, new_senders).run(sheets, where)
    done.change.retitle(message(done, sheets))
    return done


class _Importer:
    def __init__(
        self,
        book: Book,
        done: Import,
        routes: Routes,
        update: Update,
        currency: str,
        new_senders: bool,
    ) -> None:
        self.book, self.done, self.routes, self.update, self.currency = (
            book,
            done,
            routes,
            update,
            currency,
        )
        self.index = Index(book.store)
        self.drafts, self.items = Drafts(book.private), Items(book.private)
        self.linker = Linker(book.schema, self.index, self._beside)
        self.diary = Diary(book, self.linker, done.change)
        make = self._beside if new_senders else None
        self.post = Post(
            book.schema.kinds["contact"], self.index, self.diary, self._edit, make, done.strangers
        )

    def run(self, sheets: Sequence[Sheet], where: Sequence[str]) -> None:
        wanted = selection(self.book, sheets, where) if where else None
        for number, sheet in enumerate(sheets):
            for at, outcome in enumerate(sheet.outcomes):
                if isinstance(outcome, Reject):
                    self._reject(number, sheet, outcome)
                elif isinstance(outcome, Skip):
                    self._row(sheet, outcome.line, "skipped", reason=outcome.reason)
                elif wanted is not None and (number, at) not in wanted:
                    self._row(sheet, outcome.line, "skipped", reason="not selected")
                elif isinstance(outcome, Draft) and outcome.kind != "log":
                    self._guarded(
                        number, sheet, outcome, partial(self._enter, number, sheet, outcome)
                    )
                else:
                    self.items.add(number, outcome)
        for job, target in self.drafts:
            sheet = sheets[job.sheet]
            self._guarded(job.sheet, sheet, job.draft, partial(self._settle, sheet, job, target))
        for number, item in self.items:
            self._guarded(number, sheets[number], item, partial(self._entry, sheets[number], item))
        self.done.warnings += self.linker.warnings

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
    ) -> None:
        self.done.rows.append(Row(sheet.file_of(line), line, action, kind, id, reason, waits))

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
        if own:
            check_id(draft)
        else:
            self.done.change.check(kind, fields)
        if own or not write.surely_fits(fields):
            _text(sheet, draft, kind, fields)

    def _place(self, sheet: Sheet, job: Job) -> None:
        draft, fields = job.draft, job.fields
        kind = self.book.schema.kinds[draft.kind]
        target = target_of(self.index, kind, draft, fields, self.book.settings.currency)
        new = target is None
        if target is None:
            target = self.index.new(kind, self._id(kind, draft, fields), fields)
            self.done.beside += not job.main
        self.index.also(target, fields, draft.key_field)
        target.rows += 1
        number = self.drafts.add(job, target)
        if new:
            target.say(self.drafts, number)

    def _id(self, kind: Kind, draft: Draft, fields: Mapping[str, Raw]) -> str:
        wanted = wanted_id(draft)
        if wanted and self.index.get(kind, wanted) is None:
            return wanted
        slug = ids.slug(str(fields.get(kind.title, "")), kind.name)
        return self.index.free(
            kind, ids.with_random(slug, secrets.randbelow) if kind.name == "ticket" else slug
        )

    def _beside(self, kind: Kind, fields: dict[str, Raw]) -> Target | None:
        if not fields:
            return None
        try:
            text = self.done.change.draft(kind, fields)
        except Refused:
            return None
        target = self.index.new(
            kind, self.index.free(kind, ids.slug(str(fields[kind.title]), kind.name)), fields
        )
        self.index.also(target, fields)
        self._stage(target, text)
        self.done.beside += 1
        return target

    def _stage(self, target: Target, text: str) -> None:
        self.done.change.add(target.path, text)
        target.staged = True

    def _settle(self, sheet: Sheet, job: Job, target: Target) -> None:
        """The row's fields go to its record, links too; and the row ends as what that changed."""
        fields = job.fields | self.linker.fields(
            f"{sheet.path}:{job.draft.line}", target.kind, job.draft.links
        )
        made = not target.staged
        if made:
            self._stage(target, _text(sheet, job.draft, target.kind, fields))
            if target.rows > 1:
                target.fields = fields
        else:
            fields = {name: raw for name, raw in fields.items() if name not in sheet.only_new}
        changed = made or (
            self._renewed(sheet, target, fields, job)
            if target.record
            else self._grown(target, fields)
        )
        said = [
            self.diary.said_by(target, each)
            for each in job.draft.beside
            if job.main and each.kind == "log"
        ]
        if job.main:
            action: Action = (
                "created" if made else "updated" if changed or any(said) else "unchanged"
            )
            self._row(sheet, job.draft.line, action, target.kind.name, target.id)

    def _grown(self, target: Target, fields: Mapping[str, Raw]) -> bool:
        edits = [
            SetField(name, raw) for name, raw in fields.items() if raw and not target.texts(name)
        ]
        if edits:
            self._edit(target, edits)
        return bool(edits)

    def _renewed(self, sheet: Sheet, target: Target, fields: Mapping[str, Raw], job: Job) -> bool:
        """Edit a record of the book: blanks filled, and with `overwrite` what differs set."""
        assert target.record is not None
        currency, overwrite, here = (
            self.book.settings.currency,
            self.update == "overwrite",
            target.fields,
        )
        wanted = {
            name: raw
            for name, raw in fields.items()
            if (raw and not target.texts(name))
            or (overwrite and not same(target.kind.fields.get(name), here[name], raw, currency))
        }
        edits: list[Edit] = [SetField(name, raw) for name, raw in wanted.items()]
        if edits:
            target.record = self.done.change.edit(target.record, edits)
        body = job.draft.body if sheet.owns(job.draft) else quoted(job.draft.body)
        if body.strip() and not target.record.body.strip():
            text = self.done.change.text(target.record.path)
            self.done.change.write(target.record.path, text.rstrip("\n") + "\n" + body)
            return True
        return bool(edits)

    def _edit(self, target: Target, edits: Sequence[Edit]) -> None:
        """Edits of a record of the book, or of one that this import makes."""
        if target.record:
            target.record = self.done.change.edit(target.record, edits)
            return
        self.done.change.write(
            target.path, apply(self.done.change.text(target.path), edits, target.kind.order)
        )
        fields = dict(target.fields)
        for edit in edits:
            if isinstance(edit, AddItem):
                fields[edit.field] = [*target.texts(edit.field), edit.item]
            elif isinstance(edit, SetField):
                fields[edit.field] = edit.value
        target.fields = fields

    def _entry(self, sheet: Sheet, item: Item) -> None:
        """What goes to a log: a row of activities, a meeting, a mail, a line typed on a phone."""
        if isinstance(item, Letter):
            found = self.post.deliver(item.mail)
            id = found.target.id if found.target else ""
            kind = "contact" if found.action == "updated" else "log"
            self._row(sheet, item.line, found.action, kind, id, found.reason, found.waits)
        elif isinstance(item, LogLine):
            self._logged(sheet, item.line, *self._typed(item))
        elif isinstance(item, Draft):
            self._drafted(sheet, item)

    def _drafted(self, sheet: Sheet, draft: Draft) -> None:
        try:
            self._logged(sheet, draft.line, *self.diary.add(draft))
        except Nobody as error:
            if sheet.form != "ics":
                raise
            self._row(sheet, draft.line, "skipped", "log", reason=error.message)

    def _logged(self, sheet: Sheet, line: int, target: Target, new: bool) -> None:
        self._row(sheet, line, "created" if new else "unchanged", "log", target.id)

    def _typed(self, line: LogLine) -> tuple[Target, bool]:
        """A line's references are as sure as those of `log`: names and beginnings of ids, no
        likeness.
        """
        record = one(self.book, line.ref, list(self.book.schema.kinds), Sureness.PREFIX)
        people = tuple(
            one(self.book, who, ["contact"], Sureness.PREFIX).id for who in line.entry.people
        )
        target = self.index.get(record.kind, record.id)
        assert target is not None
        return target, self.diary.write(target, changed(line.entry, people=people))


def _text(sheet: Sheet, draft: Draft, kind: Kind, fields: Mapping[str, Raw]) -> str:
    """The file of a new record. An export is taken as it is: what its book had, `check` tells of.
    JSON keeps the order of the fields, too; a table and a card have none."""
    own = sheet.owns(draft)
    if own and sheet.form in ("json", "jsonl"):
        return write.new_file(fields, draft.body)
    return arranged(kind, fields, draft.body if own else quoted(draft.body))
