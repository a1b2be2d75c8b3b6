"""What a change of a field brings with it: a stage or status that changes writes its log entry, and
`closed`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from plaincrm.core.records.edits import AddEntry, DeleteField, Edit, SetField, logged
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.types import fold
from plaincrm.sales import stages
from plaincrm.support import tickets

HISTORIED = {
    "deal": "stage",
    "ticket": "status",
}  # kind to the field whose changes stand in the log


def consequences(
    before: Record, after: Record, changed: Collection[str], context: Context
) -> list[Edit]:
    """The edits that follow from `before` having become `after`; `changed` are the fields that
    stand as wanted.

    None for a change whose log entry was written along with it. Raises Refused for an unknown stage
    or status.
    """
    name = HISTORIED.get(before.kind.name)
    if name is None or name not in changed:
        return []
    old, new = before.text(name), after.text(name)
    if not new or fold(old) == fold(new) or _told(before, after, new):
        return []
    return [
        edit
        for edit in _brought(before, name, new, changed, context)
        if _field(edit) not in changed
    ]


def last_change(record: Record) -> tuple[str, str, str] | None:
    """(field, what the log says last, what the field says) where a deal's stage or a ticket's
    status and its log disagree; None where they agree or the log says nothing."""
    name = HISTORIED.get(record.kind.name)
    changes = [entry for entry in record.log if entry.type == name and entry.change]
    now = record.text(name) if name else ""
    if not name or not changes or not now:
        return None
    newest = changes[0] if record.timeline.newest_first else changes[-1]
    last = max(changes, key=lambda entry: (entry.at, entry is newest))
    logged = last.change[1] if last.change else ""
    same = logged.casefold().rstrip(".") == now.casefold() or logged.casefold().startswith(
        f"{now.casefold()} "
    )
    return None if same else (name, logged, now)


def hand_made(
    record: Record,
    edits: Collection[Edit],
    committed: Callable[[], str],
    by_hand: Callable[[], bool],
    context: Context,
) -> list[Edit]:
    """The log entry of a stage or status that was changed in an editor, and is committed along with
    `edits`.

    `committed` gives the record's text as git has it; it is asked only where the log lags behind
    the field, or says nothing of it in a file that was edited `by_hand`.
    """
    name = HISTORIED.get(record.kind.name, "")
    now, behind = record.text(name), last_change(record)
    silent = not any(entry.type == name and entry.change for entry in record.log)
    if not now or any(
        isinstance(each, AddEntry) and each.entry.type == name and _leads(each, now)
        for each in edits
    ):
        return []
    if behind is None and not (silent and by_hand()):
        return []
    text = committed()
    before = (
        Record.read(record.kind, record.id, record.path, text, record.types).text(name)
        if text
        else now
    )
    return (
        []
        if fold(before) == fold(now)
        else [logged(context.now, name, f"{behind[1] if behind else before} -> {now}")]
    )


def _leads(edit: AddEntry, to: str) -> bool:
    return edit.entry.change is not None and fold(edit.entry.change[1]) == fold(to)


def _brought(
    before: Record, name: str, new: str, changed: Collection[str], context: Context
) -> list[Edit]:
    if name == "status":
        return tickets.set_status(before, new, context)
    if "pipeline" in changed:
        return [logged(context.now, "stage", f"{before.text(name)} -> {new}")]
    return stages.move(before, new, context)


def _told(before: Record, after: Record, new: str) -> bool:
    known = {entry.key for entry in before.log}
    added = (entry for entry in after.log if entry.key not in known)
    return any(entry.change and fold(entry.change[1]) == fold(new) for entry in added)


def _field(edit: Edit) -> str:
    if isinstance(edit, AddEntry):
        return ""
    return edit.field if isinstance(edit, SetField | DeleteField) else ""
