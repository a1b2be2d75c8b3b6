"""One operation's change of a record taken back, in a text that changed since: only where that is
sure.
"""

from __future__ import annotations

from plaincrm.core.merge.values import CONFLICTS
from plaincrm.core.records.edits import DeleteField, Edit, SetField, apply
from plaincrm.core.records.record import Record
from plaincrm.core.timeline import line_edit
from plaincrm.core.timeline.cut import cut_entry, cut_task, standing
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.value_class import changed
from plaincrm.core.values.raw import Raw
from plaincrm.crm.contested import cleared, others
from plaincrm.crm.history.differences import FieldPair, TaskPair, compare
from plaincrm.errors import Conflict, Refused


def reverted(before: Record, after: Record, now: Record) -> str:
    """The text of `now` without what made `after` out of `before`.

    Raises Conflict where a field, entry, task or the text that the operation changed was changed
    again.
    """
    done, text = compare(before, after), now.load()
    if done.text:
        raise Conflict("the operation rewrote its text")
    try:
        for name, pair in done.fields.items():
            text = _field(text, now, name, pair)
        for entry in done.added:
            text = cut_entry(text, entry)
        for entry in done.removed:
            text = line_edit.add_entry(text, entry, zone=now.log_settings.zone)
        for tasks in done.tasks:
            text = _task(text, tasks)
    except Refused as error:
        raise Conflict(error.message) from None
    return text


def _field(text: str, now: Record, name: str, pair: FieldPair) -> str:
    old, new = pair
    present = now.fields.get(name)
    if name != CONFLICTS and new is not None and (rest := others(now, name, new)) is not None:
        return _uncontested(text, now, name, rest)
    if present == old:
        return text
    if present == new:
        wanted = old
    elif isinstance(present, list) and isinstance(new, list) and not isinstance(old, dict):
        wanted = _items(present, [old] if isinstance(old, str) else old or [], new, name)
    elif isinstance(present, dict) and isinstance(new, dict) and not isinstance(old, str | list):
        wanted = _labels(present, old or {}, new, name)
    else:
        raise Conflict(f"{name} is not what the operation made of it")
    edit = SetField(name, wanted) if wanted else DeleteField(name)
    return apply(text, [edit], now.kind.order, now.kind.keys)


def _uncontested(text: str, now: Record, name: str, rest: list[Raw]) -> str:
    """A contested field of which one value is taken back: of two the other stands, of more it is
    still contested.
    """
    if len(rest) > 1:
        raise Conflict(f"{name} is contested; plaincrm resolve {now.ref} {name} decides")
    edits: list[Edit] = [SetField(name, rest[0]), *cleared(now, [name])]
    return apply(text, edits, now.kind.order, now.kind.keys)


def _items(present: list[Raw], old: list[Raw], new: list[Raw], name: str) -> list[Raw]:
    """Element by element: what the operation added goes, what it took comes back."""
    added = [item for item in new if item not in old]
    if any(item not in present for item in added):
        raise Conflict(f"{name} is not what the operation made of it")
    back = [item for item in old if item not in new and item not in present]
    return [*(item for item in present if item not in added), *back]


def _labels(
    present: dict[str, Raw], old: dict[str, Raw], new: dict[str, Raw], name: str
) -> dict[str, Raw]:
    changed = [label for label in {**old, **new} if old.get(label) != new.get(label)]
    if any(present.get(label) != new.get(label) for label in changed):
        raise Conflict(f"{name} is not what the operation made of it")
    kept = {label: each for label, each in present.items() if label not in changed or label in old}
    return {**kept, **{label: old[label] for label in changed if label in old}}


def _task(text: str, pair: TaskPair) -> str:
    old, new = pair
    if new is None:
        assert old is not None
        return line_edit.add_task(text, old)
    if old is None:
        return cut_task(text, new)
    return line_edit.change_task(text, _as_left(text, new), _back(old, _as_left(text, new)))


def _as_left(text: str, task: Task) -> Task:
    found = standing(text, task)
    if found is None or not found.same(task):
        raise Conflict(f"the task {task.text!r} was changed again")
    return found


def _back(old: Task, found: Task) -> Task:

    return changed(old, line=found.line, ordinal=found.ordinal, end_line=found.end_line)
