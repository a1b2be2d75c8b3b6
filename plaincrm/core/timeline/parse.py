"""The log and the tasks of a record, found in its body by one scan over the lines.

The log is the list under `## Log`; tasks are check-boxes anywhere but in code (`outline` says what
that is). An entry begins with a list marker and a date, and takes the indented lines after it, and
unindented text that follows without a blank line. Other items of the section, and whatever can't be
read, are Problems:

    log-entry  an item of the log that is no entry   task-date  due:, t: or done: that is no date
    log-date   an impossible or missing date or time       task-rec   rec: that is no recurrence
    log-type   a type that the book does not know          task-key   a key that stands twice
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import tzinfo

from plaincrm.core.text import outline
from plaincrm.core.text.outline import Outline
from plaincrm.core.text.pattern import pattern
from plaincrm.core.timeline import log, tasks
from plaincrm.core.timeline.log import Entry, LogError
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.value_class import changed, value
from plaincrm.errors import Problem, did_you_mean

LOG = "Log"
TASKS = "Tasks"

_WORTH_READING = pattern(
    r"^(?:##[ \t]+log|[ \t>]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\\?\[[ x]\\?\])",
    re.MULTILINE | re.IGNORECASE,
)
_ITEM = pattern(r"([ \t]*)[-*+][ \t]+")
# What ends a paragraph without a blank line: another item, a heading, a quotation, a rule.
_BEGINS = pattern(
    r"(?:[-*+]|[0-9]{1,9}[.)])(?:[ \t]|$)|#{1,6}(?:[ \t]|$)|>|(?:[-*_][ \t]*){3,}$|=+$"
)
_DATED = pattern(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9])")


@value
class Timeline:
    """Entries and tasks in the file's order, with what could not be read."""

    entries: tuple[Entry, ...] = ()
    tasks: tuple[Task, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def newest_first(self) -> bool:
        """Whether the log runs backwards: more entries are older than the one above them than
        newer.
        """
        pairs = list(zip(self.entries, self.entries[1:], strict=False))
        return sum((b.at < a.at) - (b.at > a.at) for a, b in pairs) > 0


EMPTY = Timeline()


def read(
    body: str,
    first_line: int = 1,
    path: str = "",
    types: Collection[str] | None = (),
    zone: tzinfo | None = None,
) -> Timeline:
    """The timeline of a body whose first line is line `first_line` of the file `path`.

    `types` are the book's own types of entry beside `log.TYPES`; None takes any word as one. Times
    are in `zone`, the book's; without one they are as written.
    """
    if "\r" in body:
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    if not worth_reading(body):
        return EMPTY
    return of_outline(outline.read(body), first_line, path, types, zone)


def worth_reading(body: str) -> bool:
    """Whether there may be a log or a task to be found."""
    return "## Log" in body or bool(_WORTH_READING.search(body))


def of_outline(
    plain: Outline,
    first_line: int = 1,
    path: str = "",
    types: Collection[str] | None = (),
    zone: tzinfo | None = None,
) -> Timeline:
    """`read`, for a body whose outline is there already."""
    return _Reader(plain, first_line, path, types, zone).read()


class _Reader:
    def __init__(
        self,
        outline: Outline,
        first_line: int,
        path: str,
        types: Collection[str] | None,
        zone: tzinfo | None,
    ) -> None:
        self.outline, self.first_line, self.path = outline, first_line, path
        self.types, self.zone = types, zone

    def read(self) -> Timeline:
        problems: list[Problem] = []
        entries = tuple(
            entry
            for start, end in self.outline.sections(LOG)
            for head, rest in self._items(start + 1, end)
            if (entry := self._entry(head, rest, problems)) is not None
        )
        found = tuple(self._tasks(problems))
        return Timeline(entries, found, tuple(sorted(problems)))

    def _items(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """`(index of the item's first line, index after its last)` of each item of the log's
        list.
        """
        head = last = -1
        margin = 0
        for index in range(start, end):
            line = self.outline.lines[index]
            if not line.strip(" \t\r"):
                continue
            item = None if index in self.outline.hidden else _ITEM.match(line)
            indent = len(line) - len(line.lstrip(" \t")) if line[0] != "\t" else 4
            inside = head >= 0 and (
                indent >= margin + 2 or (item is None and self._lazy(index, last))
            )
            if not inside:
                if head >= 0:
                    yield head, last + 1
                head = index if item or self._undashed(index) else -1
                margin = indent
            last = index
        if head >= 0:
            yield head, last + 1

    def _lazy(self, index: int, last: int) -> bool:
        """Unindented text right below an entry goes on with it, unless it is itself dated or a
        heading.
        """
        line = self.outline.lines[index]
        return (
            last == index - 1
            and index not in self.outline.hidden
            and not (self._undashed(index) or line.startswith("#"))
        )

    def _undashed(self, index: int) -> bool:
        return index not in self.outline.hidden and bool(_DATED.match(self.outline.lines[index]))

    def _entry(self, head: int, end: int, problems: list[Problem]) -> Entry | None:
        line = self.outline.lines[head]
        marker = _ITEM.match(line)
        if "[" in line and tasks.CHECKBOX.fullmatch(line.rstrip(" \t\r")):
            return None
        try:
            if marker is None:
                raise LogError("a log entry begins with a dash")
            entry = log.read(
                line[marker.end() :],
                self.outline.lines[head + 1 : end],
                self.types,
                self.first_line + head,
            )
        except LogError as error:
            column = marker.end() + 1 if marker else 1
            hint = "write it like `- 2026-11-20 call: Talked about scope`"
            problems.append(self._problem(head, column, error.code, str(error), hint))
            return None
        if entry.type == "note":
            self._check_type(head, marker.end(), problems)
        return log.in_zone(entry, self.zone)

    def _check_type(self, head: int, start: int, problems: list[Problem]) -> None:
        if self.types is None:
            return
        raw = log.parse(self.outline.lines[head][start:], None)
        known = log.TYPES.union(self.types)
        if raw.type not in known:
            hint = did_you_mean(raw.type, known) or f"types are {', '.join(sorted(known))}"
            message = f'"{raw.type}" is no type of entry, it is read as a note'
            problems.append(self._problem(head, start + 1, "log-type", message, hint, "warning"))

    def _tasks(self, problems: list[Problem]) -> Iterator[Task]:
        seen: dict[str, int] = {}
        for index, line in enumerate(self.outline.lines):
            if "[" not in line or index in self.outline.hidden:
                continue
            end = self._task_end(index)
            found = tasks.parse("\n".join(self.outline.lines[index:end]), self.first_line + index)
            if found is None:
                problems += self._quoted(index)
                continue
            task, defects = found
            problems += (
                self._problem(index + d.below, d.column, d.code, d.message, d.hint, d.level)
                for d in defects
            )
            ordinal = seen.get(task.text, 0)
            yield changed(task, ordinal=ordinal) if ordinal else task
            seen[task.text] = ordinal + 1

    def _quoted(self, index: int) -> Iterator[Problem]:
        """A task in a block quote is part of what is quoted, and no task of the record."""
        line = self.outline.lines[index].lstrip(" \t")
        if line.startswith(">") and tasks.parse(line.lstrip("> \t")):
            message = "a task in a block quote is not read"
            hint = "take the > away from its line"
            yield self._problem(index, 1, "task-quoted", message, hint, "warning")

    def _task_end(self, index: int) -> int:
        """The index after the last line of the task that begins at `index`: it goes on as a
        paragraph does.
        """
        end = index + 1
        while end < len(self.outline.lines) and self._same_paragraph(end):
            end += 1
        return end

    def _same_paragraph(self, index: int) -> bool:
        if index in self.outline.hidden:
            return False
        line = self.outline.lines[index]
        bare = line.strip(" \t\r")
        return bool(bare) and not (_BEGINS.match(bare) or _DATED.match(line))

    def _problem(
        self, index: int, column: int, code: str, message: str, hint: str, level: str = "error"
    ) -> Problem:
        return Problem(
            self.path,
            self.first_line + index,
            column,
            code,
            message,
            hint,
            "warning" if level == "warning" else "error",
        )
