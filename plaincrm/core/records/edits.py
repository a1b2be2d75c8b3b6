"""What a room of the program wants written, as values, and how they change a record's text.

Rooms return edits and write nothing; whoever has the file applies them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, TypeAlias

from plaincrm.core.value_class import value
from plaincrm.core.values.raw import Raw
from plaincrm.errors import Refused

if TYPE_CHECKING:  # setting a field reads no log and no task
    from plaincrm.core.timeline.log import Entry
    from plaincrm.core.timeline.tasks import Task


@value
class SetField:
    field: str
    value: Raw


@value
class AddItem:
    field: str
    item: str


@value
class RemoveItem:
    field: str
    item: str


@value
class DeleteField:
    field: str


@value
class AddEntry:
    entry: Entry


@value
class AddTask:
    task: Task


@value
class TickTask:
    """Done on `today`; a recurring task moves its due date on instead. Found by text and
    ordinal.
    """

    task: Task
    today: date


@value
class SnoozeTask:
    """Hidden until that day."""

    task: Task
    until: date


@value
class AddProse:
    """Markdown without log and tasks; it goes before these."""

    text: str


Edit: TypeAlias = (
    SetField
    | AddItem
    | RemoveItem
    | DeleteField
    | AddEntry
    | AddTask
    | TickTask
    | SnoozeTask
    | AddProse
)


def logged(now: datetime, type: str, text: str, direction: str = "") -> AddEntry:
    """An entry of this moment; of a day alone where `now` is midnight sharp, as a pinned day is."""
    from plaincrm.core.timeline.log import Entry

    clock = now.time().replace(second=0, microsecond=0)
    return AddEntry(
        Entry(
            now.date(), type, text, clock if now.time() != time.min else None, direction=direction
        )
    )


def apply(text: str, edits: Iterable[Edit], order: Sequence[str] = ()) -> str:
    """The file's text after `edits`, in turn; `order` is where new fields go (`Kind.order`).

    Only what an edit says changes. Raises Refused for one that can't be made surely.
    """
    for edit in edits:
        text = _applied(text, edit, order)
    return text


def _applied(text: str, edit: Edit, order: Sequence[str]) -> str:
    from plaincrm.core.yaml import field_edit

    match edit:
        case SetField(field, value):
            return field_edit.set_field(text, field, value, order)
        case AddItem(field, item):
            return field_edit.add_item(text, field, item, order)
        case RemoveItem(field, item):
            return field_edit.remove_item(text, field, item)
        case DeleteField(field):
            return field_edit.delete_field(text, field)
        case AddProse(added):
            from plaincrm.core.timeline import prose

            return prose.add_prose(text, added)
        case _:
            return _below(text, edit)


def _below(text: str, edit: AddEntry | AddTask | TickTask | SnoozeTask) -> str:
    """The text after an edit of the log or of a task."""
    from plaincrm.core.timeline import line_edit

    match edit:
        case AddEntry(entry):
            return line_edit.add_entry(text, entry)
        case AddTask(task):
            return line_edit.add_task(text, task)
        case TickTask(task, today):
            return line_edit.tick(text, _standing(text, task), today)
        case SnoozeTask(task, until):
            return line_edit.snooze(text, _standing(text, task), until)


def _standing(text: str, task: Task) -> Task:
    """The task as it stands in `text`, with its line."""
    from plaincrm.core.timeline import document

    for found in document.read(text).timeline.tasks:
        if (found.text, found.ordinal) == (task.text, task.ordinal):
            return found
    raise Refused(
        f'there is no task "{task.text}" any more', "list the tasks again: plaincrm list tasks"
    )
