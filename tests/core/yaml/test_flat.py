from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.core.yaml.fences import find_fences
from plaincrm.core.yaml.flat import parse_flat
from plaincrm.core.yaml.front_matter import read_tree
from tests.core.awkward import EDITABLE

RECORD = """\
name: Ada Lovelace
email: ada@analytical.example      # or a list
phone: +44 20 7946 0018
company: analytical-engines
tags: [vip, newsletter, some words]
list:
  - one
  - two words   # said
flush:
- 12:30
- 2026-12-01

# a comment
status: "customer # not a comment"
note: 'a: b'
empty:
url: https://example.com/a?b=1
none: []
"""
SEEDS = [
    RECORD,
    "a: 1\nb:\n- x\n",
    "a: [b,c ,d]\nx: ''\n",
    *(text.split("---")[1].lstrip("\n") for text in EDITABLE.values() if text.count("---") == 2),
]
PIECES = [
    "\n",
    "\r\n",
    " ",
    "  ",
    ": ",
    ":",
    " #",
    "#",
    "- ",
    "-",
    '"',
    "'",
    "[",
    "]",
    ", ",
    ",",
    "{",
    "}",
]
PIECES += [
    "\t",
    "&x",
    "*x",
    "!t",
    "? ",
    "| ",
    ">",
    "%",
    "@",
    "`",
    "~",
    "=",
    "<<: ",
    "---\n",
    "...\n",
    "\\n",
]
PIECES += [
    "é",
    "\u2028",
    "\x85",
    "\ufeff",
    "\x07",
    "\udc80",
    "a: b\n",
    "\n- c",
    "\n  - d",
    "\n   e",
    "\n#\n",
]


def by_the_parser(inner: str) -> tuple[object, object, object]:
    """What the YAML parser makes of it: fields, lines, and whether anything is wrong."""
    text = f"---\n{inner}"
    fences = find_fences(text + "---\n")
    assert fences is not None
    tree = read_tree(text + "---\n", fences)
    lines = {key.text: key.line - 1 for key, _ in tree.root.pairs}
    return tree.root.raw, lines, tree.problems


def mutated(random_: random.Random) -> str:
    text = random_.choice(SEEDS[:3] if random_.random() < 0.8 else SEEDS)
    for _ in range(random_.randint(1, 3)):
        at, length = random_.randint(0, len(text)), random_.choice([0, 0, 1, 1, 2, 8])
        text = text[:at] + random_.choice([*PIECES, ""]) + text[at + length :]
    return text


def test_it_reads_flat_lines() -> None:
    read = parse_flat(RECORD)
    assert read is not None
    fields, lines = read
    assert fields["email"] == "ada@analytical.example"
    assert fields["tags"] == ["vip", "newsletter", "some words"]
    assert fields["list"] == ["one", "two words"]
    assert fields["flush"] == ["12:30", "2026-12-01"]
    assert fields["status"] == "customer # not a comment"
    assert fields["empty"] == ""
    assert fields["none"] == []
    assert lines["name"] == 1
    assert lines["status"] == 14
    assert (fields, lines, []) == by_the_parser(RECORD)


def test_it_leaves_the_unusual_to_the_parser() -> None:
    unusual = [
        "a: &x 1",
        "a: *x",
        "a: !t 1",
        "a: |",
        "a: {b: c}",
        'a: "\\n"',
        "a: b: c",
        "? a",
        "a: 1\na: 2",
    ]
    for line in unusual:
        assert parse_flat(line + "\n") is None, line


def test_it_agrees_with_the_parser_on_mutated_records() -> None:
    random_ = random.Random(7)
    accepted = 0
    for _ in range(40_000):
        inner = mutated(random_)
        read = parse_flat(inner)
        if read is not None:
            accepted += 1
            assert (*read, []) == by_the_parser(inner), inner
    assert accepted > 3000


KEYS = st.sampled_from(["a", "b", "name", "x_y", "k-1", "Z", "true"])
WORDS = st.text(st.sampled_from("ab1 :#-'\"[],.é\u2028\t&*~=%"), max_size=8)


@given(st.lists(st.tuples(KEYS, WORDS, st.lists(WORDS, max_size=2)), max_size=4))
@settings(max_examples=400, deadline=None)
def test_it_agrees_with_the_parser_on_generated_lines(
    rows: list[tuple[str, str, list[str]]],
) -> None:
    lines = [
        (f"{key}: {word}\n", *(f"  - {item}\n" for item in items)) for key, word, items in rows
    ]
    inner = "".join("".join(group) for group in lines)
    read = parse_flat(inner)
    if read is not None:
        assert (*read, []) == by_the_parser(inner)
