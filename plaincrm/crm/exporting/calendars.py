"""`export ics`: tasks as tasks, birthdays as yearly rules, all else that is dated as days; in one
file, or one file each for a folder that a phone changes too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.book.kept_folder import KeptFolder
from plaincrm.core.records.record import Record
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.value_class import value
from plaincrm.crm.exporting.folder import refuse_own
from plaincrm.crm.exporting.kept_export import FileReader, FolderExport, WantedFile, export_into
from plaincrm.crm.reminders.agenda import events
from plaincrm.interchange.calendar import kept_entry
from plaincrm.interchange.calendar.write import Event, Todo, calendar, uid

if TYPE_CHECKING:
    from datetime import datetime

    from plaincrm.crm.book_data import BookData

SUFFIX = ".ics"
_ALARM = timedelta(hours=-9)  # nine in the morning of the day
_PRIORITIES = {"urgent": 1, "high": 1, "a": 1, "1": 1, "medium": 5, "b": 5, "low": 9, "c": 9}
_TASKS = ("task", "invoice")


@value
class CalendarEntry:
    """An entry and what it is about: `task contact/ada 0 Call her`, or its uid."""

    about: str
    entry: Event | Todo


def entries(book: BookData, records: Sequence[Record]) -> Iterator[CalendarEntry]:
    """All that is dated about these records, and their open tasks."""
    for record in records:
        yield from (_todo(record, task) for task in record.tasks if not task.done)
    for event in events(book.context, {record.ref for record in records}):
        if event.category not in _TASKS:
            yield CalendarEntry(event.uid, replace(event, alarm=_ALARM))


def task_about(record: Record, task: Task) -> str:
    return f"task {record.ref} {task.ordinal} {task.text}"


def _todo(record: Record, task: Task) -> CalendarEntry:
    known = uid("todo", record.kind.name, record.first_id, task.text, str(task.ordinal))
    again = f"again every {task.rec.lstrip('+')}" if task.rec else ""
    waits = f"waits for {task.waiting}" if task.waiting else ""
    return CalendarEntry(
        task_about(record, task),
        Todo(
            known,
            f"{record.title}: {task.text}",
            task.due,
            "\n".join(filter(None, (again, waits))),
            _PRIORITIES.get(task.pri.casefold(), 0),
            "task",
        ),
    )


def export_calendar(book: BookData, records: Sequence[Record], folder: str) -> FolderExport:
    """Bring a folder of one entry a file up to the book. Raises Refused for a folder of the book's
    own.
    """
    place = Path(folder).expanduser().absolute()
    refuse_own(book, place, folder)
    kept = KeptFolder(place, SUFFIX)
    there = {each.about: name for name, each in kept.kept.items()}
    reader = FileReader(kept_entry.said, kept_entry.uid_of)
    return export_into(kept, _wanted(book, records), reader, there)


def _wanted(book: BookData, records: Sequence[Record]) -> Iterator[WantedFile]:
    for each in entries(book, records):
        stem = each.entry.uid.partition("@")[0]
        text = partial(_text, each.entry, book.now)
        yield WantedFile(each.about, each.entry.summary, stem, text)


def _text(entry: Event | Todo, now: datetime, known: str) -> str:
    return calendar([replace(entry, uid=known or entry.uid)], now).decode("utf-8")
