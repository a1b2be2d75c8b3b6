"""The tasks of Taskwarrior (`task export`) and of todo.txt, as tasks of the records they name.

A project, a tag, `+project` and `@context` name a record by its id or name; of `acme.website` the
whole, then its last part, then its first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from plaincrm.core.values.raw import Raw
from plaincrm.interchange.csv.draft import Draft, LinkHint, Outcome, Reject, SkippedRow
from plaincrm.interchange.json_input import listed, load_json, objects

Read = tuple[Outcome, tuple[str, ...]]
"""What became of a task, and its text as it came."""
_TOP = ("deal", "contact", "company")
_STAMP = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T.*)?")
_STATUS = re.compile(r'"status"\s*:\s*"(?:pending|waiting|completed|deleted|recurring)"')
_DONE = re.compile(r"x (?:(\d{4}-\d\d-\d\d) )?(?:(\d{4}-\d\d-\d\d) )?")
_OPEN = re.compile(r"(?:\(([A-Z])\) )?(?:(\d{4}-\d\d-\d\d) )?")
_NAMED = re.compile(r"(?:^|\s)[+@](\S+)")
_KEY = re.compile(r"(?:^|\s)(due|t|rec|pri):(\S+)")
_EVERY = re.compile(r"(?:P|\+)?(\d*)\s*(days?|dy?|weeks?|wks?|w|months?|mo|m|years?|yrs?|y)", re.I)
_WORDS = {
    "daily": "1d",
    "weekly": "1w",
    "biweekly": "2w",
    "fortnight": "2w",
    "monthly": "1m",
    "bimonthly": "2m",
    "quarterly": "3m",
    "semiannual": "6m",
    "annual": "1y",
    "yearly": "1y",
}
_PRIORITIES = {"H": "high", "M": "", "L": "low", "A": "high", "B": "", "C": "low"}
_KNOWN = frozenset(
    [
        *("id", "uuid", "urgency", "modified", "entry", "description", "status", "due", "end"),
        *("wait", "scheduled", "recur", "project", "tags", "priority", "parent", "mask", "imask"),
        *("rtype", "template", "last"),
    ]
)
"""What a task of Taskwarrior may say that is placed, or is of the program itself."""


def is_taskwarrior(data: bytes) -> bool:
    """Whether the JSON is an export of Taskwarrior, or ours for it: objects with these keys, and a
    status that it knows."""
    head = data[:4096].decode("utf-8", "replace")
    return bool(_STATUS.search(head)) and all(f'"{key}"' in head for key in ("uuid", "description"))


def is_todo(lines: Sequence[str]) -> bool:
    """Whether most lines have a mark of todo.txt: `x `, `(A) `, `+project`, `due:`."""
    marks = [
        bool(re.match(r"x \d{4}-|\([A-Z]\) \S", line) or _NAMED.search(line) or _KEY.search(line))
        for line in lines
    ]
    return bool(marks) and sum(marks) * 5 >= len(marks) * 3


def taskwarrior(data: bytes) -> Iterator[Read]:
    """Each task, numbered from 1. What can't be read as JSON is a Reject."""
    text = data.decode("utf-8-sig", "replace")
    try:
        whole = load_json(text)
        found = whole if isinstance(whole, list) else [whole]
    except ValueError:
        found = [_loaded(line) for line in text.splitlines() if line.strip(" ,[]")]
    for number, item in enumerate(found, 1):
        cells = (item if isinstance(item, str) else json.dumps(item, ensure_ascii=False),)
        if not isinstance(item, dict) or not item.get("description"):
            yield Reject(number, "this is no task", cells), cells
        else:
            yield _warrior(number, item), cells


def _loaded(line: str) -> Any:
    try:
        return load_json(line.strip().rstrip(","))
    except ValueError:
        return line


def _warrior(number: int, item: dict[str, Any]) -> Outcome:
    status = str(item.get("status", ""))
    if status in ("deleted", "recurring"):
        why = "deleted" if status == "deleted" else "the pattern of a recurring task"
        return SkippedRow(number, why)
    names = [str(item.get("project", "")), *map(str, listed(item.get("tags")))]
    fields: dict[str, Raw] = {
        "text": _one_line(item["description"]),
        "entry": _day(item.get("entry")),  # a task here has no day of its making: it is told
        "due": _day_or_text(item.get("due") or item.get("scheduled")),
        "snoozed": _day_or_text(item.get("wait")),
        **_recurrence(str(item.get("recur", ""))),
        "done": _day(item.get("end")) or "done" if status == "completed" else "",
        "priority": _priority(str(item.get("priority", ""))),
        "scheduled": str(item.get("scheduled", "")) if item.get("due") else "",
    }
    if item.get("project"):  # it says where the task goes, so the tags find no place
        fields["tags"] = "; ".join(names[1:])
    notes = [str(each.get("description", "")) for each in objects(item.get("annotations"))]
    fields |= {"annotations": "; ".join(notes)} if notes else {}
    fields |= {name: str(raw) for name, raw in item.items() if name not in {*_KNOWN, "annotations"}}
    return _task(number, fields, names)


def todo(text: str) -> Iterator[Read]:
    """Each line of a todo.txt, numbered as in the file."""
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if line.startswith("#"):
            yield SkippedRow(number, "a comment"), (line,)
        elif line.strip():
            yield _line(number, line.strip()), (line,)


def _line(number: int, line: str) -> Outcome:
    done, opened = _DONE.match(line), _OPEN.match(line)
    assert opened is not None  # it fits any line
    rest = line[done.end() if done else opened.end() :]
    keys = dict(_KEY.findall(rest))
    names = [name for name in _NAMED.findall(rest)]
    words = _one_line(_KEY.sub(" ", rest))
    letter = keys.get("pri", "") or ("" if done else opened[1] or "")
    fields: dict[str, Raw] = {
        "text": words,
        "created": (done[2] if done else opened[2]) or "",
        "due": _day_or_text(keys.get("due")),
        "snoozed": _day_or_text(keys.get("t")),
        **_recurrence(keys.get("rec", "")),
        "done": (done[1] or "done") if done else "",
        "priority": _priority(letter),
    }
    if not words:
        return Reject(number, "the line says nothing", (line,))
    return _task(number, fields, names)


def _task(number: int, fields: dict[str, Raw], names: Sequence[str]) -> Draft:
    words = [part for name in names for part in _parts(name)]
    links = {}
    if words:
        for kind in _TOP:
            head, *others = (LinkHint(kind, "ref", word) for word in words)
            links[kind] = (LinkHint(kind, "ref", head.value, tuple(others)),)
    said = {name: raw for name, raw in fields.items() if raw}
    return Draft("log", number, "", "", {"type": "task", **said}, links)


def _parts(name: str) -> list[str]:
    """What of a project may name a record."""
    steps = name.split(".")
    every = [name, steps[-1], steps[0]]
    spelled = [form for each in every for form in (each, re.sub(r"[-_]+", " ", each))]
    return [each for each in dict.fromkeys(spelled) if each]


def _day(stamp: object) -> str:
    found = _STAMP.fullmatch(str(stamp or ""))
    return "-".join(found.groups()) if found else ""


def _day_or_text(stamp: object) -> str:
    """The day; a text that is none as it stands, so that the report tells of it."""
    return _day(stamp) or str(stamp or "")


def _priority(word: str) -> str:
    return _PRIORITIES.get(word, word)


def _recurrence(text: str) -> dict[str, Raw]:
    """As our duration; under the name of the other program what is none of ours."""
    found = _every(text)
    return {"rec": found} if found else {"recur": text}


def _every(text: str) -> str:
    """`weekly`, `2wks`, `P1M` and `+1m` as our durations; empty for what recurs otherwise."""
    if word := _WORDS.get(text.casefold()):
        return word
    found = _EVERY.fullmatch(text)
    return f"{found[1] or 1}{found[2][0].lower()}" if found else ""


def _one_line(text: object) -> str:
    return " ".join(str(text).split())
