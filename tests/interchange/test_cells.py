"""Lines of cells: what a reader of CSV gets back."""

from __future__ import annotations

import csv
import io
import re

from hypothesis import given
from hypothesis import strategies as st

from plaincrm.interchange.cells import line, tabbed

CELLS = st.lists(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    min_size=1,
    max_size=5,
)


@given(st.lists(CELLS, min_size=1, max_size=4))
def test_every_cell_of_csv_comes_back(rows: list[list[str]]) -> None:
    text = "".join(map(line, rows))
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows


@given(CELLS)
def test_a_row_of_tsv_is_one_line_and_every_cell_comes_back(row: list[str]) -> None:
    text = tabbed(row)
    assert text.count("\n") == 1 and text.endswith("\n") and "\r" not in text
    assert [unescaped(cell) for cell in text[:-1].split("\t")] == row


def unescaped(cell: str) -> str:
    marks = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    return re.sub(r"\\([tnr\\])", lambda found: marks[found[1]], cell)


def test_a_lone_carriage_return_is_quoted() -> None:
    assert line(["a\rb", "c"]) == '"a\rb",c\n'
