"""`export vcf --into DIR`: one card a file, for a folder that a phone changes too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plaincrm.book.kept_folder import KeptFolder
from plaincrm.core.records.record import Record
from plaincrm.crm import card_folder
from plaincrm.crm.exporting.folder import refuse_own
from plaincrm.crm.exporting.kept_export import FileReader, FolderExport, WantedFile, export_into

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData


def export_cards(book: BookData, records: Sequence[Record], folder: str) -> FolderExport:
    """Bring the folder up to the book. Raises Refused for a folder of the book's own."""
    place = Path(folder).expanduser().absolute()
    refuse_own(book, place, folder)
    kept = KeptFolder(place, card_folder.SUFFIX)
    there = {each.record.ref: each.name for each in card_folder.known(book, kept)}
    reader = FileReader(partial(_said, book), _uid)
    return export_into(kept, _wanted(book, records), reader, there)


def _wanted(book: BookData, records: Sequence[Record]) -> Iterable[WantedFile]:
    for record in records:
        text = partial(card_folder.as_card, book, record)
        yield WantedFile(record.ref, record.title, record.id, text)


def _said(book: BookData, data: bytes) -> Any:
    """What a card says; of a file that holds anything else, its bytes."""
    card = card_folder.one_card(data)
    return card_folder.said(book, card) if card else data


def _uid(data: bytes) -> str:
    card = card_folder.one_card(data)
    return card.first("UID") if card else ""
