"""The unit of work: edits of records collected, then one write and one commit.

    with book.change("Won the website", "move") as change:
        change.edit(deal, [SetField("stage", "won")])

Commands, scripts, imports and sync all edit through it. Each edit is checked against the schema,
gets what follows from it (`crm.effects`), and is applied once to the file as it is now, never to a
cached copy. Nothing touches the disk before `commit`, and the write is refused if a file changes
between (`book.transaction`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from plaincrm.book.file_change import Versions
from plaincrm.book.git.log import signed
from plaincrm.book.transaction import Transaction, Written
from plaincrm.core.records.arrangement import arranged
from plaincrm.core.records.edits import Edit, EditedFile, SetField, edited
from plaincrm.core.records.erasure import PATH as ERASED
from plaincrm.core.records.erasure import lines as erased_lines
from plaincrm.core.records.erasure import place_hash
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.fold import fold
from plaincrm.core.text.sound import refuse_unsound
from plaincrm.core.values import ids
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml.front_matter import decode, encode
from plaincrm.crm.effects import HISTORIED, Effect, RecordEdit, hand_made, with_effects
from plaincrm.crm.forgotten_addresses import ForgottenAddresses
from plaincrm.crm.link_edits import relink
from plaincrm.crm.validation import Validation
from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.crm.automations.following import RuleFollower
    from plaincrm.crm.book import Book


class Change:
    """A change of the book: `edit`, `create`, `remove`, `rename` records, then `commit`.

    `effects` see every edit of a record before it is staged, and answer with more edits; the
    built-in ones always run. `command` is the command's word; undo knows its own commits by it.
    The book's own rules (`crm.automations`) follow every edit, new record and hand edit; those of
    an import once it is whole (`importing.rules`).
    """

    def __init__(self, book: Book, message: str, command: str = "") -> None:
        self.book = book
        self.command = command
        self.effects: list[Effect] = []
        self.again = False  # whether somebody who was forgotten comes back on their own
        self._seen_by_rules: set[str] = set()
        self._files = Transaction(book.root, book.private, book.git, message, operation=command)
        self._seen: dict[str, bytes | None] = {}

    def __enter__(self) -> Change:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.commit()

    @property
    def files(self) -> tuple[Versions, ...]:
        """The files that differ, sorted by path."""
        return self._files.files

    @property
    def written(self) -> Written:
        """What `commit` did."""
        return self._files.written

    def diff(self) -> str:
        """A unified diff of all that is staged."""
        return self._files.diff()

    def retitle(self, message: str) -> None:
        """Another commit message than the command's own."""
        self._files.message = signed(message, self.command) if self.command else message

    def commit(self, *, no_commit: bool = False) -> Written:
        """Write everything, in one go, and commit exactly these files.

        Raises Conflict if a file changed since it was read, GitFailed if only the commit failed.
        """
        if no_commit or self.book.settings.commit == "manual":
            self._files.git = None
        return self._files.commit()

    # Records

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
        new = Record.read(kind, id, "", text, self.book.settings.log_types)
        planned = RecordEdit(None, new, self.book.context, command=self.command)
        file = edited(text, with_effects(planned, self.effects).edits, kind.order, kind.keys)
        id = id or self.free_id(kind, new.text(kind.title))
        path = ids.path(kind.folder, id, len(self.book.store.records(kind.name)))
        self._seen.setdefault(path, None)
        self.write(path, file.text)
        self.welcome(new.fields)
        made = self._stage(kind, id, path, file)
        return self.rules.follow(None, made) if self.rules is not None else made

    def welcome(self, fields: Mapping[str, Raw]) -> None:
        """Somebody forgotten is back: their addresses come off the list."""
        if self.again and (back := self._forgotten.of(fields)):
            kept = [line for line in self.text(ERASED).split() if line not in back]
            self.write(ERASED, erased_lines(kept))

    def rewrite(self, record: Record, before: bytes, text: str) -> Record:
        """Stage the whole text that somebody wrote for a record whose file held `before`, with
        what follows from it. Conflict if it holds anything else by then.
        """
        old = self._read(record, decode(before, record.path)[0])
        file = self.hand_edited(old, self._read(record, text))
        self._seen[record.path] = before
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
        """Stage the deletion of a record; fields that link to it lose the link."""
        for source, field in list(self.book.store.links_to(record)):
            if source.ref != record.ref:
                self.edit(source, relink(source, field, record, None))
        self.write(record.path, None)
        self.book.store.remove(record.kind.name, record.id)

    def rename(self, record: Record, title: str) -> Record:
        """Stage a new title and the id that goes with it; the old id stays as an alias, links
        follow.
        """
        id = self._renamed_id(record, title)
        links = list(self.book.store.links_to(record))
        edits: list[Edit] = [SetField(record.kind.title, title)]
        if fold(id) != fold(record.id):
            edits.append(SetField("aliases", [*_without(record.aliases(), id), record.id]))
        file = _edited(record, self.text(record.path), edits)
        folder = record.path.rpartition("/")[0]
        path = f"{folder}/{id}.md"
        if path != record.path:
            self.write(record.path, None)
            self._seen.setdefault(path, None)
        self.write(path, file.text)
        self.book.store.remove(record.kind.name, record.id)
        renamed = self._stage(record.kind, id, path, file)
        for source, field in links:
            if source.ref != record.ref:
                self.edit(source, relink(source, field, record, id))
        return renamed

    def merge(self, keep: Record, duplicate: Record, edits: Iterable[Edit]) -> Record:
        """Stage `edits` of `keep`; the duplicate's file goes, and links to it lead to `keep`."""
        links = list(self.book.store.links_to(duplicate))
        merged = self.edit(keep, edits)
        self.write(duplicate.path, None)
        self.book.store.remove(duplicate.kind.name, duplicate.id)
        for source, field in links:
            if source.ref == keep.ref:
                merged = self.edit(merged, relink(merged, field, duplicate, None))
            elif source.ref != duplicate.ref:
                self.edit(source, relink(source, field, duplicate, keep.id))
        return merged

    def free_id(self, kind: Kind, title: str) -> str:
        """The id that a new record of that title gets."""
        wanted = ids.slug(title, kind.name)
        if kind.name == "ticket":
            import secrets

            wanted = ids.with_random(wanted, secrets.randbelow)
        return ids.free(wanted, lambda id: self._taken(kind, id))

    # Files

    def text(self, path: str) -> str:
        """The file as it will be: staged, else as it is on disk now. Empty where there is none."""
        data = self.data(path)
        if not self._files.plans(path):
            self._seen.setdefault(path, data)
        return decode(data or b"", path)[0]

    def data(self, path: str) -> bytes | None:
        """The bytes of the file as it will be; None where there is none."""
        return self._files.read(path)

    def add(self, path: str, text: str) -> None:
        """Stage a new file. Raises Conflict where there is one."""
        self._files.add(path, encode(text))

    def write(self, path: str, text: str | None) -> None:
        """Stage the whole text of a file; None deletes it. Raises Refused for text that would break
        the file: not UTF-8, or control characters.
        """
        if text is not None:
            refuse_unsound(self.text(path), text, path)
        self.put(path, None if text is None else encode(text))

    def put(self, path: str, data: bytes | None) -> None:
        """Stage the bytes of a file; None deletes it, or drops it where it was only staged."""
        present = self._files.read(path)
        seen = self._seen.pop(path, present)
        if data is not None:
            self._files.put(path, data, seen)
        elif present is not None:
            self._files.delete(path, present if seen is None else seen)

    @cached_property
    def _validation(self) -> Validation:
        return Validation(self.book.context.facts)

    def _as_staged(self, record: Record) -> Record:
        """The record with what this change did to it before."""
        if not self._files.plans(record.path):
            return record
        return self.book.store.get(record.kind.name, record.id) or record

    def _apply(self, record: Record, edits: Sequence[Edit]) -> Record:
        file = _edited(record, self.text(record.path), edits)
        self.write(record.path, file.text)
        return self._stage(record.kind, record.id, record.path, file)

    def _stage(self, kind: Kind, id: str, path: str, file: EditedFile) -> Record:
        types = self.book.settings.log_types
        record = Record.read(kind, id, path, file.text, types, file.document)
        self.book.store.put(record)
        return record

    def _read(self, record: Record, text: str) -> Record:
        types = self.book.settings.log_types
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
        by_hand = record.path in self._by_hand
        text = self._committed(record.path) if by_hand else record.load()
        return self._read(record, text) if text else None

    @property
    def _takes_hand_edits(self) -> bool:
        """Whether edits made by hand are committed before this change."""
        return self._files.git is not None and self.book.settings.commit != "manual"

    def _committed(self, path: str) -> str:
        """The file as git has it; empty where it has none."""
        git = self._files.git
        data = git.show("HEAD", path) if git is not None and git.head() else None
        return decode(data or b"", path)[0]

    def _hand_made(self, record: Record, edits: Sequence[Edit]) -> list[Edit]:
        """The entry of a stage that was changed in an editor and is not committed yet."""
        if record.kind.name not in HISTORIED or not self._takes_hand_edits:
            return []

        committed = partial(self._committed, record.path)
        return hand_made(
            record, edits, committed, lambda: record.path in self._by_hand, self.book.context
        )

    @cached_property
    def _by_hand(self) -> Collection[str]:
        """The files that differ from the last commit."""
        return self._files.git.status().keys() if self._files.git is not None else ()

    def _renamed_id(self, record: Record, title: str) -> str:
        """The id that goes with a new title; a ticket keeps its random end."""
        wanted = ids.slug(title, record.kind.name)
        if record.kind.name == "ticket" and "-" in record.id:
            ending = record.id.rpartition("-")[2]
            wanted = f"{wanted[: ids.LONGEST - 5].rstrip('-')}-{ending}"
        taken = self.book.store.get(record.kind.name, wanted)
        if taken is None or taken.ref == record.ref:
            return wanted
        return ids.free(wanted, lambda each: self._taken(record.kind, each))

    def _taken(self, kind: Kind, id: str) -> bool:
        """Whether an id is somebody's, or was of somebody forgotten: a sync would take one for the
        other.
        """
        return (
            self.book.store.taken(kind.name, id)
            or place_hash(kind.folder, id) in self._forgotten.hashes
        )

    @cached_property
    def _forgotten(self) -> ForgottenAddresses:
        return ForgottenAddresses.read(self.book.source)


def _edited(record: Record, text: str, edits: Sequence[Edit]) -> EditedFile:
    """`text`, the file of `record`, after the edits. Raises Refused, with the command that opens
    the file.
    """
    try:
        return edited(text, edits, record.kind.order, record.kind.keys)
    except Refused as error:
        hint = f"{error.hint} {record.ref}" if error.hint.endswith("plaincrm edit") else error.hint
        raise Refused(error.message, hint) from None


def _without(aliases: Iterable[str], id: str) -> list[str]:
    return [alias for alias in aliases if fold(alias) != fold(id)]
