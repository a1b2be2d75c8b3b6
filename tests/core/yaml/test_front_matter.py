from __future__ import annotations

import random
import subprocess
import sys
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.text.text_file import decode, encode
from plaincrm.core.yaml.front_matter import Document, parse, read_mapping
from tests.core.awkward import EDITABLE


def codes(document: Document) -> list[tuple[str, int, int]]:
    return [(problem.code, problem.line, problem.column) for problem in document.problems]


def front(*lines: str) -> Document:
    return parse("---\n" + "".join(line + "\n" for line in lines) + "---\nbody\n", "contacts/a.md")


def test_every_scalar_is_text_as_typed() -> None:
    typed = {
        "country": "NO",
        "zip": "02142",
        "phone": "+4915112345678",
        "version": "1.10",
        "call_at": "12:30",
        "big": "1_000",
        "on": "yes",
        "day": "2026-12-01",
        "no_day": "2026-13-45",
        "none": "null",
        "tilde": "~",
        "equals": "=",
        "bool": "true",
    }
    lines = [f"{key}: {value}" for key, value in typed.items()]
    assert front(*lines).fields == typed
    assert front(*lines, "slow: &a 1").fields == typed | {"slow": "1"}
    assert front(*(f'{key}: "{value}"' for key, value in typed.items())).fields == typed


def test_an_empty_value_is_an_empty_text() -> None:
    assert front("a:", "b: ''", "c: # nothing", "d: [x, '']").fields == {
        "a": "",
        "b": "",
        "c": "",
        "d": ["x", ""],
    }


def test_it_reads_lists_maps_and_block_texts() -> None:
    lists = ["a: [x, {y: z}]", "b:", "  - 1", "  - c: d", "e: {f: g}"]
    document = front(*lists, "h: |", "  one", "  two", "i: >-", "  j")
    assert document.fields == {
        "a": ["x", {"y": "z"}],
        "b": ["1", {"c": "d"}],
        "e": {"f": "g"},
        "h": "one\ntwo\n",
        "i": "j",
    }
    assert document.lines == {"a": 2, "b": 3, "e": 6, "h": 7, "i": 10}
    assert (document.body, document.body_line) == ("body\n", 13)
    assert document.problems == ()


@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_lines_are_those_of_the_editor(eol: str, bom: str) -> None:
    text = bom + "---\nname: Ada\nnote: {a: &x b}\n\nlast: x\n---  \n\nbody".replace("\n", eol)
    document = parse(text)
    assert document.lines == {"name": 2, "note": 3, "last": 5}
    assert (document.body, document.body_line) == (f"{eol}body", 7)
    assert codes(document) == [("yaml-anchor", 3, 11)]


def test_unicode_line_breaks_are_characters() -> None:
    document = front("a: x\u2028y\x85z", "b: &q 1")
    assert document.fields == {"a": "x\u2028y\x85z", "b": "1"}
    assert document.lines == {"a": 2, "b": 3}


def test_private_characters_are_not_taken_for_disguised_ones() -> None:
    fields = front("a: x\u2028\U000f0000y", 'b: "\\U000F1000"', "c: \U000f2000").fields
    assert fields == {"a": "x\u2028\U000f0000y", "b": "\U000f1000", "c": "\U000f2000"}


def test_three_dots_close_the_front_matter() -> None:
    document = parse("---\na: 1\n...\n---\nb: 2\n---\n")
    assert document.fields == {"a": "1"}
    assert document.body == "---\nb: 2\n---\n"


SIXTEEN_LISTS = reduce(lambda inner, _: [inner], range(16), list[Any]())
PROBLEMS: list[tuple[list[str], dict[str, Any], list[tuple[str, int, int]]]] = [
    (["a: 1", "b: 2", "a: 3"], {"a": "1", "b": "2"}, [("yaml-duplicate-key", 4, 1)]),
    (["a:", "  b: 1", "  b: 2"], {"a": {"b": "1"}}, [("yaml-duplicate-key", 4, 3)]),
    (["a: &x 1", "b: *x"], {"a": "1", "b": "*x"}, [("yaml-anchor", 2, 4), ("yaml-alias", 3, 4)]),
    (
        ["a: !important", "b: !!str 1"],
        {"a": "", "b": "1"},
        [("yaml-tag", 2, 4), ("yaml-tag", 3, 4)],
    ),
    (["<<: {a: 1}", "b: 2"], {"<<": {"a": "1"}, "b": "2"}, [("yaml-merge-key", 2, 1)]),
    (["? [a]", ": 1", "b: 2"], {"b": "2"}, [("yaml-complex-key", 2, 3)]),
    (["a: 1", "--- b", "c: 2"], {"a": "1"}, [("yaml-several-documents", 3, 1)]),
    (["- a", "- b"], {}, [("yaml-not-a-mapping", 2, 1)]),
    (["just words"], {}, [("yaml-not-a-mapping", 2, 1)]),
    (["a: 1", "b: 'open", "c: 3"], {"a": "1", "c": "3"}, [("yaml-syntax", 3, 4)]),
    (["a: 1", "b: [x, y", "c: 3"], {"a": "1", "c": "3"}, [("yaml-syntax", 3, 4)]),
    (["a: 1", "b: x: y", "c: 3"], {"a": "1", "c": "3"}, [("yaml-syntax", 3, 5)]),
    (["a: @x", "b: `y`", "c: 3"], {"c": "3"}, [("yaml-syntax", 2, 4), ("yaml-syntax", 3, 4)]),
    (["a: x\x07y", "b: 2"], {"a": "x\x07y", "b": "2"}, [("control-character", 2, 5)]),
    (
        ["a: 1", "<<<<<<< HEAD", "b: 2", "=======", "b: 3", ">>>>>>> x", "c: 4"],
        {"a": "1", "b": "2", "c": "4"},
        [("conflict-marker", 3, 1), ("yaml-duplicate-key", 6, 1)],
    ),
    (
        ["a: " + "[" * 30 + "]" * 30, "b: 2"],
        {"a": SIXTEEN_LISTS, "b": "2"},
        [("yaml-too-deep", 2, 20)],
    ),
    (["a: 1", "b: [" + "x," * 1200 + "]"], {"a": "1"}, [("yaml-too-many-nodes", 3, 1997)]),
]


@pytest.mark.parametrize(("lines", "fields", "problems"), PROBLEMS)
def test_what_can_be_read_is_read(lines: list[str], fields: dict[str, Any], problems: Any) -> None:
    document = front(*lines)
    assert codes(document) == problems
    assert document.fields == fields
    assert document.body == "body\n"
    for problem in document.problems:
        assert problem.message
        assert problem.hint
        assert problem.path == "contacts/a.md"


def test_missing_and_unclosed_fences() -> None:
    assert codes(parse("")) == [("yaml-missing-fence", 1, 1)]
    assert codes(parse(" ---\na: 1\n---\n")) == [("yaml-missing-fence", 1, 1)]
    assert parse("# Title\n").body == "# Title\n"
    assert codes(parse("---")) == [("yaml-unclosed-fence", 1, 1)]
    unclosed = parse("---\na: 1\nb: 2\n\n## Log\n- x\n")
    assert codes(unclosed) == [("yaml-unclosed-fence", 1, 1)]
    assert unclosed.fields == {"a": "1", "b": "2"}
    assert unclosed.body == "\n## Log\n- x\n"


def test_a_conflict_in_the_body_is_a_problem() -> None:
    document = parse("---\na: 1\n---\nx\n<<<<<<< HEAD\ny\n=======\nz\n>>>>>>> b\n")
    assert codes(document) == [("conflict-marker", 5, 1)]
    assert document.fields == {"a": "1"}


def test_too_much_is_read_up_to_the_limit() -> None:
    document = front("a: 1", "b: " + "x" * 40_000, "c: " + "y" * 40_000, "d: 4")
    assert codes(document) == [("yaml-too-large", 4, 1)]
    assert list(document.fields) == ["a", "b"]


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "replace")))
def test_bytes_survive(data: bytes) -> None:
    text, _ = decode(data)
    assert encode(text) == data


def test_bytes_that_are_not_utf8_are_a_problem_with_its_line() -> None:
    text, problems = decode("---\nname: Jürgen\nzip: 1\n---\nGrüße\n".encode("latin-1"), "a.md")
    assert [(problem.code, problem.line, problem.column) for problem in problems] == [
        ("invalid-utf8", 2, 8)
    ]
    assert "3 bytes" in problems[0].message
    assert parse(text).fields["zip"] == "1"
    assert [problem.code for problem in decode("a: ü".encode("utf-16"))[1]] == ["invalid-utf8"]
    assert [(problem.code, problem.line) for problem in decode(b"a\r\nb\0c")[1]] == [
        ("nul-character", 2)
    ]
    assert decode("\ufeffa".encode()) == ("\ufeffa", ())


def test_a_whole_yaml_file_is_read_with_places() -> None:
    text = (
        "# settings\ncurrency: EUR\nkinds:\n  project:\n    fields: [a, {b: c}]\n  other:\n   "
        " - x\n"
    )
    mapping = read_mapping("\ufeff" + text, "plaincrm.yaml")
    kinds = {"project": {"fields": ["a", {"b": "c"}]}, "other": ["x"]}
    assert mapping.fields == {"currency": "EUR", "kinds": kinds}
    assert mapping.positions[("currency",)] == (2, 1)
    assert mapping.positions[("kinds", "project", "fields")] == (5, 5)
    assert mapping.positions[("kinds", "project", "fields", 1, "b")] == (5, 18)
    assert mapping.positions[("kinds", "other", 0)] == (7, 7)
    assert mapping.problems == ()
    assert read_mapping("").fields == {}
    assert [problem.line for problem in read_mapping("a: 1\nb: 'x\nc: 2\n", "p").problems] == [2]


@given(
    st.text()
    | st.text("-\n :#'\"[]{}&*!|>?%@`~,.ab\t\r\u2028\ufeff<=").map(lambda text: "---\n" + text)
)
def test_no_text_raises(text: str) -> None:
    document = parse(text)
    assert text.endswith(document.body)
    assert all(
        1 <= problem.line <= text.count("\n") + text.count("\r") + 1
        for problem in document.problems
    )
    assert list(document.lines) == list(document.fields)
    read_mapping(text)


def test_hostile_texts_are_read_quickly_and_quietly() -> None:
    bomb = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 20))]
    for lines in (
        ["[" * 20_000],
        ["- " * 20_000],
        bomb,
        ["a: " + "9" * 6000],
        ["? " * 5000],
        ["{" * 3000],
    ):
        assert front(*lines).body == "body\n"


def test_the_yaml_test_suite_is_read_like_the_parser_reads_it(shared_data: Path) -> None:
    agreed = 0
    for path in sorted((shared_data / "yaml-test-suite" / "src").glob("*.yaml")):
        for case in yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader):
            text = case.get("yaml", "")
            read = read_mapping(text)
            try:
                loaded = yaml.load(text, yaml.CBaseLoader)
            except (yaml.YAMLError, TypeError, ValueError):
                continue
            if not read.problems and isinstance(loaded, dict):
                assert read.fields == loaded, path.name
                agreed += 1
    assert agreed > 70


def test_broken_records_keep_what_is_whole() -> None:
    random_ = random.Random(3)
    for _ in range(500):
        lines = [f"key{number}: value {number}" for number in range(8)]
        broken = random_.randrange(8)
        value = random_.choice(["'open", '"open', "[a", "{a", "a: b", "@x", "%x", "- x"])
        lines[broken] = f"key{broken}: {value}"
        document = front(*lines)
        assert {problem.line for problem in document.problems} == {broken + 2}
        assert len(document.fields) == 7


def test_awkward_files_have_no_problems() -> None:
    for name, text in EDITABLE.items():
        expected = ["control-character"] if name == "ODD_CHARACTERS" else []
        assert [problem.code for problem in parse(text).problems] == expected


def test_flat_records_need_no_yaml_library() -> None:
    code = "import sys; from plaincrm.core.yaml import front_matter as f; f.parse('---\\na: [b]\\n---\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code + "; sys.exit('yaml' in sys.modules)"], check=False
    )
    assert done.returncode == 0
