"""`export vcf --into DIR`: one card a file, for a folder that a phone changes too.

Only what differs is written. A card that was changed over there is left for `import DIR --sync`;
one that was deleted there is not written again, unless the record has changed since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.book.kept_folder import KeptFile, KeptFolder
from plaincrm.core.records.record import Record
from plaincrm.crm.card_folder import (
    SUFFIX,
    KeptCard,
    as_card,
    known,
    one_card,
    said,
    uid,
)
from plaincrm.crm.exporting.folder import refuse_own

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


@dataclass
class FolderExport:
    """What was written, by file name; `waiting` were changed over there, `deleted` are gone there
    and stay so.
    """

    written: dict[str, bytes | None] = field(default_factory=dict)
    same: int = 0
    waiting: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)


def export_cards(book: Book, records: Sequence[Record], folder: str) -> FolderExport:
    """Bring the folder up to the book. Raises Refused for a folder of the book's own."""
    place = Path(folder).expanduser().absolute()
    refuse_own(book, place, folder)
    kept = KeptFolder(place, SUFFIX)
    done = _CardExport(book, kept).run(records)
    kept.save(done.written, kept.kept)
    return done


class _CardExport:
    def __init__(self, book: Book, folder: KeptFolder) -> None:
        self.book, self.folder = book, folder
        self.done = FolderExport()

    def run(self, records: Sequence[Record]) -> FolderExport:
        there = {each.record.ref: each for each in known(self.book, self.folder)}
        wanted = {record.ref for record in records}
        before = list(self.folder.kept)
        for record in records:
            card = there.get(record.ref)
            if card is None:
                name = self.folder.free_name(record.id, self.done.written)
                self._write(name, record, as_card(self.book, record))
            else:
                self._bring_up(card)
        known_names = {each.name: each for each in there.values()}
        for name in before:
            card = known_names.get(name)
            if card is None or card.record.ref not in wanted:
                self._take_away(name)
        return self.done

    def _bring_up(self, card: KeptCard) -> None:
        text = as_card(self.book, card.record, uid(card.now or card.base))
        new = one_card(text.encode("utf-8", "surrogateescape"))
        assert new is not None
        wanted = said(self.book, new)
        if card.now is None:
            if card.base is not None and said(self.book, card.base) == wanted:
                self.done.deleted.append(card.record.title)
            else:
                self._write(card.name, card.record, text)
            return
        present = said(self.book, card.now)
        changed = card.base is None or said(self.book, card.base) != present
        if changed and present != wanted:
            self.done.waiting.append(card.record.title)
        elif present == wanted:
            self.done.same += 1
            self._agree(card.name, card.record, self.folder.files[card.name])
        else:
            self._write(card.name, card.record, text)

    def _take_away(self, name: str) -> None:
        """The file of a record that is gone from the book, or no longer asked for; one that was
        changed over there stays.
        """
        now, base = one_card(self.folder.files.get(name)), one_card(_data(self.folder, name))
        if now is not None and base is not None:
            if said(self.book, now) != said(self.book, base):
                self.done.waiting.append(name)
                return
            self.done.written[name] = None
        del self.folder.kept[name]

    def _write(self, name: str, record: Record, text: str) -> None:
        self.done.written[name] = text.encode("utf-8", "surrogateescape")
        self._agree(name, record, self.done.written[name] or b"")

    def _agree(self, name: str, record: Record, data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape")
        self.folder.kept[name] = KeptFile(record.ref, text)


def _data(folder: KeptFolder, name: str) -> bytes:
    return folder.kept[name].base.encode("utf-8", "surrogateescape")
