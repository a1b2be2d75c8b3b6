"""Records renamed and removed, with the links that lead to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.crm.link_edits import links_from_others
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


def rename(book: Book, record: Record, name: str) -> Staged:
    """Stage a new name and the id that goes with it; the old id stays as an alias, and all links
    follow.
    """
    if not name.strip():
        raise Refused("a name can't be empty", f'plaincrm rename {record.id} "…"')
    change = book.change("", "rename")
    linked = links_from_others(book.store, record)
    renamed = change.rename(record, name.strip())
    what = f"-> {renamed.id}" if renamed.id != record.id else f"is now {renamed.title}"
    echo = [_followed(len(linked))] if linked and renamed.id != record.id else []
    echo += in_texts(change.texts_followed)
    return staged(change, f"Rename {record.ref} {what}", [renamed], echo)


def remove(book: Book, records: Sequence[Record]) -> Staged:
    """Stage the deletion of records; the links to them go too."""
    change = book.change("", "rm")
    for record in records:
        change.remove(record)
    named = ", ".join(f"{record.ref} {record.title}" for record in records)
    return staged(change, f"Remove {named}", records)


def in_texts(count: int) -> list[str]:
    """What is said of texts whose links follow."""
    if not count:
        return []
    return ["links in 1 text follow" if count == 1 else f"links in {count} texts follow"]


def _followed(count: int) -> str:
    return "1 link to it follows" if count == 1 else f"{count} links to it follow"
