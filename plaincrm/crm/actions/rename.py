"""Records renamed and removed, with the links that lead to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.crm.staged import Done, subject
from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


def rename(book: Book, record: Record, name: str) -> Done:
    """Stage a new name and the id that goes with it; the old id stays as an alias, and all links
    follow.
    """
    if not name.strip():
        raise Refused("a name can't be empty", f'plaincrm rename {record.id} "…"')
    change = book.change("", "rename")
    linked = links(book, record)
    renamed = change.rename(record, name.strip())
    what = f"-> {renamed.id}" if renamed.id != record.id else f"is now {renamed.title}"
    summary = subject(f"Rename {record.ref} {what}")
    change.retitle(summary)
    echo = [_followed(len(linked))] if linked and renamed.id != record.id else []
    return Done(change, summary, [renamed], echo)


def remove(book: Book, records: Sequence[Record]) -> Done:
    """Stage the deletion of records; the links to them go too."""
    change = book.change("", "rm")
    for record in records:
        change.remove(record)
    summary = subject(f"Remove {', '.join(f'{record.ref} {record.title}' for record in records)}")
    change.retitle(summary)
    return Done(change, summary, list(records))


def links(book: Book, record: Record) -> list[tuple[Record, str]]:
    """The other records that link to `record`, and by which field."""
    found = book.store.links_to(record)
    return [(source, field.name) for source, field in found if source.ref != record.ref]


def _followed(count: int) -> str:
    return "1 link to it follows" if count == 1 else f"{count} links to it follow"
