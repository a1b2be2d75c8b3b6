"""Properties of Logseq: `key:: value` lines at the top of a page, read and edited in place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.records.edits import AddEntry, AddItem, DeleteField, SetField, apply
from plaincrm.core.timeline.log import Entry
from plaincrm.core.yaml.front_matter import parse
from plaincrm.core.yaml.positions import FieldPlaces
from plaincrm.core.yaml.properties import find, set_properties
from plaincrm.errors import Refused

LINES = "type:: [[Person]]\nemail:: ada@x.example\n\n- Met at the fair.\n"
BLOCK = "- type:: [[Person]]\n  email:: ada@x.example\n- Met at the fair.\n"
BULLETS = "- type:: [[Person]]\r\n- email::  ada@x.example  \r\n- Met.\r\n"


@pytest.mark.parametrize("text", [LINES, BLOCK, BULLETS, f"\ufeff{LINES}"])
def test_all_three_forms_are_read(text: str) -> None:
    page = parse(text, "ada.md")
    assert page.fields == {"type": "[[Person]]", "email": "ada@x.example"}
    assert page.problems == ()
    assert page.body.strip().startswith("- Met")
    assert "::" not in page.body
    assert page.lines == {"type": 1, "email": 2}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("tags:: vip, #client, [[Big fish]]", ["vip", "client", "Big fish"]),
        ("tags:: #vip #client", ["vip", "client"]),
        ("tags:: #vip", "vip"),
        ("contact:: [[Ada Byron]], [[Bob]]", ["[[Ada Byron]]", "[[Bob]]"]),
        ("email:: a@x.example, b@x.example", ["a@x.example", "b@x.example"]),
        ("phone:: +49 30 123456, +49 151 1234567", ["+49 30 123456", "+49 151 1234567"]),
        ("amount:: 1,200", "1,200"),
        ("name:: Byron, Ada", "Byron, Ada"),
        ("note::", ""),
        ("site:: https://x.example/a::b", "https://x.example/a::b"),
    ],
)
def test_what_a_value_means(written: str, meant: object) -> None:
    (value,) = parse(f"{written}\n").fields.values()
    assert value == meant


@pytest.mark.parametrize(
    "text", ["", "Text\nkey:: value\n", "std::string x;\n", "  a:: b\n", "# a:: b\n", "a b:: c\n"]
)
def test_what_is_none(text: str) -> None:
    assert find(text) is None


def test_edits_change_the_value_and_nothing_else() -> None:
    said = apply(BULLETS, [SetField("email", "new@x.example")])
    assert said == BULLETS.replace("ada@x.example", "new@x.example")
    assert apply(BLOCK, [SetField("city", "Köln")]) == BLOCK.replace(
        "ada@x.example\n", "ada@x.example\n  city:: Köln\n"
    )
    assert apply(BULLETS, [SetField("city", "Köln")]).count("\r\n- city:: Köln\r\n- Met") == 1
    assert apply(BLOCK, [DeleteField("type")]) == "- email:: ada@x.example\n- Met at the fair.\n"
    assert apply("tags:: #vip, [[Big fish]]\n", [AddItem("tags", "new")]) == (
        "tags:: #vip, [[Big fish]], new\n"
    )
    assert apply("name::\n", [SetField("name", "Ada")]) == "name:: Ada\n"
    assert apply("name:: Ada", [SetField("city", "Ulm")]) == "name:: Ada\ncity:: Ulm"


def test_a_log_goes_below() -> None:
    after = apply(LINES, [AddEntry(Entry(date(2026, 11, 20), "call", "Scope"))])
    assert after.startswith(LINES)
    assert after.endswith("## Log\n- 2026-11-20 call: Scope\n")


@pytest.mark.parametrize(
    "value", [{"work": "a@x.example"}, "two\nlines", " ", ["a, b", "c"], ["plain", "words"]]
)
def test_what_a_line_cant_hold_is_refused(value: object) -> None:
    with pytest.raises(Refused):
        set_properties(LINES, {"email": value})  # type: ignore[dict-item]


def test_a_key_that_stands_twice_is_told_and_not_edited() -> None:
    text = "- name:: Ada\n  name:: Bob\n"
    (problem,) = parse(text, "ada.md").problems
    assert (problem.line, problem.column, problem.code) == (2, 3, "yaml-duplicate-key")
    assert parse(text).fields == {"name": "Ada"}
    with pytest.raises(Refused, match="twice"):
        apply(text, [SetField("name", "Eve")])


def test_places() -> None:
    places = FieldPlaces(BLOCK)
    assert (places.key("email"), places.value("email")) == ((2, 3), (2, 11))
    assert (places.key("none"), places.values("none")) == ((1, 1), [])


KEYS = st.sampled_from(["type", "email", "tags", "city", "über", "page-id"])
VALUES = st.text("aä ,#[]:@+1-", max_size=9) | st.lists(st.text("aä#[], ", max_size=5), max_size=3)


@given(st.sampled_from([LINES, BLOCK, BULLETS]), st.dictionaries(KEYS, st.none() | VALUES))
def test_an_edit_is_read_back_as_it_was_meant_or_refused(
    text: str, values: dict[str, str | list[str] | None]
) -> None:
    before = parse(text)
    try:
        after = parse(set_properties(text, values))  # type: ignore[arg-type]
    except Refused:
        return
    assert after.body == before.body
    for name in {*before.fields, *after.fields} - values.keys():
        assert after.fields[name] == before.fields[name]
