"""What changed between two states of a record, in terms of its fields, log, tasks and text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from plaincrm.core.records.record import Record
from plaincrm.core.timeline import document
from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.parse import LOG, TASKS
from plaincrm.core.timeline.prose import timeline_lines
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.values.raw import Raw

FieldPair = tuple[Raw | None, Raw | None]
TaskPair = tuple[Task | None, Task | None]


@dataclass(frozen=True, slots=True)
class RecordDifference:
    """Field to (before, after), None where it is absent; entries and tasks likewise; `text`: the
    rest differs.
    """

    fields: dict[str, FieldPair] = field(default_factory=dict)
    added: tuple[Entry, ...] = ()
    removed: tuple[Entry, ...] = ()
    tasks: tuple[TaskPair, ...] = ()
    text: bool = False

    def words(self) -> Iterator[str]:
        """The parts that differ, by name."""
        yield from self.fields
        yield from (["log"] if self.added or self.removed else [])
        yield from (["tasks"] if self.tasks else [])
        yield from (["text"] if self.text else [])


class RecordState:
    """One state of a record; its body is read when it is first compared, and once."""

    def __init__(self, record: Record) -> None:
        self.record = record

    @cached_property
    def page(self) -> document.TimelinePage:
        return document.read(self.record.load(), self.record.document)

    @cached_property
    def rest(self) -> list[str]:
        return _rest(self.page)


def compare(before: Record, after: Record) -> RecordDifference:
    """What differs between two states of one record."""
    return differing(RecordState(before), RecordState(after))


def differing(before: RecordState, after: RecordState) -> RecordDifference:
    """The same, of states that are compared with others too."""
    fields = _fields(before.record.fields, after.record.fields)
    if (
        before.record.body == after.record.body
        or before.page.outline.lines == after.page.outline.lines
    ):
        return RecordDifference(fields)
    old, new = before.page.timeline, after.page.timeline
    return RecordDifference(
        fields,
        _without(new.entries, old.entries),
        _without(old.entries, new.entries),
        tuple(_tasks(old.tasks, new.tasks)),
        before.rest != after.rest,
    )


def _fields(before: dict[str, Raw], after: dict[str, Raw]) -> dict[str, FieldPair]:
    names = dict.fromkeys([*before, *after])
    return {
        name: (before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    }


def _without(entries: tuple[Entry, ...], others: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Those of `entries` that `others` does not have, as often as it does not."""
    spare = Counter(entry.key for entry in others)
    left = []
    for entry in entries:
        if spare[entry.key]:
            spare[entry.key] -= 1
        else:
            left.append(entry)
    return tuple(left)


def _tasks(before: tuple[Task, ...], after: tuple[Task, ...]) -> Iterator[TaskPair]:
    old, new = ({(task.text, task.ordinal): task for task in tasks} for tasks in (before, after))
    for key in dict.fromkeys([*old, *new]):
        one, other = old.get(key), new.get(key)
        if one is None or other is None or not one.same(other):
            yield one, other


def _rest(page: document.TimelinePage) -> list[str]:
    """The lines of the body that are neither log nor tasks, without blank ones."""
    taken = timeline_lines(page)
    taken |= {start for name in (LOG, TASKS) for start, _ in page.outline.sections(name)}
    lines = enumerate(page.outline.lines)
    return [line for n, line in lines if n not in taken and line.strip(" \t")]
