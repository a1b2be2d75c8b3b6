from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.errors import Refused
from plaincrm.interchange.csv import table
from plaincrm.interchange.csv.rows import MAX_CELL


def read(text: str | bytes) -> table.Table:
    return table.read(io.BytesIO(text.encode() if isinstance(text, str) else text))


def cells(text: str | bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in read(text).rows]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|", ":"])
def test_finds_the_delimiter_by_content(mark: str) -> None:
    text = f"Name{mark}Email{mark}City\nAda{mark}ada@x.org{mark}London\nBob{mark}bob@x.org{mark}Paris\n"
    assert read(text).delimiter == mark


def test_decimal_commas_do_not_win_over_semicolons() -> None:
    assert cells("Name;Betrag;Quote\nA;1,5;2,5\nB;2,5;3,5\n") == [
        ("A", "1,5", "2,5"),
        ("B", "2,5", "3,5"),
    ]


def test_semicolons_within_cells_do_not_win_over_commas() -> None:
    assert read("Name,Ids,City\nA,1;2;3,X\nB,4;5;6,Y\n").delimiter == ","


def test_one_column_is_a_table_too() -> None:
    assert cells("Email\nada@x.org\nbob@x.org\n") == [("ada@x.org",), ("bob@x.org",)]


def test_excels_line_that_names_the_delimiter() -> None:
    found = read("sep=;\nName;City\nAda;London\n")
    assert (found.header, found.header_line, found.delimiter) == (("Name", "City"), 2, ";")


def test_quoted_commas_and_newlines_stay_in_their_cell() -> None:
    text = 'Name,Notes\n"Lovelace, Ada","one\ntwo, ""three"""\nBob,x\n'
    assert cells(text) == [("Lovelace, Ada", 'one\ntwo, "three"'), ("Bob", "x")]


def test_lines_are_counted_through_quoted_newlines() -> None:
    assert [row.line for row in read('Name,Notes\nA,"1\n2\n3"\nB,x\n').rows] == [2, 5]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_ends(end: str) -> None:
    assert cells(end.join(["Name,City", "Ada,London", "Bob,Paris"])) == [
        ("Ada", "London"),
        ("Bob", "Paris"),
    ]


def test_a_blank_cell_never_takes_the_value_of_the_row_above() -> None:
    text = "Name,Email\nA,a@x.org\nB,\nC,c@x.org\nD\n"
    assert [row[1] for row in cells(text)] == ["a@x.org", "", "c@x.org", ""]


def test_ragged_rows_are_padded_cut_or_flagged() -> None:
    rows = list(read("Name,City\nshort\nlong,tail,,\nover,London,UK\n").rows)
    assert [row.cells for row in rows] == [
        ("short", ""),
        ("long", "tail"),
        ("over", "London", "UK"),
    ]
    assert [row.problem for row in rows] == ["", "", "3 cells, but the header names 2"]


def test_doubled_and_missing_headers_get_names_of_their_own() -> None:
    assert read("Name,Phone,Phone,,Phone (2)\na,b,c,d,e\n").header == (
        "Name",
        "Phone",
        "Phone (2)",
        "Column 4",
        "Phone (2) (2)",
    )


def test_blank_rows_are_passed_over_and_counted() -> None:
    found = read("Name,City\n\nA,B\n,\n  ,\t\nC,D\n\n")
    assert len(list(found.rows)) == 2
    assert found.blank_rows == 4


def test_the_header_is_found_under_a_preamble() -> None:
    found = read(
        'Notes:\n"When exporting your connection data, you may notice, that, some are missing."\n\n'
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Ada,Lovelace,https://x.org/ada,,AE,Countess,05 Mar 2024\n"
    )
    assert found.header[:2] == ("First Name", "Last Name")
    assert found.header_line == 4
    assert len(found.preamble) == 2
    assert len(list(found.rows)) == 1


def test_an_unknown_header_under_a_title_is_found_by_its_width() -> None:
    found = read("Quarterly list\n\nFoo,Bar,Baz\n1,2,3\n4,5,6\n")
    assert (found.header, found.header_line) == (("Foo", "Bar", "Baz"), 3)


def test_a_file_that_begins_with_data_is_refused() -> None:
    with pytest.raises(Refused, match="should name the columns"):
        read("ada@x.org,London\nbob@x.org,Paris\n")


def test_a_quote_that_never_closes_costs_its_own_line_only() -> None:
    rows = list(read('Name,City\nA,"open\nB,Paris\nC,Rome\n').rows)
    assert [(row.line, row.cells[0], bool(row.problem)) for row in rows] == [
        (2, "A", True),
        (3, "B", False),
        (4, "C", False),
    ]


def test_stray_quotes_within_a_line_are_read() -> None:
    assert cells('Name,City\n"Acme" Ltd,5" pipe\nB,C\n') == [("Acme Ltd", '5" pipe'), ("B", "C")]


def test_a_cell_past_the_cap_is_refused() -> None:
    with pytest.raises(Refused, match="cell of more than"):
        list(read("Name,City\n" + "x" * (MAX_CELL + 1) + ",y\n").rows)


def test_a_million_columns_are_refused() -> None:
    with pytest.raises(Refused, match="1,000,001 columns"):
        read("," * 1_000_000 + "\n")


class Endless(io.RawIOBase):
    """One line of 1 GB that is never all in memory; counts what was read of it."""

    SIZE = 1 << 30

    def __init__(self) -> None:
        self.at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = offset if whence == 0 else self.at + offset if whence == 1 else self.SIZE
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = min(len(buffer), self.SIZE - self.at)
        buffer[:count] = b"x" * count
        self.at += count
        return count


def test_a_line_of_a_gigabyte_is_refused_in_bounded_memory() -> None:
    import tracemalloc

    stream = io.BufferedReader(Endless())  # type: ignore[arg-type]
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="Line 1"):
            table.read(stream, encoding="utf-8")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100_000_000


def test_a_nul_in_a_cell_rejects_its_row_when_the_encoding_was_forced() -> None:
    rows = list(table.read(io.BytesIO(b"Name,City\nA\0,B\nC,D\n"), encoding="latin-1").rows)
    assert [bool(row.problem) for row in rows] == [True, False]


def test_the_stream_stays_open() -> None:
    stream = io.BytesIO(b"Name,City\nA,B\n")
    list(table.read(stream).rows)
    assert not stream.closed


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff\u200b"), max_size=12)
GRID = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.tuples(*[TEXT] * width), min_size=1, max_size=6)
)


@settings(max_examples=200, deadline=None)
@given(
    GRID, st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
)
def test_what_csv_writes_comes_back_cell_by_cell(
    grid: list[tuple[str, ...]], mark: str, encoding: str
) -> None:
    header = ("Name", "City", "Notes", "Phone")[: len(grid[0])]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark, quoting=csv.QUOTE_ALL).writerows([header, *[header] * 9, *grid])
    found = read(out.getvalue().encode(encoding))
    assert found.delimiter == mark
    assert [row.cells for row in found.rows][9:] == [
        row for row in grid if any(map(str.strip, row))
    ]


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read(text)
        rows = list(found.rows)
    except Refused:
        return
    assert all(len(row.cells) == len(found.header) for row in rows if not row.problem)
