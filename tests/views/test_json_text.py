"""JSON as text: whatever is long is a line each, and means the same."""

from __future__ import annotations

import json

import pytest

from plaincrm.views.json_text import MANY, dumps, envelope


@pytest.mark.parametrize("rows", [0, 1, MANY, MANY + 1, 3 * MANY])
@pytest.mark.parametrize("results", [0, MANY + 1])
def test_what_is_written_is_what_was_there(rows: int, results: int) -> None:
    table = {"name": "by list 0", "columns": [], "rows": [[n, "ü", None] for n in range(rows)]}
    told = envelope("report", 2, [{"figure": f"f{n}"} for n in range(results)])
    told |= {"tables": [table, {"name": "rows", "rows": [], "queries": ["list"]}, table]}
    text = dumps(told)
    assert json.loads(text) == told
    assert text.endswith("}\n")
    assert "ü" in text or not rows


def test_a_long_table_has_a_line_for_each_row() -> None:
    rows = [[n, {"EUR": 1}] for n in range(MANY + 1)]
    lines = dumps({"tables": [{"rows": rows}]}).splitlines()
    assert '        [7, {"EUR": 1}],' in lines
    assert len(lines) < MANY + 10


def test_a_list_is_as_json_has_it() -> None:
    assert dumps([1]) == "[\n  1\n]\n"
