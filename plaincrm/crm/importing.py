"""Import: the rows of files become records, one change for all of them.

First every row finds its record (or is a new one), then links are resolved, since they may lead to rows of
other files; then everything is staged. Each row ends as created, updated, unchanged, skipped or rejected.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from plaincrm.book.config import SETTINGS
from plaincrm.core import emit, ids, query
from plaincrm.core.edits import Edit, SetField, apply
from plaincrm.core.facts import World
from plaincrm.core.raw import Raw
from plaincrm.core.record import Record
from plaincrm.core.schema import Kind
from plaincrm.core.settings import Pipeline
from plaincrm.core.store import Store
from plaincrm.core.types import fold
from plaincrm.crm.changes import subject
from plaincrm.crm.consequences import consequences
from plaincrm.crm.editing import Editing
from plaincrm.crm.import_file import Sheet
from plaincrm.crm.import_identity import check_id, same, target_of, wanted_id
from plaincrm.crm.import_index import Index, Target
from plaincrm.crm.import_links import Linker
from plaincrm.crm.import_log import Diary
from plaincrm.crm.import_stages import Routes, route
from plaincrm.crm.settings_edit import with_pipelines
from plaincrm.errors import Ambiguous, Conflict, PlaincrmError, Refused
from plaincrm.interchange.csv.draft import Draft, Reject, Skip
from plaincrm.interchange.foreign_text import quoted

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

Action = Literal["created", "updated", "unchanged", "skipped", "rejected"]
ACTIONS: tuple[Action, ...] = ("created", "updated", "unchanged", "skipped", "rejected")
Update = Literal["fill", "overwrite"]


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one row of a file; `reason` where it did not go in."""

    file: str
    line: int
    action: Action
    kind: str = ""
    id: str = ""
    reason: str = ""


@dataclass
class Import:
    """A staged import. `beside` counts the records made because rows name them, `pipelines` are new ones."""

    change: Editing
    rows: list[Row] = field(default_factory=list)
    rejects: dict[int, list[Reject]] = field(default_factory=dict)  # by the number of the sheet
    warnings: list[str] = field(default_factory=list)
    pipelines: tuple[Pipeline, ...] = ()
    beside: int = 0

    @property
    def touched(self) -> int:
        """How many records are written."""
        return len({file.path for file in self.change.change.files} - {SETTINGS})

    @property
    def counts(self) -> dict[str, int]:
        """How many rows, and how many of them ended in which way; the latter add up to the former."""
        found = Counter(row.action for row in self.rows)
        return {"rows": len(self.rows), **{action: found[action] for action in ACTIONS}}


@dataclass(frozen=True, slots=True)
class _Job:
    sheet: Sheet
    draft: Draft
    fields: dict[str, Raw]
    target: Target
    main: bool


def plan(
    book: Book, sheets: Sequence[Sheet], *, update: Update = "fill", pipeline: str = "", currency: str = "",
    where: Sequence[str] = (),
) -> Import:  # fmt: skip
    """Stage the import of `sheets`. `currency` is that of amounts which name none, `where` a query that rows
    have to match. Raises Refused for settings that can't get a new pipeline, QueryError."""
    routes = route(sheets, book.settings, pipeline)
    done = Import(book.change("Import", "import"), pipelines=routes.new)
    if routes.new:
        text = with_pipelines(done.change.text(SETTINGS), routes.new)
        done.change.write(SETTINGS, text)
        book.resettle(text)
    _Importer(book, done, routes, update, currency).run(sheets, where)
    done.change.retitle(_message(done, sheets))
    return done


def _message(done: Import, sheets: Sequence[Sheet]) -> str:
    kinds = Counter(row.kind for row in done.rows if row.action in ("created", "updated"))
    schema = done.change.book.schema.kinds
    what = ", ".join(f"{n} {schema[k].plural if n > 1 and k in schema else k}" for k, n in kinds.items())
    names = ", ".join(sheet.path.rpartition("/")[2] for sheet in sheets)
    return subject(f"Import {what or 'nothing'} from {names}")


class _Importer:
    def __init__(self, book: Book, done: Import, routes: Routes, update: Update, currency: str) -> None:
        self.book, self.done, self.routes, self.update, self.currency = book, done, routes, update, currency
        self.index = Index(book.store)
        self.new: list[tuple[Target, bool]] = []
        self.linker = Linker(book.schema, self.index, self._beside)
        self.diary = Diary(book, self.linker, done.change)

    def run(self, sheets: Sequence[Sheet], where: Sequence[str]) -> None:
        wanted = _selection(self.book, sheets, where) if where else None
        jobs: list[_Job] = []
        logs: list[tuple[int, Sheet, Draft]] = []
        for number, sheet in enumerate(sheets):
            for outcome in sheet.outcomes:
                if isinstance(outcome, Reject):
                    self._reject(number, sheet, outcome)
                elif isinstance(outcome, Skip):
                    self._row(sheet, outcome.line, "skipped", reason=outcome.reason)
                elif wanted is not None and id(outcome) not in wanted:
                    self._row(sheet, outcome.line, "skipped", outcome.kind, reason="not selected")
                elif outcome.kind == "log":
                    logs.append((number, sheet, outcome))
                else:
                    self._guarded(number, sheet, outcome, lambda s=sheet, d=outcome: jobs.extend(self._jobs(s, d)))  # type: ignore[misc]
        numbers = {id(sheet): number for number, sheet in enumerate(sheets)}
        for job in jobs:
            self._guarded(numbers[id(job.sheet)], job.sheet, job.draft, lambda j=job: self._settle(j))  # type: ignore[misc]
        for number, sheet, draft in logs:
            self._guarded(number, sheet, draft, lambda s=sheet, d=draft: self._log(s, d))  # type: ignore[misc]
        self._stage()
        self.done.warnings += self.linker.warnings

    def _guarded(self, number: int, sheet: Sheet, draft: Draft, work: Callable[[], object]) -> None:
        """A row that is refused is rejected, with the reason, and stops no other."""
        try:
            work()
        except (Refused, Ambiguous) as error:
            reason = f"{error.message}; {error.hint}" if error.hint else error.message
            self._reject(number, sheet, Reject(draft.line, reason, sheet.cells[draft.line]), draft.kind)

    def _reject(self, number: int, sheet: Sheet, reject: Reject, kind: str = "") -> None:
        self.done.rejects.setdefault(number, []).append(reject)
        self._row(sheet, reject.line, "rejected", kind, reason=reject.reason)

    def _row(self, sheet: Sheet, line: int, action: Action, kind: str = "", id: str = "", reason: str = "") -> None:
        self.done.rows.append(Row(sheet.path, line, action, kind, id, reason))

    def _jobs(self, sheet: Sheet, draft: Draft) -> list[_Job]:
        """The row's own record, and those beside it; none is entered before all are found to be right."""
        found = [(each, self._fields(sheet, each)) for each in (draft, *draft.beside)]
        for each, fields in found:
            self._check(sheet, each, fields)
        return [self._job(sheet, each, fields, each is draft) for each, fields in found]

    def _fields(self, sheet: Sheet, draft: Draft) -> dict[str, Raw]:
        fields = self.routes.place(sheet, draft)
        if sheet.json:
            return _without_defaults(self.book.schema.kinds[draft.kind], fields)
        value = fields.get("value")
        if self.currency and not sheet.own and isinstance(value, str) and value[-1:].isdigit():
            fields["value"] = f"{value} {self.currency}"
        return fields

    def _check(self, sheet: Sheet, draft: Draft, fields: Mapping[str, Raw]) -> None:
        if sheet.own:
            check_id(draft)
        self._text(self.book.schema.kinds[draft.kind], fields, draft.body, sheet.own)

    def _text(self, kind: Kind, fields: Mapping[str, Raw], body: str, own: bool) -> str:
        """The file of a new record. An export is taken as it is: what its book had, `check` tells of."""
        return emit.new_file(fields, body) if own else self.done.change.draft(kind, fields, quoted(body))

    def _job(self, sheet: Sheet, draft: Draft, fields: dict[str, Raw], main: bool) -> _Job:
        kind = self.book.schema.kinds[draft.kind]
        target = target_of(self.index, kind, draft, fields, self.book.settings.currency)
        if target is None:
            target = Target(kind, self._id(kind, draft, fields), dict(fields), body=draft.body)
            self.index.add(target)
            self.new.append((target, sheet.own))
            self.done.beside += not main
        self.index.also(target, fields, draft.key_field)
        target.rows += 1
        return _Job(sheet, draft, fields, target, main)

    def _id(self, kind: Kind, draft: Draft, fields: Mapping[str, Raw]) -> str:
        wanted = wanted_id(draft)
        if wanted and self.index.get(kind, wanted) is None:
            return wanted
        slug = ids.slug(str(fields.get(kind.title, "")), kind.name)
        return self.index.free(kind, ids.with_random(slug, secrets.randbelow) if kind.name == "ticket" else slug)

    def _beside(self, kind: Kind, fields: dict[str, Raw]) -> Target | None:
        if not fields:
            return None
        try:
            self._text(kind, fields, "", False)
        except Refused:
            return None
        target = Target(kind, self.index.free(kind, ids.slug(str(fields[kind.title]), kind.name)), fields)
        self.index.add(target)
        self.new.append((target, False))
        self.done.beside += 1
        return target

    def _settle(self, job: _Job) -> None:
        """The row's fields go to its record, links too; and the row ends as what that changed."""
        target, where = job.target, f"{job.sheet.path}:{job.draft.line}"
        fields = job.fields | self.linker.fields(where, target.kind, job.draft.links)
        made = target.record is None and not target.settled
        changed = self._renewed(target, fields, job) if target.record else self._grown(target, fields)
        target.settled = True
        if job.main:
            action: Action = "created" if made else "updated" if changed else "unchanged"
            self._row(job.sheet, job.draft.line, action, target.kind.name, target.id)

    def _grown(self, target: Target, fields: Mapping[str, Raw]) -> bool:
        new = {name: raw for name, raw in fields.items() if not target.texts(name)}
        target.fields.update(new)
        return bool(new)

    def _renewed(self, target: Target, fields: Mapping[str, Raw], job: _Job) -> bool:
        """Edit a record of the book: blanks filled, and with `overwrite` what differs set."""
        assert target.record is not None
        currency = self.book.settings.currency
        wanted = {
            name: raw
            for name, raw in fields.items()
            if not target.texts(name)
            or (self.update == "overwrite" and not same(target.kind.fields.get(name), target.fields[name], raw, currency))
        }
        edits: list[Edit] = [SetField(name, raw) for name, raw in wanted.items()]
        if edits:
            target.record = self._edited(target.record, edits, set(wanted))
            target.fields.update(wanted)
        body = job.draft.body if job.sheet.own else quoted(job.draft.body)
        if body.strip() and not target.record.body.strip():
            text = self.done.change.text(target.record.path)
            self.done.change.write(target.record.path, text.rstrip("\n") + "\n" + body)
            return True
        return bool(edits)

    def _edited(self, record: Record, edits: list[Edit], names: set[str]) -> Record:
        if names & {"stage", "status"}:
            text = apply(self.done.change.text(record.path), edits, record.kind.order)
            after = Record.read(record.kind, record.id, record.path, text, record.types)
            edits = [*edits, *consequences(record, after, names, self.book.world)]
        return self.done.change.edit(record, edits)

    def _log(self, sheet: Sheet, draft: Draft) -> None:
        target, added = self.diary.add(f"{sheet.path}:{draft.line}", draft)
        self._row(sheet, draft.line, "created" if added else "unchanged", "log", target.id)

    def _stage(self) -> None:
        counts = {kind.name: self.index.count(kind) for kind in {target.kind.name: target.kind for target, _ in self.new}.values()}
        for target, _ in self.new:
            counts[target.kind.name] -= 1
        for target, own in self.new:
            path = ids.path(target.kind.folder, target.id, counts[target.kind.name])
            counts[target.kind.name] += 1
            if self.done.change.change.read(path) is not None:
                raise Conflict(f"{path} is there, but is no record that can be read", "plaincrm check")
            self.done.change.write(path, self.diary.with_new(target, self._text(target.kind, target.fields, target.body, own)))


def _without_defaults(kind: Kind, fields: dict[str, Raw]) -> dict[str, Raw]:
    """JSON shows defaults as values; a file need not say them."""
    record = Record(kind, "", "", fields, str)
    shown = {field.name for field in kind.defaulted if fields.get(field.name) == record.default(field.name)}
    return {name: raw for name, raw in fields.items() if name not in shown}


def _selection(book: Book, sheets: Sequence[Sheet], where: Sequence[str]) -> set[int]:
    """The drafts, by identity, that the query selects, as if they were the only records."""
    drafts = [d for sheet in sheets for d in sheet.outcomes if isinstance(d, Draft) and d.kind in book.schema.kinds]
    records = [_provisional(book, number, draft) for number, draft in enumerate(drafts)]
    store = Store(book.schema, lambda kind: [record for record in records if record.kind.name == kind])
    world = World(store, book.settings, book.now, book.world.facts, book.segments)
    selected: set[int] = set()
    for kind in {draft.kind: book.schema.kinds[draft.kind] for draft in drafts}.values():
        compiled = query.compile(where, kind, world)
        selected |= {int(r.id) for r in store.records(kind.name) if compiled.matches(r)}
    return {id(draft) for number, draft in enumerate(drafts) if number in selected}


def _provisional(book: Book, number: int, draft: Draft) -> Record:
    fields = dict(draft.fields) | {name: hints[0].value for name, hints in draft.links.items()}
    text = f"---\n---\n{quoted(draft.body)}"
    return Record(book.schema.kinds[draft.kind], str(number), f"{number}.md", fields, lambda: text)

