from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.core.awkward import EDITABLE, REFUSED

from plaincrm.core.frontmatter import parse
from plaincrm.core.splice import add_item, delete_field, remove_item, set_field
from plaincrm.errors import Refused

EDITS = 20_000
RECORD = """\
---
name: Ada   # her name
email: 'a@example.com'
tags: [vip, news]   # two
list:
  - a   # first
  # about b
  - "b"

note: |
  one
  two

phones:
  work: 1 # w
  home: 2
empty:   # nothing
# end
long: [
  a,  # x
  b   # y
]
---
body
"""


def changed(before: str, after: str) -> tuple[str, str]:
    """What differs, in whole lines, without the common beginning and end."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return "".join(old), "".join(new)


SETS: list[tuple[str, Any, str, str]] = [
    ("name", "Bob", "name: Ada   # her name\n", "name: Bob   # her name\n"),
    ("name", "NO", "name: Ada   # her name\n", 'name: "NO"   # her name\n'),
    ("name", "a: b", "name: Ada   # her name\n", 'name: "a: b"   # her name\n'),
    ("name", ["a", "b"], "name: Ada   # her name\n", "name: [a, b]   # her name\n"),
    ("email", "o'x@example.com", "email: 'a@example.com'\n", "email: 'o''x@example.com'\n"),
    ("email", "a\tb", "email: 'a@example.com'\n", 'email: "a\\tb"\n'),
    ("tags", ["vip"], "tags: [vip, news]   # two\n", "tags: [vip]   # two\n"),
    ("tags", ["x", "vip", "news"], "tags: [vip, news]   # two\n", "tags: [x, vip, news]   # two\n"),
    ("tags", [], "tags: [vip, news]   # two\n", "tags: []   # two\n"),
    ("list", ["a", "c", "d"], '  - "b"\n', '  - "c"\n  - d\n'),
    ("list", ["z", "a", "b"], "", "  - z\n"),
    ("note", "three", "note: |\n  one\n  two\n", "note: |-\n  three\n"),
    ("note", "one\n2\n", "  two\n", "  2\n"),
    ("phones", {"work": "9", "home": "2"}, "  work: 1 # w\n", "  work: 9 # w\n"),
    ("phones", {"home": "2"}, "  work: 1 # w\n", ""),
    ("phones", {"work": "1", "fax": "3", "home": "2"}, "", "  fax: 3\n"),
    ("empty", "v", "empty:   # nothing\n", "empty: v   # nothing\n"),
    ("empty", {"a": "v"}, "", "  a: v\n"),
    ("long", ["a", "b", "c"], "  b   # y\n", "  b,   # y\n  c\n"),
    ("long", ["b"], "  a,  # x\n", ""),
]


@pytest.mark.parametrize(("name", "value", "old", "new"), SETS)
def test_set_changes_only_what_differs(name: str, value: Any, old: str, new: str) -> None:
    after = set_field(RECORD, name, value)
    assert changed(RECORD, after) == (old, new)
    assert parse(after).fields[name] == value


def test_an_equal_value_leaves_the_text_alone() -> None:
    for name, value in parse(RECORD).fields.items():
        assert set_field(RECORD, name, value) == RECORD


@pytest.mark.parametrize(
    ("order", "line_before"),
    [
        (["name", "stage", "email"], "name: Ada   # her name\n"),
        (["missing", "note", "stage", "name"], "  two\n"),
        (["stage", "email"], "name: Ada   # her name\n"),
        ([], "]\n"),
    ],
)
def test_a_new_field_goes_where_the_order_puts_it(order: list[str], line_before: str) -> None:
    after = set_field(RECORD, "stage", "lead", order)
    assert changed(RECORD, after) == ("", "stage: lead\n")
    assert line_before + "stage: lead\n" in after


def test_a_comment_above_a_field_stays_with_it() -> None:
    text = "---\n# about b\nb: 1\n---\n"
    assert set_field(text, "a", "x", ["a", "b"]) == "---\na: x\n# about b\nb: 1\n---\n"


def test_items_come_and_go_in_the_style_of_the_list() -> None:
    assert changed(RECORD, add_item(RECORD, "list", "c")) == ("", "  - c\n")
    assert changed(RECORD, add_item(RECORD, "tags", "a, b"))[1] == 'tags: [vip, news, "a, b"]   # two\n'
    assert changed(RECORD, add_item(RECORD, "name", "Bob"))[1] == "name: [Ada, Bob]   # her name\n"
    assert changed(RECORD, add_item(RECORD, "new", "x")) == ("", "new: [x]\n")
    assert changed(RECORD, remove_item(RECORD, "list", "b")) == ('  - "b"\n', "")
    assert changed(RECORD, remove_item(RECORD, "email", "a@example.com"))[1] == ""
    assert add_item(RECORD, "tags", "vip") == RECORD
    assert remove_item(RECORD, "tags", "absent") == RECORD
    assert remove_item(RECORD, "absent", "x") == RECORD


def test_removing_the_last_item_deletes_the_field() -> None:
    assert remove_item("---\na: 1\ntags: [x]\n---\n", "tags", "x") == "---\na: 1\n---\n"
    assert remove_item("---\ntags:\n- x\n---\nbody", "tags", "x") == "---\n---\nbody"


def test_adding_to_a_map_is_refused() -> None:
    with pytest.raises(Refused, match="label"):
        add_item(RECORD, "phones", "3")


def test_delete_leaves_comments_and_blank_lines() -> None:
    assert changed(RECORD, delete_field(RECORD, "name")) == ("name: Ada   # her name\n", "")
    without = delete_field(RECORD, "list")
    assert "  # about b\n\nnote: |" in without
    assert "first" not in without
    assert delete_field(RECORD, "absent") == RECORD


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_unsure_is_refused_with_its_line(case: str) -> None:
    text, name, line = REFUSED[case]
    for edit in (lambda: set_field(text, name, "new"), lambda: delete_field(text, name)):
        with pytest.raises(Refused) as refused:
            edit()
        assert f"(line {line})" in refused.value.message
        assert "plaincrm edit" in refused.value.hint


def test_other_fields_of_a_file_with_an_alias_can_be_edited() -> None:
    text = "---\na: &x 1\nb: *x\nc: 2\n---\n"
    assert set_field(text, "c", "3") == text.replace("c: 2", "c: 3")


# ---- 20,000 random edits -----------------------------------------------------------------------------------

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
    """Whether the second opinion could be had. Asserts that the edit did what it says and nothing else."""
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
            # A comment under the last field may count to the new one here, so only the first line is sure.
            start = place_now[0]
            added = len(new_lines) - len(old_lines)
            assert new_lines[:start] + new_lines[start + added :] == old_lines, (before, after, edit)
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


def test_twenty_thousand_random_edits(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    random_ = random.Random(20261121)
    naughty = json.loads((shared_data / "blns" / "blns.json").read_text(encoding="utf-8"))
    human = ["lead", "4200 EUR", "2026-12-01", "NO", "02142", "a, b", "it's", "one\ntwo\n", "x: y", ""]
    sources = {
        "hand-written files": list(EDITABLE.values()),
        "YAML test suite": list(suite_snippets(shared_data / "yaml-test-suite" / "src")),
    }
    done, refused, seconded = Counter[str](), Counter[str](), 0
    while done.total() < EDITS:
        source = random_.choice(list(sources))
        text = random_.choice(sources[source])
        for _ in range(8):
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
        for source, count in done.items():
            print(f"  {source}: {count} edits, {refused[source] / count:.1%} refused")
    assert seconded > EDITS * 0.6
    assert refused["hand-written files"] < done["hand-written files"] * 0.02
