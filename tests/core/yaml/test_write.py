from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.yaml import write
from plaincrm.core.yaml.front_matter import parse
from plaincrm.errors import Refused

PLAIN = [
    "lead",
    "4200",
    "4200 EUR",
    "1200.50 EUR/month",
    "2026-12-01",
    "2026-12-01 14:30",
    "12-10",
    "30d",
    "-5",
    "+44 20 7946 0018",
    "ada@example.com",
    "https://example.com/a?b=1",
    "Müller & Co.",
    "日本",
    "true",
    "1.1",
    "2026-12-01 Send the contract",
    "C#",
    "50%",
    "it's",
    "0",
]
QUOTED = [
    "NO",
    "no",
    "yes",
    "On",
    "y",
    "null",
    "~",
    "02142",
    "1.10",
    "85.50",
    "+4915112345678",
    "12:30",
    "1_000",
    "0x1F",
    "0o17",
    "1e3",
    ".5",
    ".inf",
    "NaN",
    "2026-13-45",
    "2026-12-01 14:30:00",
    "=",
    "<<",
    "-",
    "- a",
    "#1 client",
    "a #b",
    "a: b",
    "a:",
    "@x",
    "`x`",
    "%x",
    "*x",
    "&x",
    "!x",
    "? x",
    "| x",
    ">5 days",
    "",
    " a",
    "a ",
    "[a]",
    "{a}",
    ", a",
    '"a"',
    "'a'",
    "12345678901234567890",
    "---",
    "...",
]
ODD = 'a\nb\tc\rd\0e\x1b\x7f\x85\u2028\u2029\ufeff\u202e\u200b\\"'

SCALARS = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    PLAIN + QUOTED + [ODD]
)
KEYS = SCALARS.filter(lambda key: len(key) < 150)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize("value", PLAIN)
def test_what_people_write_plain_is_plain(value: str) -> None:
    assert write.scalar(value) == value


@pytest.mark.parametrize("value", QUOTED)
def test_what_a_reader_could_mistake_is_quoted(value: str) -> None:
    assert write.scalar(value) == '"' + value.replace('"', '\\"') + '"'


def test_commas_and_brackets_are_quoted_inside_brackets_only() -> None:
    for value in ("Doe, Jane", "a [b]", "https://example.com"):
        assert write.scalar(value) == value
        assert write.scalar(value, flow=True) == f'"{value}"'


def test_a_quote_is_kept_where_it_can_hold_the_value() -> None:
    assert write.scalar("it's", style="'") == "'it''s'"
    assert write.scalar("a\nb", style="'") == '"a\\nb"'
    assert write.scalar("plain", style='"') == '"plain"'


def test_invisible_characters_are_escaped() -> None:
    expected = (
        '"a\\nb\\tc\\rd\\u0000e\\u001B\\u007F\\u0085\\u2028\\u2029\\uFEFF\\u202E\\u200B\\\\\\""'
    )
    assert write.scalar(ODD) == expected
    assert write.scalar("👨\u200d👩").isprintable() is False  # a joined emoji stays as typed


def test_what_utf8_cannot_hold_is_refused() -> None:
    with pytest.raises(Refused, match="UTF-8"):
        write.scalar("\udcfc")


@given(VALUES, st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_new_file_reads_back_the_same(value: Any, eol: str) -> None:
    fields = {"name": "x", "value": value, "last": "y"}
    document = parse(write.new_file(fields, "body\n", eol))
    assert document.fields == fields
    assert document.body == "body\n"
    assert document.problems == ()


@given(SCALARS)
def test_other_readers_read_the_same_text(value: str) -> None:
    for flow in (False, True):
        text = f"[{write.scalar(value, flow=True)}]" if flow else write.scalar(value)
        for loader in (yaml.CBaseLoader, yaml.BaseLoader):
            loaded = yaml.load(f"a: {text}\n", loader)["a"]
            assert loaded == ([value] if flow else value)


def test_a_typed_reader_writes_back_what_it_read() -> None:
    for value in PLAIN:
        loaded = yaml.safe_load(f"a: {write.scalar(value)}\n")
        dumped = yaml.safe_dump(loaded, allow_unicode=True).strip()
        assert dumped.replace("'", "") == f"a: {value}".replace("'", "")
    for value in QUOTED:
        assert yaml.safe_load(f"a: {write.scalar(value)}\n") == {"a": value}


def test_naughty_strings_read_back(shared_data: Path) -> None:
    naughty = json.loads((shared_data / "blns" / "blns.json").read_text(encoding="utf-8"))
    assert len(naughty) > 400
    for value in naughty:
        fields = {"value": value, "list": [value, "x"], "map": {"label": value}}
        assert parse(write.new_file(fields)).fields == fields


def test_a_new_file_looks_as_if_written_by_hand() -> None:
    fields: dict[str, Any] = {
        "name": "Ada Lovelace",
        "email": {"work": "ada@example.com", "home": "a@example.com"},
        "tags": ["vip", "news, letter"],
        "links": ["https://example.com/" + "x" * 30] * 2,
        "people": [{"name": "Bob", "roles": []}, ["a"]],
    }
    assert (
        write.new_file(fields, "\nHello\n") == "---\n"
        "name: Ada Lovelace\n"
        "email:\n"
        "  work: ada@example.com\n"
        "  home: a@example.com\n"
        'tags: [vip, "news, letter"]\n'
        "links:\n"
        f"  - https://example.com/{'x' * 30}\n"
        f"  - https://example.com/{'x' * 30}\n"
        "people:\n"
        "  - name: Bob\n"
        "    roles: []\n"
        "  - - a\n"
        "---\n"
        "\nHello\n"
    )


def test_a_new_file_that_would_read_differently_is_refused() -> None:
    deep: Any = "x"
    for _ in range(20):
        deep = [deep]
    with pytest.raises(Refused, match="levels"):
        write.new_file({"deep": deep})
    with pytest.raises(Refused, match="longer"):
        write.new_file({"k" * 300: "x"})
