"""A CSV file as a table: encoding, delimiter and header found by content, rows as a stream.

What stands above the header (LinkedIn's notes, a report's title) is skipped and kept in `preamble`;
blank rows are counted. A short row is padded; one with more cells than the header carries a
`problem`, unless what is over is empty.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import BinaryIO

from plaincrm.errors import Refused
from plaincrm.interchange.csv import dialect, footers
from plaincrm.interchange.csv.encoding import Encoding, sniff
from plaincrm.interchange.csv.preset import known
from plaincrm.interchange.csv.rows import MAX_CELL, CsvRow, read_rows

SAMPLE_LINES = 200
SEARCHED_ROWS = 50
_DATA = re.compile(
    r"[^\s@]+@[^\s@]+\.[^\s@]+|https?://\S+|[+(]?\d[\d\s().,/:+-]*|\d{4}-\d\d-\d\d.*"
)


@dataclass(slots=True)
class Table:
    """`rows` can be walked once; `blank_rows` counts while it is. `preamble` is the text above the
    header.
    """

    header: tuple[str, ...]
    rows: Iterator[CsvRow]
    encoding: Encoding
    delimiter: str
    header_line: int
    preamble: tuple[str, ...] = ()
    blank_rows: int = field(default=0)


def read(stream: BinaryIO, encoding: str = "") -> Table:
    """Read a seekable binary stream; it has to stay open while the rows are walked.

    `encoding` overrides what the bytes seem to be.
    Raises Refused for what can't be read surely: binary, damaged, hostile, or without a header.
    """
    found = _named(encoding) if encoding else sniff(stream)
    mark = _delimiter(stream, found)
    rows = read_rows(_text(stream, found), mark)
    first = list(_searched(rows))
    at = _header_at(first)
    header = _unique(first[at].cells)
    above = tuple(" ".join(filter(None, row.cells)) for row in first[:at] if not row.blank)
    table = Table(header, iter(()), found, mark, first[at].line, above)
    table.rows = _fitted(chain(first[at + 1 :], rows), table)
    return table


def _searched(rows: Iterator[CsvRow]) -> Iterator[CsvRow]:
    """The rows among which the header is looked for; fewer if they are huge."""
    size = 0
    for row in islice(rows, SEARCHED_ROWS):
        yield row
        size += sum(map(len, row.cells))
        if size > MAX_CELL:
            return


def _named(encoding: str) -> Encoding:
    try:
        "".encode(encoding)
    except (LookupError, ValueError):
        raise Refused(f'There is no encoding "{encoding}"', "try utf-8, utf-16 or cp1252") from None
    return Encoding(encoding, "you said so")


def _text(stream: BinaryIO, encoding: Encoding) -> io.TextIOWrapper:
    stream.seek(0)
    return _Borrowed(stream, encoding=encoding.name, newline="")


class _Borrowed(io.TextIOWrapper):
    """Leaves the stream open when it is thrown away: whoever opened it closes it."""

    def __del__(self) -> None:
        with suppress(ValueError):  # it was closed already
            self.detach()


def _delimiter(stream: BinaryIO, encoding: Encoding) -> str:
    text = _text(stream, encoding)
    lines = text.read(MAX_CELL // 4).splitlines(keepends=True)[:SAMPLE_LINES]
    return dialect.declared(lines[0]) or dialect.delimiter(lines)


def _header_at(rows: Sequence[CsvRow]) -> int:
    """The first row that holds names of columns and no data; else the first about as wide as the
    table.
    """
    for at, row in enumerate(rows):
        if known(row.cells) >= 2 and not _data(row):
            return at
    filled = [sum(bool(cell.strip()) for cell in row.cells) for row in rows]
    wide = max((len(row.cells) for row in rows if not row.blank), default=1)
    at = next((i for i, n in enumerate(filled) if n >= max(1, 0.6 * wide)), 0)
    _refuse_data(rows[at])
    return at


def _data(row: CsvRow) -> str:
    """A cell that can't be the name of a column."""
    return next((cell for cell in row.cells if _DATA.fullmatch(cell.strip())), "")


def _refuse_data(row: CsvRow) -> None:
    if data := _data(row):
        raise Refused(
            f'Line {row.line} should name the columns, but holds data: "{data[:40]}"',
            "put a line with the columns' names above it",
        )


def _unique(cells: Sequence[str]) -> tuple[str, ...]:
    """Header names: trimmed, on one line, numbered where doubled or missing."""
    taken: dict[str, int] = {}
    for number, cell in enumerate(cells, 1):
        name = " ".join(cell.replace("\ufeff", "").split()) or f"Column {number}"
        taken[_free(name, taken)] = 1
    return tuple(taken)


def _free(name: str, taken: dict[str, int]) -> str:
    """`name`, or `name (2)` if it is taken; `taken` counts on, so that many copies stay cheap."""
    free = name
    while free in taken:
        taken[name] += 1
        free = f"{name} ({taken[name]})"
    return free


def _fitted(rows: Iterator[CsvRow], table: Table) -> Iterator[CsvRow]:
    width = len(table.header)
    for row in footers.marked(rows, width):
        if row.blank:
            table.blank_rows += 1
        else:
            yield _fit(row, width)


def _fit(row: CsvRow, width: int) -> CsvRow:
    cells = row.cells
    if row.problem or len(cells) == width:
        return _clean(row)
    if len(cells) < width:
        return _clean(replace(row, cells=cells + ("",) * (width - len(cells))))
    if not any(cell.strip() for cell in cells[width:]):
        return _clean(replace(row, cells=cells[:width]))
    return replace(row, problem=f"{len(cells)} cells, but the header names {width}")


def _clean(row: CsvRow) -> CsvRow:
    if not row.problem and any("\0" in cell for cell in row.cells):
        return replace(row, problem="a cell holds a NUL byte")
    return row
