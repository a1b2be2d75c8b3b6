"""Open tasks for other programs: todo.txt, Taskwarrior, remind."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import date

from plaincrm.core.value_class import value

_NAMESPACE = uuid.UUID("6f2b9a3e-6a2c-5c0e-9d1f-2f6d0b7a5c11")  # of the tasks of plaincrm's books
_HIGH, _LOW = ("urgent", "high", "a", "1"), ("low", "c", "3")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@value
class ListedTask:
    """An open task: the record it stands on (`contact/ada`) and its title, its words, its keys.
    `identity` stays the same for as long as its words do.
    """

    record: str
    title: str
    text: str
    identity: str
    due: date | None = None
    rec: str = ""
    hidden: date | None = None
    priority: str = ""
    tags: tuple[str, ...] = ()


def todo_txt(tasks: Iterable[ListedTask]) -> Iterator[str]:
    """A line each: `(A) Call her @ada-lovelace due:2026-12-01`; contexts are records."""
    for task in tasks:
        letter = {"high": "(A)", "low": "(C)"}.get(_level(task), "")
        keys = [f"@{task.record.partition('/')[2]}"]
        keys += [f"due:{task.due}"] if task.due else []
        keys += [f"rec:{task.rec}"] if task.rec else []
        keys += [f"t:{task.hidden}"] if task.hidden else []
        # A text that began like a letter or a tick of the format would be read as one.
        text = re.sub(r"^(?:x |\([A-Z]\) )+", "", _line(task.text)) or "-"
        yield " ".join(filter(None, (letter, text, *keys))) + "\n"


def taskwarrior(tasks: Iterable[ListedTask]) -> Iterator[str]:
    """JSON as `task import` reads it, an object a line; the same task has the same uuid again."""
    for task in tasks:
        found = {
            "uuid": str(uuid.uuid5(_NAMESPACE, f"{task.record}\0{task.identity}")),
            "status": "pending",
            "description": _line(f"{task.title}: {task.text}"),
            "project": task.record.replace("/", "."),
            "priority": {"high": "H", "low": "L"}.get(_level(task), ""),
            "due": f"{task.due:%Y%m%d}T120000Z" if task.due else "",
            "wait": f"{task.hidden:%Y%m%d}T000000Z" if task.hidden else "",
            "tags": [tag for tag in task.tags if re.fullmatch(r"[^\W\d]\w*", tag)],
        }
        kept = {name: held for name, held in found.items() if held}
        yield json.dumps(kept, ensure_ascii=False) + "\n"


def remind(tasks: Iterable[ListedTask]) -> Iterator[str]:
    """`REM` lines with a week's warning; undated tasks have no place there."""
    for task in tasks:
        if task.due:
            when = f"{task.due.day} {_MONTHS[task.due.month - 1]} {task.due.year}"
            yield f"REM {when} +7 MSG {_message(f'{task.title}: {task.text}')} %b%\n"


def remind_birthdays(found: Iterable[tuple[str, int, int]]) -> Iterator[str]:
    """A `REM` line for each name, month and day, every year."""
    for name, month, day in found:
        if (month, day) == (2, 29):  # the last of February, in each year
            yield f"REM Mar 1 -1 +7 MSG {_message(name)}: birthday %b%\n"
        else:
            yield f"REM {day} {_MONTHS[month - 1]} +7 MSG {_message(name)}: birthday %b%\n"


def _level(task: ListedTask) -> str:
    word = task.priority.casefold()
    if word in _HIGH:
        return "high"
    return "low" if word in _LOW else ""


def _line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _message(text: str) -> str:
    """Words that run no expression: remind evaluates what stands between brackets."""
    return _line(text).replace("%", "%%").replace("[", "(").replace("]", ")").rstrip("\\")
