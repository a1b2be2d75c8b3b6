"""`import DIR --sync`: what a phone changed in a folder of cards comes into the book, field by
field.

For each card there are three versions: the one that both sides agreed on, the folder's, and the
book's. What only the phone changed is taken. What both changed is merged by the rules of `sync`:
lists by element; of one value the other stays in `_conflicts`. New cards are imported as any
others. Nobody is deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.book.kept_folder import KeptFile, KeptFolder
from plaincrm.core import merge
from plaincrm.core.records.edits import DeleteField, FieldEdit, SetField, apply
from plaincrm.core.records.record import Record
from plaincrm.core.text.counted import counted
from plaincrm.core.text.fold import fold
from plaincrm.core.text.text_file import decode
from plaincrm.core.timeline.prose import with_prose
from plaincrm.core.values.raw import Raw
from plaincrm.crm.card_folder import NOTES, SUFFIX, KeptCard, as_card, known, one_card, said
from plaincrm.crm.importing.run import InputFile, run
from plaincrm.crm.staged import subject
from plaincrm.errors import NotFound, Refused
from plaincrm.interchange.foreign_text import quoted

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.crm.importing.report import Import
    from plaincrm.crm.importing.run import ImportOptions

_MISSING: Raw = ""


@dataclass
class CardSync:
    """What is staged. `taken` are records that got something from the phone, `contested` the
    fields that both sides changed, `gone` who was deleted there, `added` how many cards are new.
    """

    imported: Import
    folder: KeptFolder
    taken: list[Record] = field(default_factory=list)
    contested: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    added: int = 0

    def finish(self) -> None:
        """Remember that both sides agree; call it once the change is written."""
        self.folder.save({}, self.folder.kept)


def sync_cards(book: Book, folder: str, options: ImportOptions) -> CardSync:
    """Stage what the folder says. Raises NotFound for a folder that is not there."""
    place = Path(folder).expanduser().absolute()
    if not place.is_dir():
        raise NotFound(f"there is no folder {folder}", "plaincrm export vcf --into DIR makes one")
    kept = KeptFolder(place, SUFFIX)
    there = list(known(book, kept))
    names = {each.name for each in there}
    new = [name for name in kept.files if name not in names]
    imported = run(book, [InputFile(name, place / name) for name in new], options)
    done = CardSync(imported, kept, added=len(new))
    for each in there:
        if each.now is None:
            done.gone.append(f"{each.record.title} ({each.record.ref})")
        else:
            _Merge(book, done, each).run()
    _agree_on_new(done)
    taken = [f"{counted(len(done.taken), 'contact')} of the phone"] if done.taken else []
    fresh = [counted(done.imported.counts["created"], "new card")] if new else []
    imported.change.retitle(subject(f"Import {', '.join([*taken, *fresh])} from {place.name}"))
    return done


def _agree_on_new(done: CardSync) -> None:
    for row in done.imported.rows:
        if row.id and row.action != "rejected":
            data = done.folder.files[row.file]
            text = data.decode("utf-8", "surrogateescape")
            done.folder.kept[row.file] = KeptFile(f"{row.kind}/{row.id}", text)


class _Merge:
    """One card against its record."""

    def __init__(self, book: Book, done: CardSync, card: KeptCard) -> None:
        self.book, self.done, self.card = book, done, card
        self.change = done.imported.change

    def run(self) -> None:
        now = self.card.now
        assert now is not None
        theirs = said(self.book, now)
        own = one_card(as_card(self.book, self.card.record).encode("utf-8", "surrogateescape"))
        ours = said(self.book, own) if own else {}
        base = said(self.book, self.card.base) if self.card.base else _common(ours, theirs)
        names = [
            name for name in dict.fromkeys([*base, *theirs]) if base.get(name) != theirs.get(name)
        ]
        if names := [name for name in names if ours.get(name) != theirs.get(name)]:
            self._take(names, base, ours, theirs)
        data = self.done.folder.files[self.card.name]
        text = data.decode("utf-8", "surrogateescape")
        self.done.folder.kept[self.card.name] = KeptFile(self.card.record.ref, text)

    def _take(
        self,
        names: list[str],
        base: Mapping[str, Raw],
        ours: Mapping[str, Raw],
        theirs: Mapping[str, Raw],
    ) -> None:
        record = self.card.record
        before = self.change.data(record.path) or b""
        text = decode(before, record.path)[0]
        fought = [name for name in names if ours.get(name) != base.get(name)]
        old = self._with(text, {name: base.get(name, _MISSING) for name in fought})
        new = self._with(old, {name: theirs.get(name, _MISSING) for name in names})
        merged = merge.merge(old, text, new, record.path)
        if merged.text == text:
            return
        self.done.taken.append(self.change.rewrite(record, before, merged.text))
        self.done.contested += [f"{record.title}: {name}" for name in merged.contested]

    def _with(self, text: str, values: Mapping[str, Raw]) -> str:
        """The record's text with these values, as a card says them."""
        edits: list[FieldEdit] = []
        for name, raw in values.items():
            if name == "company":
                raw = self._companies(raw)
            if name != NOTES:
                edits.append(SetField(name, raw) if raw else DeleteField(name))
        kind = self.card.record.kind
        text = apply(text, edits, kind.order, kind.keys) if edits else text
        if NOTES in values:
            text = self._with_notes(text, str(values[NOTES]))
        return text

    def _with_notes(self, text: str, notes: str) -> str:
        try:
            return with_prose(text, quoted(notes).rstrip("\n"))
        except Refused as refused:
            title = self.card.record.title
            self.done.notes.append(f"{title}: the note of the phone is left: {refused.message}")
            return text

    def _companies(self, raw: Raw) -> Raw:
        """The ids of companies that a card names; one that is not here is made."""
        names = [name for name in raw if isinstance(name, str)] if isinstance(raw, list) else []
        ids: list[Raw] = [self._company(name) for name in names]
        return ids if len(ids) > 1 else next(iter(ids), _MISSING)

    def _company(self, name: str) -> str:
        every = self.book.store.records("company")
        found = next((each for each in every if fold(each.title) == fold(name)), None)
        if found is None:
            found = self.change.create(self.book.schema.kinds["company"], {"name": name})
        return found.id


def _common(ours: Mapping[str, Raw], theirs: Mapping[str, Raw]) -> dict[str, Raw]:
    """What both sides say, for a card of which nobody remembers the version before. What only the
    book has was not taken away over there.
    """
    return {name: raw for name, raw in ours.items() if theirs.get(name) == raw}
