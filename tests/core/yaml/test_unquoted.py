"""Values that only lack their quotes."""

from __future__ import annotations

import pytest

from plaincrm.core.yaml.front_matter import parse
from plaincrm.core.yaml.unquoted import quoted


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_value_with_a_colon_is_put_between_quotes(end: str) -> None:
    text = end.join(["---", "name: Workshop: UX Writing ", "stage: lead", "---", "a: b: c", ""])
    new = quoted(text)
    assert new == end.join(
        ["---", 'name: "Workshop: UX Writing"', "stage: lead", "---", "a: b: c", ""]
    )
    assert parse(new).fields == {"name": "Workshop: UX Writing", "stage": "lead"}


@pytest.mark.parametrize(
    "line",
    ["name: Ada", "name: https://x.example/a:b", 'name: "a: b', "name: a: b # said", "name: [a: b"],
)
def test_what_is_right_or_not_sure_stays(line: str) -> None:
    assert quoted(f"---\n{line}\n---\n") is None


def test_what_stays_broken_stays_as_it_is() -> None:
    assert quoted("---\nname: a: b\nspare: [x\n---\n") is None
