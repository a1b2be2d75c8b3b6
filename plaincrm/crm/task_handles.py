"""The handle of a task that a list shows."""

from __future__ import annotations

from plaincrm.core.records import line_records
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.timeline.tasks import Task
from plaincrm.crm.reminders.index import all_handles, task_key


def handle_of(row: Record, context: Context) -> str:
    """The code by which `done` and `snooze` know an open task; empty for one that is ticked."""
    if (
        not isinstance(row, line_records.LineRecord)
        or not isinstance(row.item, Task)
        or row.item.done
    ):
        return ""
    return all_handles(context)[task_key(row.owner, row.item)]
