from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from plaincrm.core.yaml import document, front_matter
from plaincrm.core.yaml.document import FrontMatterPage, spliced
from plaincrm.core.yaml.field_edit import (
    add_item,
    delete_field,
    remove_item,
    set_field,
    set_fields,
)
from plaincrm.core.yaml.front_matter import parse
from plaincrm.errors import Refused
from tests.core.awkward import REFUSED

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
    assert (
        changed(RECORD, add_item(RECORD, "tags", "a, b"))[1]
        == 'tags: [vip, news, "a, b"]   # two\n'
    )
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


# ---- 20,000 random edits
# -----------------------------------------------------------------------------------


PAIRS = [pair for pair in combinations(SETS, 2) if pair[0][0] != pair[1][0]]


def test_fields_set_together_are_as_set_one_after_the_other() -> None:
    for (one, first, *_), (other, second, *_) in PAIRS:
        together = set_fields(FrontMatterPage(RECORD), {one: first, other: second})
        assert together.text == set_field(set_field(RECORD, one, first), other, second)
        gone = set_fields(FrontMatterPage(RECORD), {one: None, other: second})
        assert gone.text == set_field(delete_field(RECORD, one), other, second)


@pytest.mark.parametrize("order", [[], ["name", "b", "a", "email"], ["b", "c", "name"], ["c", "b"]])
def test_new_fields_stand_as_if_set_one_after_the_other(order: list[str]) -> None:
    values = {"c": "1", "a": "2", "b": ["3"]}
    text = RECORD
    for name, value in values.items():
        text = set_field(text, name, value, order)
    assert set_fields(FrontMatterPage(RECORD), values, order).text == text


def test_many_fields_are_read_twice_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []

    def counted(text: str, *rest: Any) -> Any:
        reads.append(text)
        return front_matter.read_tree(text, *rest)

    monkeypatch.setattr(document, "read_tree", counted)
    after = set_fields(
        FrontMatterPage(RECORD), {"name": "Bob", "empty": "x", "new": "1", "email": None}
    )
    assert len(reads) == 2
    assert after.document() == parse(after.text)


def test_of_fields_set_together_the_one_that_cant_be_edited_is_named() -> None:
    text = "---\nname: Ada\njob: &x Boss\n---\n"
    with pytest.raises(Refused, match='"job" holds the anchor'):
        set_fields(FrontMatterPage(text), {"name": "Bob", "job": "Chief"})


def test_lines_shared_by_two_edits_are_never_lost() -> None:
    assert spliced("abcd", [(3, 3, "x"), (1, 2, "B"), (3, 3, "y")]) == "aBcxyd"
    with pytest.raises(ValueError, match="overlap"):
        spliced("abcd", [(0, 2, ""), (1, 3, "")])


def test_an_empty_item_is_added_to_an_empty_value() -> None:
    text = "---\na:\n---\n"
    assert parse(add_item(text, "a", "")).fields == {"a": [""]}
