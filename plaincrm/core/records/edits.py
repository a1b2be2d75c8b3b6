"""What a room of the program wants written, as values, and how they change a record's text.

Rooms return edits and write nothing; whoever has the file applies them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, tzinfo
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from plaincrm.core.value_class import changed, value
from plaincrm.core.values.duration import DaysOff
from plaincrm.core.values.raw import Raw, with_item, with_tags, without_item
from plaincrm.errors import Refused

if TYPE_CHECKING:  # setting a field reads no log and no task
    from plaincrm.core.records.field_keys import FieldKeys
    from plaincrm.core.timeline.body_links import LinkedRecord
    from plaincrm.core.timeline.log import Entry
    from plaincrm.core.timeline.tasks import Task
    from plaincrm.core.yaml.front_matter import Document


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
    """Done on `today`; a recurring task moves its due date on instead, unless it is done `once` and
    for all. Found by text and ordinal. `off`: the days on which the book does no business.
    """

    task: Task
    today: date
    once: bool = False
    off: DaysOff = ()


@value
class SnoozeTask:
    """Hidden until that day."""

    task: Task
    until: date


@value
class ChangeTask:
    """Other words, or another day, for an open task. Found by text and ordinal."""

    task: Task
    text: str
    due: date | None


@value
class AddProse:
    """Markdown without log and tasks; it goes before these."""

    text: str


@value
class MoveLinks:
    """Links in the text of the file `source` that lead to `target` lead to `path` instead."""

    source: str
    target: LinkedRecord
    path: str


FieldEdit: TypeAlias = SetField | AddItem | RemoveItem | DeleteField
LineEdit: TypeAlias = AddEntry | AddTask | TickTask | SnoozeTask | ChangeTask | AddProse | MoveLinks
Edit: TypeAlias = FieldEdit | LineEdit


def logged(now: datetime, type: str, text: str, direction: str = "") -> AddEntry:
    """An entry of this moment; of a day alone where `now` is midnight sharp, as a pinned day is."""
    from plaincrm.core.timeline.log import Entry

    clock = now.time().replace(second=0, microsecond=0)
    return AddEntry(
        Entry(
            now.date(), type, text, clock if now.time() != time.min else None, direction=direction
        )
    )


def apply(
    text: str,
    edits: Iterable[Edit],
    order: Sequence[str] = (),
    keys: FieldKeys | None = None,
    zone: tzinfo | None = None,
) -> str:
    """The file's text after `edits`; `order` is where new fields go (`Kind.order`), `keys` are the
    names that the file has for fields (`Kind.keys`), `zone` is the book's: entries go by its clock.

    Only what an edit says changes. Raises Refused for one that can't be made surely.
    """
    return edited(text, edits, order, keys, zone).text


@value
class EditedFile:
    """A file's text after edits. `document` is the text as it reads, where the edits have read it;
    else None.
    """

    text: str
    document: Document | None = None


def edited(
    text: str,
    edits: Iterable[Edit],
    order: Sequence[str] = (),
    keys: FieldKeys | None = None,
    zone: tzinfo | None = None,
) -> EditedFile:
    """As `apply`, with what was read on the way. All fields are set in one step, then the log and
    the tasks are edited in turn.
    """
    every = list(edits)
    fields = [edit for edit in every if isinstance(edit, FieldEdit)]
    below = [edit for edit in every if not isinstance(edit, FieldEdit)]
    file = _with_fields(text, fields, order, keys) if fields else EditedFile(text)
    for kind, run in groupby(below, type):
        if kind is AddEntry:
            added = [edit.entry for edit in run if isinstance(edit, AddEntry)]
            file = _with_entries(file, added, zone)
        else:
            for edit in run:
                file = _with_lines(file, edit)
    return file


def new_values(fields: Mapping[str, Raw], edits: Iterable[FieldEdit]) -> dict[str, Raw | None]:
    """What each edited field will hold, None where it goes; `fields` are those of the file now.

    An item added to a single value makes a list of both; a list that loses its last item goes.
    Raises Refused for an item added to a map, since nobody knows its label.
    """
    found: dict[str, Raw | None] = {}
    for edit in edits:
        present = found[edit.field] if edit.field in found else fields.get(edit.field)
        match edit:
            case SetField(name, raw):
                found[name] = raw
            case DeleteField(name):
                found[name] = None
            case AddItem(name, item):
                found[name] = _with_item(name, present, item)
            case RemoveItem(name, item):
                found[name] = without_item(present, item)
    return found


def _with_item(name: str, present: Raw | None, item: str) -> Raw:
    try:
        return with_item(present, item)
    except ValueError as error:
        raise Refused(
            f'"{name}" is a map; {error}', "edit the file by hand: plaincrm edit"
        ) from None


def _with_fields(
    text: str, edits: Sequence[FieldEdit], order: Sequence[str], keys: FieldKeys | None
) -> EditedFile:
    from plaincrm.core.yaml import field_edit
    from plaincrm.core.yaml.document import FrontMatterPage
    from plaincrm.core.yaml.properties import PropertyPage, find, set_properties

    page = find(text) or FrontMatterPage(text)
    if keys:
        from plaincrm.core.records.field_keys import filed, key_of, named

        there = page.fields
        present = with_tags(named(keys, there, ""))
        values = filed(keys, there, new_values(present, edits))
        order = [key_of(keys, there, name) for name in order]
    else:
        values = new_values(with_tags(page.fields), edits)
    if isinstance(page, PropertyPage):
        return EditedFile(set_properties(text, values))
    after = field_edit.set_fields(page, values, order)
    return EditedFile(after.text, after.document())


def _with_lines(file: EditedFile, edit: LineEdit) -> EditedFile:
    """The file after an edit below its fields."""
    from plaincrm.core.yaml import front_matter

    before = file.document or front_matter.parse(file.text)
    text = _below(file.text, edit, before)
    return EditedFile(text, front_matter.parse_body(text, before, file.text))


def _with_entries(file: EditedFile, entries: Sequence[Entry], zone: tzinfo | None) -> EditedFile:
    """The file with entries added to its log, in one step."""
    from plaincrm.core.timeline import line_edit
    from plaincrm.core.yaml import front_matter

    before = file.document or front_matter.parse(file.text)
    text = line_edit.add_entries(file.text, entries, before, zone)
    return EditedFile(text, front_matter.parse_body(text, before, file.text))


def _below(text: str, edit: LineEdit, known: Document) -> str:
    from plaincrm.core.timeline import body_links, line_edit, prose

    match edit:
        case AddEntry(entry):
            return line_edit.add_entry(text, entry, known)
        case AddTask(task):
            return line_edit.add_task(text, task, known)
        case TickTask(task, today, once, off):
            standing = _standing(text, task, known)
            return line_edit.tick(text, standing, today, off, known, once=once)
        case SnoozeTask(task, until):
            return line_edit.snooze(text, _standing(text, task, known), until, known)
        case ChangeTask(task, words, due):
            standing = _standing(text, task, known)
            return line_edit.change_task(text, standing, changed(standing, text=words, due=due))
        case AddProse(added):
            return prose.add_prose(text, added, known)
        case MoveLinks(source, target, path):
            return body_links.relinked(text, source, target, path)


def _standing(text: str, task: Task, known: Document) -> Task:
    """The task as it stands in `text`, with its line."""
    from plaincrm.core.timeline import document

    for found in document.read(text, known).timeline.tasks:
        if (found.text, found.ordinal) == (task.text, task.ordinal):
            return found
    raise Refused(
        f'there is no task "{task.text}" any more', "list the tasks again: plaincrm list tasks"
    )
