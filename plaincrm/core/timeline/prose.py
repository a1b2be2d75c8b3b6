"""The body of a record without its log and tasks: what somebody wrote freely, taken out of one text
and put into another when two records become one."""

from __future__ import annotations

from plaincrm.core.timeline import document
from plaincrm.core.timeline.document import TimelinePage
from plaincrm.core.timeline.parse import LOG, TASKS
from plaincrm.core.yaml.front_matter import Document
from plaincrm.errors import Refused


def prose(text: str, *, headings: bool = False) -> str:
    """The body without log entries, tasks and the headings over them; no blank lines at the ends.
    With `headings`, one that has something else beneath it stays.
    """
    page = document.read(text)
    taken = timeline_lines(page)
    for start, end in _sections(page):
        beneath = range(start + 1, end)
        if not headings or all(index in taken or page.blank(index) for index in beneath):
            taken.add(start)
    kept: list[str] = []
    cut = False
    for index, line in enumerate(page.outline.lines):
        blank = page.blank(index)
        if index in taken:
            cut = True
        elif not (cut and blank and (not kept or not kept[-1].strip())):
            kept.append(line)
            cut = cut and blank
    return "\n".join(kept).strip("\n")


def timeline_lines(page: TimelinePage) -> set[int]:
    """The indices of the body's lines that are tasks or belong to log entries."""
    taken: set[int] = set()
    for entry in page.timeline.entries:
        taken.update(range(page.index(entry.line), page.index(entry.end_line) + 1))
    for task in page.timeline.tasks:
        taken.update(range(page.index(task.line), page.index(task.end_line) + 1))
    return taken


def _sections(page: TimelinePage) -> list[tuple[int, int]]:
    """The first line of each section of log or tasks, its heading, and the line after its last."""
    return [lines for title in (LOG, TASKS) for lines in page.outline.sections(title)]


def with_prose(text: str, new: str) -> str:
    """The text with `new` for all that is written freely. Raises Refused where that stands in
    several places, between tasks or entries, so that nobody can say where it would go.
    """
    page = document.read(text)
    taken = timeline_lines(page).union(start for start, _ in _sections(page))
    free = [n for n in range(len(page.outline.lines)) if n not in taken and not page.blank(n)]
    if not free:
        return add_prose(text, new) if new else text
    start, end = free[0], free[-1] + 1
    if taken.intersection(range(start, end)):
        raise Refused("its text stands in several places", "edit the file by hand: plaincrm edit")
    lines = new.split("\n") if new else []
    return page.verify(page.put(start, end, lines), page.timeline.entries, page.timeline.tasks)


def add_prose(text: str, added: str, known: Document | None = None) -> str:
    """The text with `added` behind what is written freely, before the tasks and the log. `known` is
    the text as it was read already. Raises Refused.
    """
    page = document.read(text, known)
    places = [start for start, _ in _sections(page)]
    index = min(places, default=len(page.outline.lines))
    before = [] if page.blank(index - 1) else [""]
    new = page.insert(index, [*before, *added.split("\n"), *([""] if places else [])])
    return page.verify(new, page.timeline.entries, page.timeline.tasks)
