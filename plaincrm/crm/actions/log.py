"""Writing into a record's log, and the next step that an entry may leave behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from plaincrm.core.records.edits import AddEntry, Edit, SetField, logged
from plaincrm.core.records.record import Record
from plaincrm.core.timeline.log import TYPES, Entry
from plaincrm.core.values.dates import Leaning
from plaincrm.crm.date_values import DateValues
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import Refused, did_you_mean

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


def log_entry(
    book: Book,
    records: Sequence[Record],
    type: str,
    text: str,
    *,
    direction: str = "",
    people: Sequence[str] = (),
    at: str = "",
    next: str = "",
    ahead: Callable[[date], bool] = lambda _: False,
) -> Staged:
    """Stage one entry in the log of each record. `at`: date words, all read backwards; `next`:
    `DATE TEXT`.

    Raises Refused for a type that the book does not know, words that are no date, or a day to come,
    unless `ahead(day)` says that it is meant.
    """
    type = known_type(book, type)
    dated = DateValues.of(book)
    entry = _entry(book, type, text, direction, tuple(people), at, dated)
    if entry.date > book.now.date() and not ahead(entry.date):
        raise _not_yet(entry.date, records[0], text)
    change = book.change("", "log")
    after = [
        change.edit(record, [AddEntry(entry), *next_step(record, next, dated)])
        for record in records
    ]
    return staged(change, f"Log {type} {_of(records)}: {text}", after, dated.echo)


def _not_yet(day: date, record: Record, text: str) -> Refused:
    said = f"{day} lies ahead, and the log is what has been"
    plan = f'plaincrm task add {record.ref} "{text or "…"}" due:{day}'
    return Refused(said, f"a plan is a task: {plan}; with -y it is logged all the same")


def sorted_words(
    book: Book, ref: str, type: str, text: tuple[str, ...]
) -> tuple[str, str, tuple[str, ...]]:
    """REF, TYPE and TEXT as they are meant: `call ada` is `ada call`, and a sentence where the type
    belongs is a note.
    """
    known = TYPES | book.settings.log_types
    if type.casefold() in known:
        return ref, type, text
    named = any(book.store.get(kind, ref) for kind in book.schema.kinds)
    if ref.casefold() in known and not named:
        return type, ref, text
    if len(type.split()) > 1:
        return ref, "note", (type, *text)
    return ref, type, text


def known_type(book: Book, type: str) -> str:
    """A type of entry as files spell it. Raises Refused for an unknown one."""
    known = sorted(TYPES | book.settings.log_types)
    if type.casefold() not in known:
        near = did_you_mean(type, known)
        raise Refused(
            f'"{type}" is no type of log entry',
            f"{near} types: {', '.join(known)}; quotes make a note of a text".strip(),
        )
    return type.casefold()


def next_step(record: Record, text: str, dated: DateValues) -> list[Edit]:
    """The edit that sets `next:` to `fri Send the contract`; none for an empty text. Raises
    Refused.
    """
    if not text:
        return []
    if "next" not in record.kind.fields:
        raise Refused(
            f"{record.kind.plural} have no next step", f'plaincrm task add {record.ref} "…"'
        )
    return [SetField("next", dated.action("next", text))]


def _entry(
    book: Book,
    type: str,
    text: str,
    direction: str,
    people: tuple[str, ...],
    at: str,
    dated: DateValues,
) -> Entry:
    if not at:
        now = logged(book.now, type, text, direction).entry
        return Entry(now.date, type, text, now.time, direction=direction, people=people)
    moment = dated.moment("at", at, Leaning.PAST)
    if not isinstance(moment, datetime):
        return Entry(moment, type, text, direction=direction, people=people)
    if moment.tzinfo is not None:
        moment = moment.astimezone(book.settings.zone).replace(tzinfo=None)
    return Entry(moment.date(), type, text, moment.time(), direction=direction, people=people)


def _of(records: Sequence[Record]) -> str:
    return records[0].ref if len(records) == 1 else f"of {len(records)} records"
