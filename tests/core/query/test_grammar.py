"""docs/query.md: its example queries are queries, and its grammar is the parser's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plaincrm.core.query import grammar

DOCS = (Path(__file__).parents[3] / "docs" / "query.md").read_text(encoding="utf-8")
ROWS = DOCS.partition("## Terms")[2].partition("\n## ")[0]
TERMS = [row.split(" | ")[0] for row in ROWS.splitlines() if row.startswith("| `")]
SPANS = [span for term in TERMS for span in re.findall(r"`([^`]+)`", term)]
QUERIES = [span for span in SPANS if span[0] not in ".()"]


@pytest.mark.parametrize("text", QUERIES)
def test_each_example_parses(text: str) -> None:
    assert grammar.parse([text]) is not None


def test_there_are_examples() -> None:
    assert len(QUERIES) > 30


def test_the_grammar_is_that_of_the_parser() -> None:
    told = re.findall(r"^    (\w+) +=", DOCS.partition("## Grammar")[2], re.MULTILINE)
    assert told == re.findall(r"^    (\w+) +=", grammar.__doc__ or "", re.MULTILINE)
