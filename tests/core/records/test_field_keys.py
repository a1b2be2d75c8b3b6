"""Fields that files keep under other names: read from there, written there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.records.edits import DeleteField, SetField, apply
from plaincrm.core.records.field_keys import FILE_NAME, filed, key_of, named, new_filed
from plaincrm.errors import Refused

KEYS = {"name": ("first_name", "last_name"), "value": ("amount",), "job": ("title",)}
WORD = st.text("abcxyzäö", min_size=1, max_size=6)


def test_a_key_stands_for_a_field_and_the_rest_stays() -> None:
    fields = {"amount": "5 EUR", "title": "Boss", "stage": "lead"}
    assert named(KEYS, fields, "d.md") == {"value": "5 EUR", "job": "Boss", "stage": "lead"}


def test_keys_are_joined_and_stay_beside_the_whole() -> None:
    found = named(KEYS, {"first_name": "Ada", "last_name": "Byron"}, "a.md")
    assert found == {"first_name": "Ada", "last_name": "Byron", "name": "Ada Byron"}
    assert named(KEYS, {"last_name": "Byron"}, "a.md")["name"] == "Byron"


def test_the_schemas_own_name_goes_before_any_other() -> None:
    fields = {"value": "7", "amount": "5", "name": "Ada", "first_name": "A"}
    assert named(KEYS, fields, "a.md") == fields
    assert key_of(KEYS, fields, "value") == "value"


def test_two_fields_may_have_changed_their_names() -> None:
    keys = {"stage": ("status",), "status": ("stage",)}
    fields = {"stage": "active", "status": "won"}
    assert named(keys, fields, "a.md") == {"status": "active", "stage": "won"}
    assert filed(keys, fields, {"stage": "lost"}) == {"status": "lost"}


def test_the_name_of_the_file_stands_in() -> None:
    keys = {"name": (FILE_NAME,)}
    assert named(keys, {}, "People/Ada Byron.md") == {"name": "Ada Byron"}
    assert filed(keys, {}, {"name": "Ada King"}) == {"name": "Ada King"}


def test_the_name_of_the_file_stands_in_for_keys_that_a_file_lacks() -> None:
    keys = {"name": ("first_name", "last_name", FILE_NAME), "job": ("title", FILE_NAME)}
    found = named(keys, {"last_name": "Byron", "title": "Boss"}, "p/Ada.md")
    assert (found["name"], found["job"]) == ("Byron", "Boss")
    assert named(keys, {}, "p/Ada.md") == {"name": "Ada", "job": "Ada"}
    assert filed(keys, {}, {"job": "Chief"}) == {"title": "Chief"}
    assert new_filed(keys, {"name": "Ada Byron"}) == {"first_name": "Ada", "last_name": "Byron"}


def test_edits_go_back_under_the_key_of_the_file_and_touch_nothing_else() -> None:
    text = "---\r\namount: 5 EUR   # net\r\nother: x\r\n---\r\nBody\r\n"
    after = apply(text, [SetField("value", "6 EUR")], ("name", "value"), KEYS)
    assert after == text.replace("5 EUR", "6 EUR")
    assert apply(text, [DeleteField("value")], (), KEYS) == "---\r\nother: x\r\n---\r\nBody\r\n"


def test_a_whole_is_split_only_where_that_is_sure() -> None:
    fields = {"first_name": "Ada", "last_name": "Byron"}
    assert filed(KEYS, fields, {"name": "Ada van Lovelace"}) == {
        "first_name": "Ada",
        "last_name": "van Lovelace",
    }
    with pytest.raises(Refused, match="not sure") as refused:
        filed(KEYS, fields, {"name": "Eva Maria Meier"})
    assert refused.value.hint == "set them: first_name=… last_name=…"


def test_a_new_file_has_the_files_names() -> None:
    new = new_filed(KEYS, {"name": "Ada Byron", "value": "5"})
    assert new == {"first_name": "Ada", "last_name": "Byron", "amount": "5"}
    assert new_filed(KEYS, {"name": "Cher"}) == {"name": "Cher"}


@given(st.lists(WORD, min_size=2, max_size=2), WORD, WORD)
def test_what_is_filed_reads_back(name: list[str], value: str, job: str) -> None:
    there = {"first_name": "A", "last_name": "B", "amount": "1"}
    wanted = {"name": " ".join(name), "value": value, "job": job}
    after = there | {key: raw for key, raw in filed(KEYS, there, wanted).items() if raw}
    found = named(KEYS, after, "a.md")
    assert {field: found[field] for field in wanted} == wanted
    assert named(KEYS, new_filed(KEYS, wanted), "a.md").items() >= wanted.items()
