"""Takes log entries and tasks out of the text of a record file, as `timeline_edit` writes them into
it.
"""

from __future__ import annotations

from plaincrm.core.timeline import document
from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.tasks import Task
from plaincrm.errors import Refused


def cut_entry(text: str, entry: Entry) -> str:
    """The text without that entry, the last one where it stands more than once. Raises Refused if
    it is not there.
    """
    page = document.read(text)
    entries = page.timeline.entries
    found = next((each for each in reversed(entries) if each.key == entry.key), None)
    if found is None:
        raise Refused(f"the log no longer holds the entry of {entry.date}", "look at the log")
    new = (
        text[: page.starts[page.index(found.line)]]
        + text[page.starts[page.index(found.end_line) + 1] :]
    )
    return page.verify(new, [each for each in entries if each is not found], page.timeline.tasks)


def cut_task(text: str, task: Task) -> str:
    """The text without that task, as it stands in this very text. Raises Refused if it is not there
    so.
    """
    page = document.read(text)
    found = standing(text, task)
    if found is None or not found.same(task):
        raise Refused(f"the task {task.text!r} no longer stands as it did", "list the tasks again")
    start, end = page.index(found.line), page.index(found.end_line) + 1
    new = text[: page.starts[start]] + text[page.starts[end] :]
    return page.verify(
        new, page.timeline.entries, [each for each in page.timeline.tasks if each != found]
    )


def standing(text: str, task: Task) -> Task | None:
    """The task of that text and ordinal as it stands in `text`."""
    tasks = document.read(text).timeline.tasks
    return next(
        (each for each in tasks if (each.text, each.ordinal) == (task.text, task.ordinal)), None
    )
