"""The grammar of one task: a Markdown check-box with todo.txt keys.

    - [ ] Send the contract due:2026-12-01 rec:2w pri:high
    - [ ] invoice 2026-031 1200 EUR due:2026-12-01
    - [x] Ask for a reference due:2026-10-01 done:2026-10-03

    due:  day it is due          rec:   recurrence (2w, +2w, +1m@31)     pri:  priority, any word
    t:    hidden until that day  from:  whom it waits for                done: day it was ticked

Keys may stand anywhere after the box, once each. Every other `key:value` belongs to the text. A
task that begins with `invoice NUMBER MONEY` is an invoice; ticked it is paid. A task goes on as a
paragraph of Markdown does, so that it means the same when a formatter has wrapped it: the text of a
task given here may have several lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal

from plaincrm.core.text.markdown_escape import escape, unescape
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

# Some formatters write `\\[ \\]`: that is a check-box all the same.
CHECKBOX = pattern(
    r"(?P<box>[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\\?\[)(?P<mark>[ xX])(?P<close>\\?\])"
    r"(?P<rest>[ \t\n].*|)",
    re.DOTALL,
)
_WORD = pattern(r"\s+(?P<key>due|rec|t|pri|from|done):(?P<value>[^ \t\r\n]+)(?=\s|$)", re.ASCII)
_BREAK = pattern(r"[ \t\r]*\n[ \t]*")
_SPACES = pattern(r"[ \t\r\n]+")
_SLIP = pattern(
    r"(?<!\S)(?P<key>due|rec)(?:[ \t]*=[ \t]*|:[ \t]*)"
    r"(?P<value>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{2,4})?"
    r"|\+?[0-9]{1,3}(?:d|bd|w|m|y)(?:@[0-9]{1,2})?"
    r"|today|tomorrow|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)(?=[ \t\r\n,;]|$)",
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
    """A check-box. `text` has no keys; `line` and `end_line` are lines of the file, 0 when new;
    `ordinal` counts equal texts.
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
    end_line: int = 0

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

    @property
    def placeless(self) -> Task:
        """The task without its place in the file."""
        return changed(self, line=0, ordinal=0, end_line=0)

    def same(self, other: Task) -> bool:
        """Equal but for the place in the file."""
        return self.placeless == other.placeless


@value
class Defect:
    """A key that can't be read; `column` counts from 1 in its line, `below` is how many lines that
    is below the task's first.
    """

    column: int
    code: str
    message: str
    hint: str
    level: Literal["error", "warning"] = "error"
    below: int = 0


def parse(line: str, number: int = 0) -> tuple[Task, tuple[Defect, ...]] | None:
    """The task of a line `- [ ] …`, with those that go on with it, and the keys that can't be read;
    None for other lines and empty boxes.
    """
    match = CHECKBOX.fullmatch(line.rstrip(_BLANKS))
    if match is None:
        return None
    rest, start = match["rest"], match.start("rest")
    text = unescape(_SPACES.sub(" ", _WORD.sub("", rest)).strip(" "))
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
    if "\n" in line:
        defects = [_placed(defect, line) for defect in defects]
    task = _task(text, match["mark"] != " ", keys, number)
    return changed(task, end_line=number and number + line.count("\n")), tuple(defects)


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
    text = escape(" ".join(task.text.split()))
    keys = (f"{key}:{value}" for key, value in task.keys.items())
    words = [f"- [{'x' if task.done else ' '}]", text, *keys]
    return " ".join(filter(None, words))


def rewrite(line: str, old: Task, new: Task) -> str:
    """`line` (without its last end) with what differs between `old` and `new` replaced: box, text,
    keys.
    """
    match = CHECKBOX.fullmatch(line)
    if match is None:
        raise ValueError("no check-box stands there")
    rest = match["rest"]
    if old.text != new.text:
        keys = "".join(_BREAK.sub(" ", word[0]) for word in _WORD.finditer(rest))
        rest = f" {escape(' '.join(new.text.split()))}{keys}"
    for key in KEYS:
        before, after = old.keys.get(key, ""), new.keys.get(key, "")
        if before != after:
            rest = _with_key(rest, key, after)
    mark = "x" if new.done else " "
    if old.done == new.done:
        mark = match["mark"]
    return f"{match['box']}{mark}{match['close']}{rest}"


def _words(rest: str, start: int) -> Iterator[tuple[str, str, int]]:
    for word in _WORD.finditer(rest):
        yield word["key"], unescape(word["value"]), start + word.start("key") + 1


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


def _placed(defect: Defect, text: str) -> Defect:
    """The defect at its own line, where `column` counts from the beginning of a text of several."""
    before = text[: defect.column - 1]
    column = defect.column - before.rfind("\n") - 1
    return changed(defect, column=column, below=before.count("\n"))


def _with_key(rest: str, key: str, value: str) -> str:
    for word in _WORD.finditer(rest):
        if word["key"] == key:
            middle = rest[word.start() : word.start("value")] + value if value else ""
            return rest[: word.start()] + middle + rest[word.end() :]
    first, end, below = rest.partition("\n")
    bare = first.rstrip(_BLANKS)
    return f"{bare} {key}:{value}{first[len(bare) :]}{end}{below}" if value else rest


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
