"""Lines of cells: what a reader of CSV gets back."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from plaincrm.interchange.cells import line

CELLS = st.lists(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    min_size=1,
    max_size=5,
)


@given(st.lists(CELLS, min_size=1, max_size=4), st.sampled_from(",\t"))
def test_every_cell_comes_back(rows: list[list[str]], delimiter: str) -> None:
    text = "".join(line(row, delimiter) for row in rows)
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) == rows


def test_a_lone_carriage_return_is_quoted() -> None:
    assert line(["a\rb", "c"]) == '"a\rb",c\n'
