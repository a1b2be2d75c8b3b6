"""Cards of a folder that a phone changes too, and whose each is."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plaincrm.book.kept_folder import KeptFolder
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.core.values.raw import Raw
from plaincrm.interchange.vcard import extensions
from plaincrm.interchange.vcard.lines import Card, cards
from plaincrm.interchange.vcard.read import spoken

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

SUFFIX = ".vcf"
NOTES = ""
"""Among the fields of a card: the text below the front matter."""
_IDENTITY = ("id", "vcard_uid")


@value
class KeptCard:
    """A file of the folder: the card that it holds now, None if it is gone; the one that both sides
    agreed on, None if nobody remembers; the record it is about.
    """

    name: str
    record: Record
    now: Card | None
    base: Card | None


def known(book: BookData, folder: KeptFolder) -> Iterator[KeptCard]:
    """The cards of records of the book, those that are gone from the folder too."""
    for name in sorted({*folder.files, *folder.kept}):
        now = one_card(folder.files.get(name))
        kept = folder.kept.get(name)
        if now is None and name in folder.files:
            continue
        record = _about(book, kept.about) if kept else _named(book, now)
        if record is not None:
            base = one_card(kept.base.encode("utf-8", "surrogateescape")) if kept else None
            yield KeptCard(name, record, now, base)


def one_card(data: bytes | None) -> Card | None:
    """The card in a file that holds one and no more."""
    found = list(cards(io.BytesIO(data))) if data else []
    return found[0] if len(found) == 1 else None


def _about(book: BookData, ref: str) -> Record | None:
    kind, _, id = ref.partition("/")
    return book.store.get(kind, id) if kind in book.schema.kinds else None


def _named(book: BookData, card: Card | None) -> Record | None:
    """Whose card it is, by its own words."""
    field, key = extensions.key_of(card) if card else ("", "")
    if field == "id":
        found = (book.store.get(kind, key) for kind in ("contact", "company"))
        return next((record for record in found if record is not None), None)
    if field == "vcard_uid":
        every = book.store.records("contact")
        return next((each for each in every if each.fields.get("vcard_uid") == key), None)
    return None


def said(book: BookData, card: Card) -> dict[str, Raw]:
    """What a card says in vCard's own words: fields, the names of its companies, its notes. What
    plaincrm writes beside them, a phone may drop.
    """
    draft = spoken(card, book.schema)
    found = {name: raw for name, raw in draft.fields.items() if raw and name not in _IDENTITY}
    for name, hints in draft.links.items():
        found[name] = [hint.value for hint in hints]
    notes = draft.body.strip("\n")
    return {**found, NOTES: notes} if notes else found


def as_card(book: BookData, record: Record, own_uid: str = "") -> str:
    """The card of a record as the book has it now."""
    from plaincrm.interchange.vcard.write import card

    def name_of(kind: str, id: str) -> str:
        target = book.store.get(kind, id)
        return target.title if target else ""

    return card(record, name_of, own_uid)
