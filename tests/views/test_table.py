from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.views.layout import ansi
from plaincrm.views.table import columns, cut, markdown, table, wrapped

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
WIDE = [
    "森田 遥",
    "👩‍💻 Ada",
    "e\u0301tude",
    "Николай",
    "\x1b[31mred",
    "\u202etxt",
    "a\nb\tc",
    "",
    "Łukasz Zieliński",
    "한국어 이름",
]


@given(
    st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=5),
    st.sampled_from([30, 60, 80, 120]),
)
def test_a_table_fits_and_is_harmless(rows: list[tuple[str, str, str]], width: int) -> None:
    lines = table(("A", "B", "C"), rows, width).split("\n")
    assert len(lines) == len(rows) + 1
    assert max(map(columns, lines)) <= width
    assert not any(ord(char) < 32 or char in "\x7f\u202e\u200b" for line in lines for char in line)


def test_columns_stand_beneath_each_other_whatever_the_script() -> None:
    lines = table(("NAME", "X"), [(name, "|") for name in WIDE]).split("\n")[1:]
    assert len({columns(line) for line in lines}) == 1


def test_figures_stand_right_and_are_cut_last() -> None:
    text = table(
        ("ID", "VALUE", "NOTE"), [("fjord-website-2027", "180,000 NOK", "x" * 60)], 50, right=(1,)
    )
    assert "180,000 NOK" in text and "fjord-website-2027" in text and text.endswith("…")
    assert table(("A", "B"), [("1", "x"), ("22", "y")], right=(0,)) == " A  B\n 1  x\n22  y"


def test_nothing_is_cut_without_a_width() -> None:
    assert "x" * 500 in table(("A",), [("x" * 500,)])


def test_paint_changes_no_measure() -> None:
    plain = table(("A", "B"), [("ab", "c"), ("", "d")])
    painted = table(("A", "B"), [("ab", "c"), ("", "d")], paint=ansi, styles={(0, 0): "bad"})
    assert "\x1b[31mab\x1b[0m" in painted
    assert painted.replace("\x1b[31m", "").replace("\x1b[1m", "").replace("\x1b[0m", "") == plain


@given(TEXT, st.integers(2, 40))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    from plaincrm.views.safe import line

    lines = wrapped(text, width)
    assert all(columns(each) <= width for each in lines)
    assert "".join(lines).replace(" ", "") == line(text).replace(" ", "")


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("森田遥", 4, "森…"), ("a", 0, "")],
)
def test_cut(text: str, width: int, shown: str) -> None:
    assert cut(text, width) == shown


def test_markdown_cells_keep_within_their_bars() -> None:
    lines = markdown(("a", "b"), [("x|y", "<script>"), ("1\n2", "001")]).split("\n")
    assert (
        len(lines) == 4 and "x\\|y" in lines[2] and "&lt;script>" in lines[2] and "001" in lines[3]
    )
