"""Twenty thousand random edits, of fields, log and tasks, on awkward files: each changes what it
says, or nothing.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from plaincrm.core.timeline import document, line_edit
from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.yaml.field_edit import add_item, delete_field, remove_item, set_field
from plaincrm.core.yaml.front_matter import parse
from plaincrm.errors import Refused
from tests.core.awkward import EDITABLE

EDITS = 24_000
Edit = tuple[str, str, Any]  # what, field, value


def suite_snippets(folder: Path) -> Iterator[str]:
    marks = {"␣": " ", "↵": "", "∎\n": "", "←": "\r", "⇔": "\ufeff"}
    for path in sorted(folder.glob("*.yaml")):
        for case in yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader):
            snippet = re.sub("—*»", "\t", case.get("yaml", ""))
            for mark, char in marks.items():
                snippet = snippet.replace(mark, char)
            end = "" if snippet.endswith("\n") else "\n"
            yield f"---\n{snippet}{end}---\nbody: no field\n"


def random_value(random_: random.Random, strings: list[str]) -> Any:
    kind = random_.randrange(10)
    if kind < 6:
        return random_.choice(strings)
    if kind < 8:
        return [random_.choice(strings) for _ in range(random_.randrange(4))]
    return {f"k{number}": random_.choice(strings) for number in range(random_.randrange(3))}


def random_line_edit(random_: random.Random, text: str, words: list[str]) -> Callable[[str], str]:
    """A log entry, a new task, or a tick of one that is there."""
    day = date(2026, random_.randint(1, 12), random_.randint(1, 28))
    open_tasks = [task for task in document.read(text).timeline.tasks if not task.done]
    what = random_.choice(["log", "log", "task", "tick"] if open_tasks else ["log", "task"])
    if what == "tick":
        task = random_.choice(open_tasks)
        return lambda old: line_edit.tick(old, task, day)
    if what == "task":
        new = Task(random_.choice(words), due=day if random_.random() < 0.5 else None)
        return lambda old: line_edit.add_task(old, new)
    entry = Entry(day, random_.choice(["call", "note", "email"]), random_.choice(words))
    return lambda old: line_edit.add_entry(old, entry)


def check_lines(before: str, after: str) -> None:
    """Front matter to the byte as it was; in the body one place differs, by lines that came in or
    one that changed.
    """
    old_front, old_body = split(before)
    new_front, new_body = split(after)
    assert new_front == old_front
    old, new = lines_of(old_body), lines_of(new_body)
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    assert len(old) <= 1 or sum(line not in new for line in old) <= 1, (before, after)


def random_edit(random_: random.Random, text: str, strings: list[str]) -> Edit:
    fields = parse(text).fields
    name = random_.choice([*fields, *fields, "new", "zip"])
    present = fields.get(name)
    what = random_.choice(["set", "set", "add", "remove", "delete"])
    if what == "set":
        value = random_value(random_, strings)
        if isinstance(present, list) and random_.random() < 0.7:
            value = [each for each in present if random_.random() < 0.8]
            value.insert(random_.randint(0, len(value)), random_.choice(strings))
        if isinstance(present, dict) and random_.random() < 0.7:
            value = {key: each for key, each in present.items() if random_.random() < 0.8}
            value[random_.choice([*present, "extra"])] = random_.choice(strings)
        return what, name, value
    if what == "remove" and isinstance(present, list) and present:
        flat = [each for each in present if isinstance(each, str)]
        return what, name, random_.choice(flat) if flat else "absent"
    if what == "remove" and isinstance(present, str):
        return what, name, random_.choice([present, "absent"])
    return what, name, random_.choice(strings)


def apply(text: str, edit: Edit) -> str:
    what, name, value = edit
    edits: dict[str, Callable[[], str]] = {
        "set": lambda: set_field(text, name, value, ["name", "zip", "tags"]),
        "add": lambda: add_item(text, name, value, ["name", "zip", "tags"]),
        "remove": lambda: remove_item(text, name, value),
        "delete": lambda: delete_field(text, name),
    }
    return edits[what]()


def expected_fields(fields: dict[str, Any], edit: Edit) -> dict[str, Any]:
    """What the edit says, on plain values."""
    what, name, value = edit
    present = fields.get(name)
    after = {key: each for key, each in fields.items() if key != name}
    if what == "set":
        after[name] = value
    elif what == "add":
        items = list(present) if isinstance(present, list) else [present] if present else []
        labelled = isinstance(present, dict)  # which is refused, unless the value is there
        after[name] = present if labelled or value in items else [*items, value]
    elif what == "remove" and name in fields:
        rest: Any = present
        if isinstance(present, list):
            rest = [each for each in present if each != value]
        elif isinstance(present, dict):
            rest = {key: each for key, each in present.items() if each != value}
        elif present == value:
            rest = None
        if rest or rest == present:
            after[name] = rest
    return after


def split(text: str) -> tuple[str, str]:
    """The front matter with its opening fence, and the rest, found line by line."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    fence = re.compile(r"(---|\.\.\.)[ \t]*\r?\n?")
    end = next(number for number, line in enumerate(lines) if number and fence.fullmatch(line))
    return "".join(lines[:end]), "".join(lines[end:])


def loaded(front: str) -> Any:
    """The fields as PyYAML's own loader has them, or None where its dialect is another one."""
    if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]|.\ufeff", front):
        return None
    try:
        return yaml.load(front.removeprefix("\ufeff"), yaml.CBaseLoader) or {}
    except (yaml.YAMLError, TypeError, ValueError):
        return None


def region(front: str, name: str) -> tuple[int, int] | None:
    """First line of the field and first line of the next one, as PyYAML's composer has them."""
    node = yaml.compose(front.removeprefix("\ufeff"), yaml.CBaseLoader)
    starts = [(key.value, key.start_mark.line) for key, _ in node.value] if node else []
    for number, (key, line) in enumerate(starts):
        if key == name:
            last = starts[number + 1][1] if number + 1 < len(starts) else len(lines_of(front))
            return line, last
    return None


def lines_of(text: str) -> list[str]:
    return [line for line in re.split(r"(?<=\n)|(?<=\r)(?!\n)", text) if line]


def check(before: str, after: str, edit: Edit) -> bool:
    """Whether the second opinion could be had. Asserts that the edit did what it says and nothing
    else.
    """
    old_front, old_rest = split(before)
    new_front, new_rest = split(after)
    assert new_rest == old_rest, edit
    old, new = loaded(old_front), loaded(new_front)
    if old is None or new is None:
        return False
    name = edit[1]
    assert new == expected_fields(old, edit), (before, after, edit)
    old_lines, new_lines = lines_of(old_front), lines_of(new_front)
    place = region(old_front, name)
    if place is None:
        place_now = region(new_front, name)
        if place_now is not None:
            # A comment under the last field may count to the new one here, so only the first line
            # is sure.
            start = place_now[0]
            added = len(new_lines) - len(old_lines)
            assert new_lines[:start] + new_lines[start + added :] == old_lines, (
                before,
                after,
                edit,
            )
        return True
    start, end = place
    assert new_lines[:start] == old_lines[:start], (before, after, edit)
    behind = len(old_lines) - end
    assert behind == 0 or new_lines[-behind:] == old_lines[-behind:], (before, after, edit)
    own = old_lines[start:end]
    if isinstance(old[name], (list, dict)) and not re.search(r"[|>{\[]", "".join(own)):
        kept = Counter(line for line in own if not line.strip() or line.strip().startswith("#"))
        assert kept <= Counter(new_lines[start : len(new_lines) - behind]), (before, after, edit)
    return True


def test_twenty_thousand_random_edits(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random_ = random.Random(20261121)
    naughty = json.loads((shared_data / "blns" / "blns.json").read_text(encoding="utf-8"))
    human = [
        "lead",
        "4200 EUR",
        "2026-12-01",
        "NO",
        "02142",
        "a, b",
        "it's",
        "one\ntwo\n",
        "x: y",
        "",
    ]
    sources = {
        "hand-written files": list(EDITABLE.values()),
        "YAML test suite": list(suite_snippets(shared_data / "yaml-test-suite" / "src")),
    }
    done, refused, seconded, lines, unfit = Counter[str](), Counter[str](), 0, 0, 0
    while done.total() < EDITS:
        source = random_.choice(list(sources))
        text = random_.choice(sources[source])
        for _ in range(8):
            if random_.random() < 0.3:
                done[source] += 1
                lines += 1
                words = naughty if random_.random() < 0.5 else human
                try:
                    after = random_line_edit(random_, text, words)(text)
                except Refused as error:
                    assert error.message
                    refused[source] += 1
                    unfit += 1
                    continue
                check_lines(text, after)
                text = after
                continue
            edit = random_edit(random_, text, naughty if random_.random() < 0.5 else human)
            is_labelled = edit[0] == "add" and isinstance(parse(text).fields.get(edit[1]), dict)
            done[source] += 1
            try:
                after = apply(text, edit)
            except Refused as error:
                assert "(line " in error.message and error.hint
                refused[source] += 1
                assert source != "hand-written files" or is_labelled, (text, edit, error.message)
                continue
            seconded += check(text, after, edit)
            text = after
    with capsys.disabled():
        print(f"\n{done.total()} random edits, {seconded} checked against PyYAML's own loader")
        print(f"  {lines} of them of log and tasks, {unfit / lines:.1%} of these refused")
        for source, count in done.items():
            print(f"  {source}: {count} edits, {refused[source] / count:.1%} refused")
    assert seconded > EDITS * 0.4
    assert unfit < lines * 0.25
    assert refused["hand-written files"] - unfit < done["hand-written files"] * 0.02
