"""One task in three versions: its keys merge singly, done beats open, of dates the later.

Of other keys that were set differently the larger bytes stand: a task has no room for a conflict.
"""

from __future__ import annotations

from datetime import date

from plaincrm.core.merge.weave import larger, pick
from plaincrm.core.timeline import tasks
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.value_class import changed


def merge_line(base: str | None, left: str, right: str) -> str:
    """The line of a task that both sides have, with its end, out of both."""
    if base is not None and (base in (left, right) or left == right):
        return right if left == base else left
    old, a, b = (_read(line) if line else None for line in (base, left, right))
    line = larger(left, right) or left
    if a is None or b is None:
        return line
    merged = _merged(old, a, b)
    if merged.same(a) != merged.same(b):
        return left if merged.same(a) else right
    body = line.rstrip("\r\n")
    standing = _read(line)
    assert standing is not None
    return tasks.rewrite(body, standing, merged) + line[len(body) :]


def _merged(base: Task | None, a: Task, b: Task) -> Task:
    old = base or Task(a.text)
    return changed(
        a,
        done=pick((old.done, a.done, b.done), lambda x, y: x or y),
        due=pick((old.due, a.due, b.due), _later),
        snoozed=pick((old.snoozed, a.snoozed, b.snoozed), _later),
        done_on=pick((old.done_on, a.done_on, b.done_on), _later),
        rec=pick((old.rec, a.rec, b.rec), max),
        pri=pick((old.pri, a.pri, b.pri), max),
        waiting=pick((old.waiting, a.waiting, b.waiting), max),
    )


def _later(a: date | None, b: date | None) -> date | None:
    return max((day for day in (a, b) if day is not None), default=None)


def _read(line: str) -> Task | None:
    found = tasks.parse(line.rstrip("\r\n"))
    return found[0] if found else None
