"""The unit of work: edits of records collected, then one write and one commit.

    with book.change("Won the website", "move") as change:
        change.edit(deal, [SetField("stage", "won")])

Commands, scripts, imports and sync all edit through it. Each edit is checked against the schema,
gets what follows from it (`crm.effects`), and is applied once to the file as it is now, never to a
cached copy. Nothing touches the disk before `commit`, and the write is refused if a file changes
between (`book.transaction`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from plaincrm.core.records.arrangement import arranged
from plaincrm.core.records.edits import Edit, EditedFile, SetField, edited
from plaincrm.core.records.erasure import PATH as ERASED
from plaincrm.core.records.erasure import lines as erased_lines
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.fold import fold
from plaincrm.core.text.text_file import decode, path_in
from plaincrm.core.values import ids
from plaincrm.core.values.raw import Raw
from plaincrm.crm.effects import HISTORIED, Effect, RecordEdit, hand_made, with_effects
from plaincrm.crm.forgotten_addresses import ForgottenAddresses
from plaincrm.crm.link_edits import relink
from plaincrm.crm.record_ids import RecordIds
from plaincrm.crm.staged_files import StagedFiles
from plaincrm.crm.suppressed_addresses import release, suppress
from plaincrm.crm.uncommitted_edits import UncommittedEdits
from plaincrm.crm.validation import Validation
from plaincrm.errors import Refused
from plaincrm.marketing.consent import wants_no_mail

if TYPE_CHECKING:
    from plaincrm.crm.automations.following import RuleFollower
    from plaincrm.crm.book_data import BookData
    from plaincrm.crm.linking_texts import LinkingTexts


class Change(StagedFiles):
    """A change of the book: `edit`, `create`, `remove`, `rename` records, then `commit`.

    `effects` see every edit of a record before it is staged, and answer with more edits; the
    built-in ones always run. `command` is the command's word; undo knows its own commits by it.
    The book's own rules (`crm.automations`) follow every edit, new record and hand edit; those of
    an import once it is whole (`importing.rules`).
    """

    def __init__(self, book: BookData, message: str, command: str = "") -> None:
        super().__init__(book, message, command)
        self.effects: list[Effect] = []
        self.again = False  # whether somebody who was forgotten comes back on their own
        self.texts_followed = 0  # texts of others whose links follow a record
        self._seen_by_rules: set[str] = set()

    def edit(self, record: Record, edits: Iterable[Edit]) -> Record:
        """Stage edits of one record, with what follows from them; gives the record as it will be.

        Raises Refused for a value that the schema does not allow or an edit that can't be made
        surely.
        """
        before = self._as_staged(record)
        every = list(edits)
        earlier = self._hand_made(before, every)
        planned = RecordEdit.of(before, [*earlier, *every], self.book.context, self.command)
        wanted = with_effects(planned, self.effects).edits
        self._validation.edits(before, wanted)
        return self._followed(before, self._apply(before, wanted))

    def create(self, kind: Kind, fields: Mapping[str, Raw], body: str = "", id: str = "") -> Record:
        """Stage a new record, with what follows from its fields; its id comes from the title,
        unless given. Raises Refused.
        """
        return self.adopt(kind, self.draft(kind, fields, body), id)

    def draft(self, kind: Kind, fields: Mapping[str, Raw], body: str = "") -> str:
        """The file of a new record with these fields, in the schema's order; nothing is staged.
        Raises Refused.
        """
        self.check(kind, fields)
        return arranged(kind, fields, body)

    def check(self, kind: Kind, fields: Mapping[str, Raw]) -> None:
        """Raises Refused for what no new record of the kind may have, or has to have."""
        self._validation.new_record(kind, fields)
        self.refuse_forgotten(fields)

    def refuse_forgotten(self, fields: Mapping[str, Raw]) -> None:
        """Raises Refused for an address of somebody who was forgotten."""
        if not self.again:
            self._forgotten.refuse(fields, self.command)

    def adopt(self, kind: Kind, text: str, id: str = "") -> Record:
        """Stage a new record with that whole text, as `create` does with fields."""
        new = Record.read(kind, id, "", text, self.book.settings.log_settings)
        planned = RecordEdit(None, new, self.book.context, command=self.command)
        file = edited(text, with_effects(planned, self.effects).edits, kind.order, kind.keys)
        id = id or self._ids.of_new(kind, new.text(kind.title))
        path = ids.path(kind.folder, id, len(self.book.store.records(kind.name)))
        self.expect_none(path)
        self.write(path, file.text)
        self.welcome(new.fields)
        made = self._stage(kind, id, path, file)
        return self.rules.follow(None, made) if self.rules is not None else made

    def welcome(self, fields: Mapping[str, Raw]) -> None:
        """Somebody who was forgotten, or wanted no mail, is back: their addresses come off the
        lists."""
        if not self.again:
            return
        release(self, fields)
        if back := self._forgotten.of(fields):
            kept = [line for line in self.text(ERASED).split() if line not in back]
            self.write(ERASED, erased_lines(kept))

    def rewrite(self, record: Record, before: bytes, text: str) -> Record:
        """Stage the whole text that somebody wrote for a record whose file held `before`, with
        what follows from it. Conflict if it holds anything else by then.
        """
        old = self._read(record, decode(before, record.path)[0])
        file = self.hand_edited(old, self._read(record, text))
        self.expect(record.path, before)
        self.write(record.path, file.text)
        return self._followed(old, self._stage(record.kind, record.id, record.path, file))

    def hand_edited(self, before: Record, after: Record) -> EditedFile:
        """The file of a record that somebody turned from `before` into `after` by hand, with what
        follows from that. Nothing is staged. Raises Refused for a stage that there is not.
        """
        planned = RecordEdit(before, after, self.book.context, command=self.command)
        more = with_effects(planned, self.effects).edits
        return edited(after.load(), more, after.kind.order, after.kind.keys)

    def take_in(self, before: Record | None, after: Record) -> None:
        """Stage what follows from a record that somebody made by hand, or turned from `before`
        into `after`. Raises Refused for a stage that there is not.
        """
        now = self._read(after, self.text(after.path))
        if before is not None and before.fields != now.fields:
            text = self.hand_edited(before, now).text
            if text != now.load():
                self.write(after.path, text)
                now = self._read(after, text)
        if self.rules is not None:
            self.book.store.collection(now.kind.name)  # loaded, else it forgets what is put
            self.book.store.put(now)
            self.rules.follow(before, now)

    def remove(self, record: Record) -> None:
        """Stage the deletion of a record; fields that link to it lose the link. That somebody
        wants no mail outlives their record.
        """
        if wants_no_mail(record.fields):
            suppress(self, (item.text for item in record.items("email")))
        for source, field in list(self.book.store.links_to(record)):
            if source.ref != record.ref:
                self.edit(source, relink(source, field, record, None))
        self.write(record.path, None)
        self.book.store.remove(record.kind.name, record.id)

    def rename(self, record: Record, title: str) -> Record:
        """Stage a new title and the id that goes with it; the old id stays as an alias, links
        follow.
        """
        id = self._ids.of_renamed(record, title)
        links = list(self.book.store.links_to(record))
        path = path_in(record.path.rpartition("/")[0], f"{id}.md")
        texts = self._texts(record, path)
        edits: list[Edit] = [SetField(record.kind.title, title)]
        if fold(id) != fold(record.id):
            edits.append(SetField("aliases", [*_without(record.aliases(), id), record.id]))
        file = _edited(record, self.text(record.path), [*edits, *texts.own(record)])
        if path != record.path:
            self.write(record.path, None)
            self.expect_none(path)
        self.write(path, file.text)
        self.book.store.remove(record.kind.name, record.id)
        renamed = self._stage(record.kind, id, path, file)
        for source, field in links:
            if source.ref != record.ref:
                self.edit(source, relink(source, field, record, id))
        self._follow_texts(texts, renamed)
        return renamed

    def _texts(self, record: Record, path: str) -> LinkingTexts:
        """The texts with links to `record`, which will lie at `path`; found before it is moved."""
        from plaincrm.crm.linking_texts import linking_texts

        return linking_texts(self.book, record, path)

    def _follow_texts(self, texts: LinkingTexts, kept: Record) -> None:
        """Stage that links in texts lead to where the record lies now."""
        for source in texts.records:
            if source.ref != kept.ref and (there := self._still(source)) is not None:
                self.edit(there, texts.edits(source))
                self.texts_followed += 1
        for path, text in texts.notes.items():
            self.text(path)  # what is there now is what was read
            self.write(path, text)
            self.texts_followed += 1

    def _still(self, record: Record) -> Record | None:
        return self.book.store.get(record.kind.name, record.id)

    def merge(self, keep: Record, duplicate: Record, edits: Iterable[Edit]) -> Record:
        """Stage `edits` of `keep`; the duplicate's file goes, and links to it lead to `keep`."""
        links = list(self.book.store.links_to(duplicate))
        texts = self._texts(duplicate, keep.path)
        merged = self.edit(keep, [*edits, *texts.own(keep)])
        self.write(duplicate.path, None)
        self.book.store.remove(duplicate.kind.name, duplicate.id)
        for source, field in links:
            if source.ref == keep.ref:
                merged = self.edit(merged, relink(merged, field, duplicate, None))
            elif source.ref != duplicate.ref:
                self.edit(source, relink(source, field, duplicate, keep.id))
        self._follow_texts(texts, keep)
        return merged

    @cached_property
    def _validation(self) -> Validation:
        return Validation(self.book.context.facts)

    def _as_staged(self, record: Record) -> Record:
        """The record with what this change did to it before."""
        if not self.stages(record.path):
            return record
        return self.book.store.get(record.kind.name, record.id) or record

    def _apply(self, record: Record, edits: Sequence[Edit]) -> Record:
        file = _edited(record, self.text(record.path), edits)
        self.write(record.path, file.text)
        return self._stage(record.kind, record.id, record.path, file)

    def _stage(self, kind: Kind, id: str, path: str, file: EditedFile) -> Record:
        types = self.book.settings.log_settings
        record = Record.read(kind, id, path, file.text, types, file.document)
        self.book.store.put(record)
        return record

    def _read(self, record: Record, text: str) -> Record:
        types = self.book.settings.log_settings
        return Record.read(record.kind, record.id, record.path, text, types)

    # The book's rules

    @cached_property
    def rules(self) -> RuleFollower | None:
        """The book's rules; None where it has none, and nothing of them is loaded."""
        from plaincrm.crm.automations.rule_files import has_rules, rules_of

        if not has_rules(self.book.settings, self.book.source):
            return None
        from plaincrm.crm.automations.following import RuleFollower

        rules = rules_of(self.book.settings, self.book.source)
        return RuleFollower(rules, self.book.context, self)

    def _followed(self, before: Record, after: Record) -> Record:
        """The record once the book's rules have followed an edit of it."""
        if self.rules is None or self.rules.busy or self.command == "import":
            return after
        return self.rules.follow(self._unseen(before), after)

    def _unseen(self, record: Record) -> Record | None:
        """The record before edits by hand that no rule has seen yet; None for a new file."""
        if not self._takes_hand_edits or record.path in self._seen_by_rules:
            return record
        self._seen_by_rules.add(record.path)
        by_hand = self._uncommitted.has(record.path)
        text = self._uncommitted.committed(record.path) if by_hand else record.load()
        return self._read(record, text) if text else None

    @property
    def _takes_hand_edits(self) -> bool:
        """Whether edits made by hand are committed before this change."""
        return self._git is not None and self.book.settings.commit != "manual"

    def _hand_made(self, record: Record, edits: Sequence[Edit]) -> list[Edit]:
        """The entry of a stage that was changed in an editor and is not committed yet."""
        if record.kind.name not in HISTORIED or not self._takes_hand_edits:
            return []
        return hand_made(
            record,
            edits,
            committed=partial(self._uncommitted.committed, record.path),
            by_hand=partial(self._uncommitted.has, record.path),
            context=self.book.context,
        )

    @cached_property
    def _uncommitted(self) -> UncommittedEdits:
        return UncommittedEdits(self._git)

    @property
    def _ids(self) -> RecordIds:
        return RecordIds(self.book.store, self._forgotten.hashes)

    @cached_property
    def _forgotten(self) -> ForgottenAddresses:
        return ForgottenAddresses.read(self.book.source)


def _edited(record: Record, text: str, edits: Sequence[Edit]) -> EditedFile:
    """`text`, the file of `record`, after the edits. Raises Refused, with the command that opens
    the file.
    """
    try:
        zone = record.log_settings.zone
        return edited(text, edits, record.kind.order, record.kind.keys, zone)
    except Refused as error:
        hint = f"{error.hint} {record.ref}" if error.hint.endswith("plaincrm edit") else error.hint
        raise Refused(error.message, hint) from None


def _without(aliases: Iterable[str], id: str) -> list[str]:
    return [alias for alias in aliases if fold(alias) != fold(id)]
