"""The unit of work as commands see it: edits of records collected, then one write and one commit.

Nothing touches the disk before `commit`. Each edit works on the file as it is now, never on a
cached copy, and the write is refused if the file changes between (`book.change`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from plaincrm.book.git.log import signed
from plaincrm.book.transaction import Change, Written
from plaincrm.core.merge.erasure import PATH as ERASED
from plaincrm.core.merge.erasure import place_hash
from plaincrm.core.records.edits import AddItem, DeleteField, Edit, RemoveItem, SetField, apply
from plaincrm.core.records.record import Record, items
from plaincrm.core.schema.kinds import Field, Kind
from plaincrm.core.schema.types import fold, refusal
from plaincrm.core.values import ids
from plaincrm.core.yaml import front_matter, write
from plaincrm.core.yaml.front_matter import Raw, decode, encode
from plaincrm.errors import Refused, did_you_mean

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


class Editing:
    """A change of the book: `edit`, `create`, `remove`, `rename` records, then `commit`."""

    def __init__(self, book: Book, message: str, command: str = "") -> None:
        self.book = book
        self.command = command
        self.change = Change(book.root, book.private, book.git, message, operation=command)
        self._seen: dict[str, bytes | None] = {}

    def __enter__(self) -> Editing:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.commit()

    def retitle(self, message: str) -> None:
        """Another commit message than the command's own."""
        self.change.message = signed(message, self.command) if self.command else message

    def text(self, path: str) -> str:
        """The file as it will be: staged, else as it is on disk now. Empty where there is none."""
        data = self.change.read(path)
        if not self.change.plans(path):
            self._seen.setdefault(path, data)
        return decode(data or b"", path)[0]

    def expect(self, path: str, data: bytes) -> None:
        """What is staged for a file was made from `data`: Conflict if it holds anything else by
        then.
        """
        self._seen[path] = data

    def add(self, path: str, text: str) -> None:
        """Stage a new file. Raises Conflict where there is one."""
        self.change.add(path, encode(text))

    def write(self, path: str, text: str | None) -> None:
        """Stage the whole text of a file; None deletes it."""
        self.put(path, None if text is None else encode(text))

    def put(self, path: str, data: bytes | None) -> None:
        """Stage the bytes of a file; None deletes it, or drops it where it was only staged."""
        present = self.change.read(path)
        seen = self._seen.pop(path, present)
        if data is not None:
            self.change.put(path, data, seen)
        elif present is not None:
            self.change.delete(path, present if seen is None else seen)

    def edit(self, record: Record, edits: Iterable[Edit]) -> Record:
        """Stage edits of one record; gives the record as it will be. Raises Refused for a value
        that the schema does not allow or an edit that can't be made surely."""
        edits = list(edits)
        if "_conflicts" in record.fields:
            from plaincrm.crm.contested import settled

            edits += settled(record, edits)
        for edit in edits:
            self._validate(record, edit, edits)
        edits = [*self._hand_made(record, edits), *edits]
        text = edited(record, self.text(record.path), edits)
        self.write(record.path, text)
        return self._stage(record.kind, record.id, record.path, text)

    def _hand_made(self, record: Record, edits: Sequence[Edit]) -> list[Edit]:
        git = self.change.git
        if (
            record.kind.name not in ("deal", "ticket")
            or git is None
            or self.book.settings.commit == "manual"
        ):
            return []
        from plaincrm.crm.effects import hand_made

        def committed() -> str:
            return (
                decode(git.show("HEAD", record.path) or b"", record.path)[0] if git.head() else ""
            )

        return hand_made(
            record, edits, committed, lambda: record.path in self._by_hand, self.book.context
        )

    @cached_property
    def _by_hand(self) -> Collection[str]:
        """The files that differ from the last commit."""
        return self.change.git.status().keys() if self.change.git is not None else ()

    def create(self, kind: Kind, fields: Mapping[str, Raw], body: str = "", id: str = "") -> Record:
        """Stage a new record; its id comes from the title, unless given."""
        return self.adopt(kind, self.draft(kind, fields, body), id)

    def draft(self, kind: Kind, fields: Mapping[str, Raw], body: str = "") -> str:
        """The file of a new record with these fields, in the schema's order; nothing is staged.
        Raises Refused.
        """
        self.check(kind, fields)
        return arranged(kind, fields, body)

    def check(self, kind: Kind, fields: Mapping[str, Raw]) -> None:
        """Raises Refused for what no new record of the kind may have, or has to have."""
        present = {name: raw for name, raw in fields.items() if raw}
        for name, raw in present.items():
            self._check(kind, name, raw, present)
        for field in kind.required:
            if not any(item.text.strip() for item in items(present.get(field.name))):
                hint = f'plaincrm add {kind.name} "…"' + (
                    "" if field.name == kind.title else f" {field.name}=…"
                )
                raise Refused(f"a {kind.name} needs a {field.name}", hint)

    def adopt(self, kind: Kind, text: str, id: str = "") -> Record:
        """Stage a new record with that whole text; its id comes from the title, unless given."""
        title = next(
            (item.text for item in items(front_matter.parse(text).fields.get(kind.title))), ""
        )
        id = id or self.free_id(kind, title)
        path = ids.path(kind.folder, id, len(self.book.store.records(kind.name)))
        self._seen.setdefault(path, None)
        self.write(path, text)
        return self._stage(kind, id, path, text)

    def free_id(self, kind: Kind, title: str) -> str:
        """The id that a new record of that title gets."""
        wanted = ids.slug(title, kind.name)
        if kind.name == "ticket":
            import secrets

            wanted = ids.with_random(wanted, secrets.randbelow)
        return ids.free(wanted, lambda id: self._taken(kind, id))

    def _taken(self, kind: Kind, id: str) -> bool:
        """Whether an id is somebody's, or was of somebody forgotten: a sync would take one for the
        other.
        """
        return self.book.store.taken(kind.name, id) or place_hash(kind.folder, id) in self._erased

    @cached_property
    def _erased(self) -> Collection[str]:
        return (self.book.source.file(ERASED) or b"").decode("ascii", "replace").split()

    def remove(self, record: Record) -> None:
        """Stage the deletion of a record; fields that link to it lose the link."""
        for source, field in list(self.book.store.links_to(record)):
            if source.ref != record.ref:
                self.edit(source, self._relink(source, field, record, None))
        self.write(record.path, None)
        self.book.store.remove(record.kind.name, record.id)

    def rename(self, record: Record, title: str) -> Record:
        """Stage a new title and the id that goes with it; the old id stays as an alias, links
        follow.
        """
        wanted = ids.slug(title, record.kind.name)
        if record.kind.name == "ticket" and "-" in record.id:
            wanted = f"{wanted[: ids.LONGEST - 5].rstrip('-')}-{record.id.rpartition('-')[2]}"
        links = [(source, field) for source, field in self.book.store.links_to(record)]
        store = self.book.store
        taken = store.get(record.kind.name, wanted)
        free = taken is None or taken.ref == record.ref
        id = wanted if free else ids.free(wanted, lambda each: self._taken(record.kind, each))
        edits: list[Edit] = [SetField(record.kind.title, title)]
        if fold(id) != fold(record.id):
            edits.append(SetField("aliases", [*_without(record.aliases(), id), record.id]))
        text = edited(record, self.text(record.path), edits)
        folder = record.path.rpartition("/")[0]
        path = f"{folder}/{id}.md"
        if path != record.path:
            self.write(record.path, None)
            self._seen.setdefault(path, None)
        self.write(path, text)
        store.remove(record.kind.name, record.id)
        renamed = self._stage(record.kind, id, path, text)
        for source, field in links:
            if source.ref != record.ref:
                self.edit(source, self._relink(source, field, record, id))
        return renamed

    def merge(self, keep: Record, duplicate: Record, edits: Iterable[Edit]) -> Record:
        """Stage `edits` of `keep`; the duplicate's file goes, and links to it lead to `keep`."""
        links = list(self.book.store.links_to(duplicate))
        merged = self.edit(keep, edits)
        self.write(duplicate.path, None)
        self.book.store.remove(duplicate.kind.name, duplicate.id)
        for source, field in links:
            if source.ref == keep.ref:
                merged = self.edit(merged, self._relink(merged, field, duplicate, None))
            elif source.ref != duplicate.ref:
                self.edit(source, self._relink(source, field, duplicate, keep.id))
        return merged

    def _relink(self, source: Record, field: Field, target: Record, id: str | None) -> list[Edit]:
        former = {fold(target.id), *(fold(alias) for alias in target.aliases())}
        raw = _relinked(source.fields.get(field.name, ""), former, id)
        return [SetField(field.name, raw) if raw else DeleteField(field.name)]

    def _stage(self, kind: Kind, id: str, path: str, text: str) -> Record:
        record = Record.read(kind, id, path, text, self.book.settings.log_types)
        self.book.store.put(record)
        return record

    def _validate(self, record: Record, edit: Edit, edits: Sequence[Edit]) -> None:
        if isinstance(edit, SetField):
            fields = record.fields | {e.field: e.value for e in edits if isinstance(e, SetField)}
            self._check(record.kind, edit.field, edit.value, fields)
        elif isinstance(edit, DeleteField | RemoveItem):
            field = record.kind.fields.get(edit.field)
            gone = isinstance(edit, DeleteField) or [i.text for i in record.items(edit.field)] == [
                edit.item
            ]
            if field and field.required and gone:
                raise Refused(f"a {record.kind.name} needs its {field.name}; it can't be deleted")
        elif isinstance(edit, AddItem):
            self._check(record.kind, edit.field, edit.item, record.fields)

    def _check(self, kind: Kind, name: str, raw: Raw, fields: Mapping[str, Raw]) -> None:
        fact = self.book.context.facts.find(kind.name, name)
        if fact:
            raise Refused(f'"{name}" is computed ({fact.doc}); it can\'t be stored')
        field = kind.fields.get(name)
        if field is None:
            return
        if not field.many and not isinstance(raw, str):
            raise Refused(f"{name} holds one value, not several")
        beside = ""
        if field.by:
            default = kind.fields[field.by].default if field.by in kind.fields else ""
            beside = next((item.text for item in items(fields.get(field.by))), default)
        for item in items(raw):
            reason = refusal(field, item.text, beside)
            if reason:
                allowed = field.cases.get(beside, ()) or field.values
                hint = (
                    did_you_mean(item.text, allowed)
                    or f"plaincrm schema {kind.name} shows what it takes"
                )
                raise Refused(f"{kind.name}.{name}: {reason}", hint)

    def commit(self, *, no_commit: bool = False) -> Written:
        """Write everything, in one go, and commit exactly these files.

        Raises Conflict if a file changed since it was read, GitFailed if only the commit failed.
        """
        if no_commit or self.book.settings.commit == "manual":
            self.change.git = None
        return self.change.commit()


def arranged(kind: Kind, fields: Mapping[str, Raw], body: str = "") -> str:
    """The file of a new record, its fields in the schema's order. Raises Refused if it would not
    read back so.
    """
    present = [name for name in kind.order if fields.get(name)]
    own = [name for name, raw in fields.items() if raw and name not in kind.fields]
    return write.new_file({name: fields[name] for name in (*present, *own)}, body)


def edited(record: Record, text: str, edits: Sequence[Edit]) -> str:
    """`text`, the file of `record`, after the edits. Raises Refused, with the command that opens
    the file.
    """
    try:
        return apply(text, edits, record.kind.order)
    except Refused as error:
        hint = f"{error.hint} {record.ref}" if error.hint.endswith("plaincrm edit") else error.hint
        raise Refused(error.message, hint) from None


def _without(aliases: Iterable[str], id: str) -> list[str]:
    return [alias for alias in aliases if fold(alias) != fold(id)]


def _relinked(raw: Raw, former: set[str], id: str | None) -> Raw:
    """`raw` with every link to one of `former` leading to `id`, or taken out."""
    if isinstance(raw, str):
        return (id or "") if fold(raw) in former else raw
    if isinstance(raw, list):
        found = [each for each in (_relinked(item, former, id) for item in raw) if each]
        return [each for n, each in enumerate(found) if each not in found[:n]]
    return {
        key: each for key, each in ((k, _relinked(v, former, id)) for k, v in raw.items()) if each
    }
