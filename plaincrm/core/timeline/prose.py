"""The body of a record without its log and tasks: what somebody wrote freely, taken out of one text
and put into another when two records become one."""

from __future__ import annotations

from plaincrm.core.timeline import document
from plaincrm.core.timeline.document import TimelinePage
from plaincrm.core.timeline.parse import LOG, TASKS
from plaincrm.core.yaml.front_matter import Document


def prose(text: str) -> str:
    """The body without log entries, tasks and the headings over them; no blank lines at the
    ends.
    """
    page = document.read(text)
    taken = _taken(page)
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


def _taken(page: TimelinePage) -> set[int]:
    taken = {start for title in (LOG, TASKS) for start, _ in page.outline.sections(title)}
    taken.update(page.index(task.line) for task in page.timeline.tasks)
    for entry in page.timeline.entries:
        taken.update(range(page.index(entry.line), page.index(entry.end_line) + 1))
    return taken


def add_prose(text: str, added: str, known: Document | None = None) -> str:
    """The text with `added` behind what is written freely, before the tasks and the log. `known` is
    the text as it was read already. Raises Refused.
    """
    page = document.read(text, known)
    places = [start for title in (LOG, TASKS) for start, _ in page.outline.sections(title)]
    index = min(places, default=len(page.outline.lines))
    before = [] if page.blank(index - 1) else [""]
    new = page.insert(index, [*before, *added.split("\n"), *([""] if places else [])])
    return page.verify(new, page.timeline.entries, page.timeline.tasks)
