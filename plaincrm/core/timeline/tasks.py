"""The grammar of one task: a Markdown check-box with todo.txt keys.

    - [ ] Send the contract due:2026-12-01 rec:2w pri:high
    - [ ] invoice 2026-031 1200 EUR due:2026-12-01
    - [x] Ask for a reference due:2026-10-01 done:2026-10-03

    due:  day it is due          rec:   recurrence (2w, +2w, +1m@31)     pri:  priority, any word
    t:    hidden until that day  from:  whom it waits for                done: day it was ticked

Keys may stand anywhere after the box, once each. Every other `key:value` belongs to the text. A
task that begins with `invoice NUMBER MONEY` is an invoice; ticked it is paid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal

from plaincrm.core.text.pattern import pattern
from plaincrm.core.timeline import recurrence
from plaincrm.core.value_class import changed, value

KEYS = ("due", "rec", "t", "pri", "from", "done")
_FIELDS = {
    "due": "due",
    "rec": "rec",
    "t": "snoozed",
    "pri": "pri",
    "from": "waiting",
    "done": "done_on",
}
_DATES = ("due", "t", "done")

CHECKBOX = pattern(
    r"(?P<box>[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\[)(?P<mark>[ xX])\](?P<rest>[ \t].*|)"
)
_WORD = pattern(r"[ \t]+(?P<key>due|rec|t|pri|from|done):(?P<value>[^ \t\r]+)(?=[ \t\r]|$)")
_SLIP = pattern(
    r"(?<!\S)(?P<key>due|rec)(?:[ \t]*=[ \t]*|:[ \t]*)"
    r"(?P<value>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{2,4})?"
    r"|\+?[0-9]{1,3}(?:d|bd|w|m|y)(?:@[0-9]{1,2})?"
    r"|today|tomorrow|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)(?=[ \t\r,;]|$)",
    re.IGNORECASE,
)
_INVOICE = pattern(
    r"invoice[ \t]+(?P<number>\S+)[ \t]+"
    r"(?P<money>[+-]?[0-9][0-9.,']*(?: ?[A-Z]{3}\b)?(?:/(?:month|quarter|year)\b)?)(?=[\s,;:]|$)",
    re.IGNORECASE,
)
_BLANKS = " \t\r"


@value
class Invoice:
    """`money` is text as the user wrote it, such as `1200 EUR`."""

    number: str
    money: str


@value
class Task:
    """A check-box. `text` has no keys; `line` is the file line, 0 when new; `ordinal` counts equal
    texts.
    """

    text: str
    done: bool = False
    due: date | None = None
    rec: str = ""
    snoozed: date | None = None
    pri: str = ""
    waiting: str = ""
    done_on: date | None = None
    line: int = 0
    ordinal: int = 0

    @property
    def invoice(self) -> Invoice | None:
        """The invoice that the text names, or None."""
        match = _INVOICE.match(self.text)
        return Invoice(match["number"], match["money"]) if match else None

    @property
    def keys(self) -> dict[str, str]:
        """The keys as they stand in a file, those that are set, in canonical order."""
        values = {key: getattr(self, _FIELDS[key]) for key in KEYS}
        return {key: str(value) for key, value in values.items() if value}

    def same(self, other: Task) -> bool:
        """Equal but for the place in the file."""
        return changed(self, line=0, ordinal=0) == changed(other, line=0, ordinal=0)


@value
class Defect:
    """A key that can't be read; `column` counts from 1 in the line."""

    column: int
    code: str
    message: str
    hint: str
    level: Literal["error", "warning"] = "error"


def parse(line: str, number: int = 0) -> tuple[Task, tuple[Defect, ...]] | None:
    """The task of a line `- [ ] …` and the keys that can't be read; None for other lines and empty
    boxes.
    """
    match = CHECKBOX.fullmatch(line.rstrip(_BLANKS))
    if match is None:
        return None
    rest, start = match["rest"], match.start("rest")
    text = _WORD.sub("", rest).strip(_BLANKS)
    keys: dict[str, str] = {}
    defects: list[Defect] = []
    for key, said, column in _words(rest, start):
        if key in keys:
            defects.append(Defect(column, "task-key", f"{key}: stands twice", "delete one of them"))
        elif (defect := _defect(key, said, column)) is not None:
            defects.append(defect)
        keys.setdefault(key, said)
    if not text and not keys:
        return None
    defects += _slips(rest, start)
    return _task(text, match["mark"] != " ", keys, number), tuple(defects)


def parse_text(text: str) -> Task:
    """An open task from words such as `Send the contract due:2026-12-01`. Raises ValueError on a
    bad key.
    """
    found = parse("- [ ] " + " ".join(text.split()))
    if found is None:
        raise ValueError("a task needs a text")
    task, defects = found
    if defects and defects[0].level == "error":
        raise ValueError(f"{defects[0].message}; {defects[0].hint}")
    return task


def format(task: Task) -> str:
    """The canonical line, without its end: `- [ ] TEXT due:… rec:… t:… pri:… from:… done:…`."""
    text = " ".join(task.text.split())
    keys = (f"{key}:{value}" for key, value in task.keys.items())
    words = [f"- [{'x' if task.done else ' '}]", text, *keys]
    return " ".join(filter(None, words))


def rewrite(line: str, old: Task, new: Task) -> str:
    """`line` (without its end) with what differs between `old` and `new` replaced: box, text,
    keys.
    """
    match = CHECKBOX.fullmatch(line)
    if match is None:
        raise ValueError("no check-box stands there")
    rest = match["rest"]
    if old.text != new.text:
        keys = "".join(word[0] for word in _WORD.finditer(rest))
        rest = f" {' '.join(new.text.split())}{keys}"
    for key in KEYS:
        before, after = old.keys.get(key, ""), new.keys.get(key, "")
        if before != after:
            rest = _with_key(rest, key, after)
    mark = "x" if new.done else " "
    if old.done == new.done:
        mark = match["mark"]
    return f"{match['box']}{mark}]{rest}"


def _words(rest: str, start: int) -> Iterator[tuple[str, str, int]]:
    for word in _WORD.finditer(rest):
        yield word["key"], word["value"], start + word.start("key") + 1


def _slips(rest: str, start: int) -> Iterator[Defect]:
    """Words meant as keys and read as text: `Due:2026-12-01`, `due: fri`, `due=fri`."""
    if "due" not in rest.casefold() and "rec" not in rest.casefold():
        return
    for slip in _SLIP.finditer(rest):
        key, value = slip["key"].casefold(), slip["value"]
        if slip[0] != f"{key}:{value}":
            message = f'"{slip[0]}" is read as text, not as a key'
            hint = f"write {key}:2026-12-01" if key == "due" else f"write {key}:{value}"
            column = start + slip.start() + 1
            yield Defect(column, "task-slip", message, hint, "warning")


def key_words(line: str) -> list[str]:
    """The keys of tasks that stand in a line, as they are written."""
    return [word[0].strip(_BLANKS) for word in _WORD.finditer(f" {line}")]


def _with_key(rest: str, key: str, value: str) -> str:
    for word in _WORD.finditer(rest):
        if word["key"] == key:
            middle = rest[word.start() : word.start("value")] + value if value else ""
            return rest[: word.start()] + middle + rest[word.end() :]
    bare = rest.rstrip(_BLANKS)
    return f"{bare} {key}:{value}{rest[len(bare) :]}" if value else rest


def _defect(key: str, value: str, column: int) -> Defect | None:
    if key in _DATES and _date(value) is None:
        return Defect(
            column, "task-date", f"{key}:{value} is not a date", "write a date such as 2026-12-01"
        )
    if key == "rec":
        try:
            recurrence.parse(value)
        except ValueError:
            hint = "write one such as rec:2w, rec:+1m or rec:+1m@31"
            return Defect(column, "task-rec", f'"{value}" is no recurrence', hint)
    return None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 and text.isascii() else None
    except ValueError:
        return None


def _task(text: str, done: bool, keys: dict[str, str], number: int) -> Task:
    def day(key: str) -> date | None:
        return _date(keys.get(key, ""))

    return Task(
        text,
        done,
        day("due"),
        keys.get("rec", ""),
        day("t"),
        keys.get("pri", ""),
        keys.get("from", ""),
        day("done"),
        number,
    )
