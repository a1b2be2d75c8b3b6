"""Writes log entries and tasks into the text of a record file.

Each function takes the text of the whole file and returns it with one place changed: every other
byte stays, line ends and a missing last one included. The result is read again; what would not read
back as meant raises Refused, and so does a task that no longer stands where it was. `known` is the
text as `front_matter.parse` reads it, where somebody has read it already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from plaincrm.core.timeline import document, log, recurrence, tasks
from plaincrm.core.timeline.document import TimelinePage
from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.parse import LOG, TASKS, Timeline
from plaincrm.core.timeline.tasks import Defect, Task
from plaincrm.core.value_class import changed
from plaincrm.core.values.duration import DaysOff
from plaincrm.core.yaml.front_matter import Document
from plaincrm.errors import Refused


def add_entry(
    text: str, entry: Entry, known: Document | None = None, zone: dt.tzinfo | None = None
) -> str:
    """Adds an entry to the log, by its time in `zone`, the book's, and in the log's own direction;
    makes `## Log` when missing.
    """
    entry = writable_entry(entry)
    page = document.read(text, known)
    sections = page.outline.sections(LOG)
    old = page.timeline.entries
    if not sections:
        lines = [f"## {LOG}", *log.format(entry).split("\n")]
        return page.verify(_append_section(page, lines), [*old, entry], page.timeline.tasks)
    start, end = sections[-1]
    inside = [e for e in old if start < page.index(e.line) < end]
    place = _Order(old, zone).place(inside, entry)
    new = (
        _insert_entry(page, inside, place, entry)
        if inside
        else _first_entries(page, start, end, [entry])
    )
    at = len(old) - len(inside) + place
    return page.verify(new, [*old[:at], entry, *old[at:]], page.timeline.tasks)


def add_entries(
    text: str,
    entries: Sequence[Entry],
    known: Document | None = None,
    zone: dt.tzinfo | None = None,
) -> str:
    """Adds entries as `add_entry` does one after the other, in one step: the file is read once and
    proved once, however many there are.
    """
    added = [writable_entry(entry) for entry in entries]
    page = document.read(text, known)
    sections = page.outline.sections(LOG)
    if len(added) < 2 or not sections:
        for number, entry in enumerate(added):
            if number == 1:
                return add_entries(text, added[1:], zone=zone)
            text = add_entry(text, entry, known, zone)
        return text
    start, end = sections[-1]
    old = page.timeline.entries
    inside = [e for e in old if start < page.index(e.line) < end]
    planned, order = list(inside), _Order(old, zone)
    for entry in added:
        planned.insert(order.place(planned, entry), entry)
    new = (
        _insert_runs(page, inside, planned) if inside else _first_entries(page, start, end, planned)
    )
    at = next((n for n, e in enumerate(old) if inside and e is inside[0]), _before(page, old, end))
    after = old[at + len(inside) :]
    return page.verify(new, [*old[:at], *planned, *after], page.timeline.tasks)


def _before(page: TimelinePage, entries: Sequence[Entry], end: int) -> int:
    return sum(page.index(entry.line) < end for entry in entries)


def _insert_runs(page: TimelinePage, inside: Sequence[Entry], planned: Sequence[Entry]) -> str:
    """The text with the new entries of `planned` between the old ones, from the last run up."""
    standing = {id(entry) for entry in inside}
    loose = _loose(page, inside)
    text, at = page.text, len(planned)
    while at > 0:
        end = at
        while at > 0 and id(planned[at - 1]) not in standing:
            at -= 1
        if at < end:
            neighbour = planned[at - 1] if at else inside[0]
            lines = _lines_beside(page, neighbour, planned[at:end], loose, after=at > 0)
            line = neighbour.end_line + 1 if at else neighbour.line
            text = _inserted(page, text, page.index(line), lines)
        at -= 1
    return text


def _lines_beside(
    page: TimelinePage, neighbour: Entry, entries: Sequence[Entry], loose: bool, *, after: bool
) -> list[str]:
    old = page.outline.lines[page.index(neighbour.line)]
    margin = old[: len(old) - len(old.lstrip(" \t"))]
    lines: list[str] = []
    for entry in entries:
        first, *rest = log.format(entry).split("\n")
        own = [
            margin + old[len(margin)] + first[1:],
            *(margin + line if line else "" for line in rest),
        ]
        gap = [""] if loose else []
        lines += [*gap, *own] if after else [*own, *gap]
    return lines


def _inserted(page: TimelinePage, text: str, index: int, lines: Sequence[str]) -> str:
    """`text`, which is the page's as far as line `index` of its body, with lines before that."""
    at, block = page.starts[index], page.eol.join(lines)
    before = text[:at]
    unfinished = bool(before) and before[-1] not in "\r\n\ufeff"
    return before + (page.eol + block if unfinished else block + page.eol) + text[at:]


def _first_entries(page: TimelinePage, start: int, end: int, entries: Sequence[Entry]) -> str:
    last = _last_filled(page, start, end)
    gap = [""] if last > start and not page.outline.lines[last].startswith("#") else []
    lines = [line for entry in entries for line in log.format(entry).split("\n")]
    return page.insert(last + 1, [*gap, *lines])


def add_task(text: str, task: Task, known: Document | None = None) -> str:
    """Adds a task under `## Tasks`, which is made before `## Log` when missing."""
    line, task = _writable_task(task)
    page = document.read(text, known)
    old = page.timeline.tasks
    index, lines = _task_place(page, line)
    at = sum(page.index(t.line) < index for t in old)
    return page.verify(
        page.insert(index, lines), page.timeline.entries, [*old[:at], task, *old[at:]]
    )


def change_task(text: str, task: Task, new: Task, known: Document | None = None) -> str:
    """Rewrites those keys, box and text of `task`, as read from this very text, in which `new`
    differs.
    """
    page = document.read(text, known)
    if task not in page.timeline.tasks:
        raise Refused(
            f"the task {task.text!r} no longer stands on line {task.line}", "list the tasks again"
        )
    _, canonical = _writable_task(new.placeless)
    new_text = task.text if new.text == task.text else canonical.text
    new = changed(new, text=new_text)
    start, end = page.index(task.line), page.index(task.end_line) + 1
    lines = tasks.rewrite("\n".join(page.outline.lines[start:end]), task, new).split("\n")
    expected = [new if old == task else old for old in page.timeline.tasks]
    return page.verify(
        page.put(start, end, lines), _entries_with(page, start, end, lines), expected
    )


def tick(
    text: str,
    task: Task,
    today: dt.date,
    off: DaysOff = (),
    known: Document | None = None,
    *,
    once: bool = False,
) -> str:
    """Marks a task done on `today`; a recurring one moves on to its next date and logs `task:
    TEXT`, unless it is done `once` and for all.
    """
    if task.done:
        raise Refused(f"the task {task.text!r} is done already", "list the tasks that are open")
    if once or not task.rec:
        return change_task(text, task, changed(task, done=True, done_on=today, rec=""), known)
    try:
        due = recurrence.next_due(task.rec, task.due, today, off)
        rec = recurrence.anchored(task.rec, task.due)
    except ValueError as error:
        raise Refused(str(error), "correct the rec: of the task") from None
    moved = change_task(
        text, task, changed(task, due=due, rec=rec, snoozed=_threshold(task, due)), known
    )
    return add_entry(moved, Entry(today, "task", task.text))


def _threshold(task: Task, due: dt.date) -> dt.date | None:
    """The `t:` that goes with a new due date, as long before it as before the old one; a task that
    was put off past its due date has none.
    """
    if task.due is None or task.snoozed is None or task.snoozed > task.due:
        return None
    return due - (task.due - task.snoozed)


def snooze(text: str, task: Task, until: dt.date, known: Document | None = None) -> str:
    """Hides a task until a day: sets its `t:`."""
    return change_task(text, task, changed(task, snoozed=until), known)


def writable_entry(entry: Entry) -> Entry:
    """The entry as it will read back. Raises Refused for one that would not."""
    entry = log.normal(entry)
    try:
        same = log.parse(log.format(entry), None) == entry
    except log.LogError:
        same = False
    if not same:
        raise Refused(
            f"this is no log entry: {log.format(entry).splitlines()[0]}", "write `DATE TYPE: text`"
        )
    return entry


def _writable_task(task: Task) -> tuple[str, Task]:
    task = changed(task, text=" ".join(task.text.split()))
    line = tasks.format(task)
    found = tasks.parse(line)
    if found is None:
        raise Refused("a task needs a text", "say what is to be done")
    if found[0].placeless != task.placeless or _errors(found[1]):
        errors = _errors(found[1])
        reason = errors[0].message if errors else "a key stands in its text"
        raise Refused(
            f"this is no task: {line} ({reason})", "give keys such as due: apart from the text"
        )
    return line, task.placeless


def _errors(defects: Iterable[Defect]) -> list[Defect]:
    return [defect for defect in defects if defect.level == "error"]


def _entries_with(page: TimelinePage, start: int, end: int, lines: Sequence[str]) -> list[Entry]:
    """The entries as they read once `lines` stand for those from `start` to `end`, which may go on
    with one of them.
    """
    found = []
    for entry in page.timeline.entries:
        first, last = page.index(entry.line), page.index(entry.end_line)
        if first <= start <= last:
            own = page.outline.lines
            text = "\n".join([*own[first:start], *lines, *own[end : last + 1]])
            entry = log.parse(text, None)
        found.append(entry)
    return found


class _Order:
    """The order of a log: its own direction, by the clock of the book's zone."""

    def __init__(self, entries: Sequence[Entry], zone: dt.tzinfo | None) -> None:
        self._zone = zone
        there = Timeline(tuple(log.in_zone(entry, zone) for entry in entries))
        self._newest_first = there.newest_first

    def place(self, entries: Sequence[Entry], new: Entry) -> int:
        """Where `new` goes: next to the latest that is not later than it; without a time, last of
        its day.
        """
        new = log.in_zone(new, self._zone)
        at = dt.datetime.combine(new.date, new.time or dt.time.max)
        if self._newest_first:
            fits = (n for n, entry in enumerate(entries) if self._at(entry) <= at)
            return next(fits, len(entries))
        return next((n for n in range(len(entries), 0, -1) if self._at(entries[n - 1]) <= at), 0)

    def _at(self, entry: Entry) -> dt.datetime:
        return log.in_zone(entry, self._zone).at


def _insert_entry(page: TimelinePage, entries: Sequence[Entry], place: int, entry: Entry) -> str:
    """Puts the entry beside its neighbour, with that one's indent, marker and blank lines."""
    after = place > 0
    neighbour = entries[place - 1] if after else entries[0]
    lines = _lines_beside(page, neighbour, [entry], _loose(page, entries), after=after)
    return page.insert(
        page.index(neighbour.end_line) + 1 if after else page.index(neighbour.line), lines
    )


def _loose(page: TimelinePage, entries: Sequence[Entry]) -> bool:
    gaps = [page.blank(page.index(entry.line) - 1) for entry in entries[1:]]
    return bool(gaps) and all(gaps)


def _last_filled(page: TimelinePage, start: int, end: int) -> int:
    return next(
        index for index in range(end - 1, start - 1, -1) if index == start or not page.blank(index)
    )


def _append_section(page: TimelinePage, lines: list[str]) -> str:
    end = len(page.outline.lines)
    return page.insert(end, lines if page.blank(end - 1) else ["", *lines])


def _task_place(page: TimelinePage, line: str) -> tuple[int, list[str]]:
    """The index of the body's line before which a new task goes, and the lines to write there."""
    logs, sections = page.outline.sections(LOG), page.outline.sections(TASKS)
    if not sections:
        index = logs[0][0] if logs else len(page.outline.lines)
        gap = [] if page.blank(index - 1) else [""]
        return index, [*gap, f"## {TASKS}", line, *([""] if logs else [])]
    start, end = sections[0]
    inside = [
        index for task in page.timeline.tasks if start < (index := page.index(task.line)) < end
    ]
    if not inside:
        return start + 1, [line] if page.blank(start + 1) else [line, ""]
    index = inside[-1] + 1
    while index < end and not page.blank(index):
        index += 1
    marker = page.outline.lines[inside[-1]][0]
    return index, [(marker if marker in "*+" else "-") + line[1:]]
