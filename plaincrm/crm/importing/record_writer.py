"""The records of an import as files: new ones staged, those of the book edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from plaincrm.core.records.edits import AddItem, Edit, SetField, apply
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.values import ids
from plaincrm.core.values.raw import Raw
from plaincrm.crm.importing.identity import same
from plaincrm.crm.importing.identity_map import KnownRecord, RecordIndex
from plaincrm.crm.importing.report import Import
from plaincrm.crm.importing.source import UnplacedText
from plaincrm.crm.suppressed_addresses import BACK, suppressed
from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

Update = Literal["fill", "overwrite"]


@dataclass
class RecordWriter:
    """Stages records, and edits of them, in the change of an import."""

    book: BookData
    done: Import
    index: RecordIndex
    update: Update = "fill"
    source: str = ""

    def make(
        self, kind: Kind, fields: dict[str, Raw], created: date | None = None
    ) -> KnownRecord | None:
        """A new record of which some row says no more than this; None where it can't be one."""
        if not fields:
            return None
        whole = self.dated(kind, fields, created)
        try:
            text = self.done.change.draft(kind, whole)
        except Refused:
            return None
        slug = ids.slug(str(whole[kind.title]), kind.name)
        target = self.index.new(kind, self.index.free(kind, slug), whole)
        self.index.also(target, whole)
        self.stage(target, text)
        self.done.beside += 1
        return target

    def dated(
        self, kind: Kind, fields: dict[str, Raw], created: date | None = None
    ) -> dict[str, Raw]:
        """The fields of a new record with the day on which it came: the file's own, else today;
        and the source that the user gives to the batch, where the file names none."""
        if self.source and "source" in kind.fields and not fields.get("source"):
            fields = {**fields, "source": self.source}
        if "created" not in kind.fields or fields.get("created"):
            return fields
        return {**fields, "created": (created or self.book.now.date()).isoformat()}

    def stage(self, target: KnownRecord, text: str) -> None:
        """Stage the file of a new record."""
        self.done.change.add(target.path, text)
        self.done.change.welcome(target.fields)
        if not self.done.change.again:
            told = f"{BACK} plaincrm import … --again"
            listed = suppressed(self.book.context.lists["suppressed"], target.fields)
            self.done.warnings += [f"{target.ref}: {each} {told}" for each in listed]
        target.staged = True

    def grow(self, target: KnownRecord, fields: Mapping[str, Raw]) -> bool:
        """Blanks of a record that this import makes, filled from a further row."""
        edits = [
            SetField(name, raw) for name, raw in fields.items() if raw and not target.texts(name)
        ]
        if edits:
            self.edit(target, edits)
        return bool(edits)

    def renew(self, target: KnownRecord, fields: Mapping[str, Raw], where: UnplacedText) -> bool:
        """Blanks of a record of the book filled; with `overwrite` what differs set too. What stays
        as it was is told of, as said at `where`."""
        assert target.record is not None
        currency, here = self.book.settings.currency, target.fields
        edits: list[Edit] = []
        for name, raw in fields.items():
            blank = not target.texts(name)
            held = here.get(name) or self._implied(target, name, fields)
            if not raw or (held and self._same(target, name, held, raw, currency)):
                continue
            if blank or self.update == "overwrite":
                edits.append(SetField(name, raw))
            elif name != "created":
                self.done.unplaced.append(where.at(name, raw))
        if edits:
            target.record = self.done.change.edit(target.record, edits)
        return bool(edits)

    def _implied(self, target: KnownRecord, name: str, fields: Mapping[str, Raw]) -> Raw:
        """What a record says without writing it: its default, of a closed deal the day it was to
        close. `fields` are those of the row: one that moves no stage closes nothing either."""
        record, currency = target.record, self.book.settings.currency
        assert record is not None
        if name == "close_date":
            return record.text("closed")
        stage = record.text("stage") or record.default("stage", currency)
        if name == "closed" and self._same(target, "stage", stage, fields.get("stage", ""), ""):
            return record.text("close_date")
        return record.default(name, currency)

    def _same(self, target: KnownRecord, name: str, old: Raw, new: Raw, currency: str) -> bool:
        return same(target.kind.fields.get(name), old, new, currency)

    def add_body(self, target: KnownRecord, body: str) -> bool:
        """The text below the front matter, where a record of the book has none."""
        assert target.record is not None
        if not body.strip() or target.record.body.strip():
            return False
        text = self.done.change.text(target.record.path)
        self.done.change.write(target.record.path, text.rstrip("\n") + "\n" + body)
        return True

    def edit(self, target: KnownRecord, edits: Sequence[Edit]) -> None:
        """Edits of a record of the book, with what follows from them; or of one that this import
        makes."""
        if target.record:
            target.record = self.done.change.edit(target.record, edits)
            return
        self.write_lines(target, edits)
        fields = dict(target.fields)
        for edit in edits:
            if isinstance(edit, AddItem):
                fields[edit.field] = [*target.texts(edit.field), edit.item]
            elif isinstance(edit, SetField):
                fields[edit.field] = edit.value
        target.fields = fields

    def write_lines(self, target: KnownRecord, edits: Sequence[Edit]) -> None:
        """Edits that bring nothing with them: entries of a log, tasks."""
        text, zone = self.done.change.text(target.path), self.book.settings.zone
        text = apply(text, edits, target.kind.order, target.kind.keys, zone)
        self.done.change.write(target.path, text)

    def text(self, target: KnownRecord) -> str:
        """The file of a record as it will be."""
        return self.done.change.text(target.path)
