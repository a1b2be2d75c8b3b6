"""Rows of cells out of text, one at a time: flat memory whatever the file holds.

A quote that never closes costs its own line, not the rest of the file; what passes the caps is
refused.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from plaincrm.errors import Refused

MAX_CELL = 1 << 20
MAX_ROW = 1 << 23
MAX_COLUMNS = 4096
MAX_REPAIRS = 100


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: the line it begins on (from 1), its cells, what is wrong with it, and why it is no
    record (empty: nothing).
    """

    line: int
    cells: tuple[str, ...]
    problem: str = ""
    note: str = ""

    @property
    def blank(self) -> bool:
        return not self.problem and not any(cell.strip() for cell in self.cells)


class _Lines:
    """The lines of a text for csv.reader; remembers those of the current row, and takes them
    back.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._text.readline(MAX_ROW + 1)
        if not line:
            raise StopIteration
        self._size += len(line)
        if self._size > MAX_ROW and not self.taken:
            raise Refused(
                f"Line {self.number + 1} is longer than {MAX_ROW:,} characters: this is no table"
            )
        self.number += 1
        self.taken.append(line)
        if self._size > MAX_ROW:
            raise csv.Error("row too long")
        return line

    def begin(self) -> None:
        self.taken = []
        self._size = 0

    def give_back(self) -> str:
        """Keep only the first line of the current row; the others are read again."""
        first, *rest = self.taken
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)
        return first


def read_rows(text: TextIO, delimiter: str) -> Iterator[CsvRow]:
    """Every row, blank ones too. Raises Refused for a line, a cell or a number of columns past the
    caps.
    """
    lines = _Lines(text)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    repairs = 0
    while True:
        lines.begin()
        start = lines.number + 1
        try:
            row = CsvRow(start, tuple(next(reader)))
        except StopIteration:
            return
        except csv.Error as error:
            repairs += len(lines.taken) > 1
            if repairs > MAX_REPAIRS:
                raise Refused(
                    f"Line {start}: over {MAX_REPAIRS} quotes of the file never close"
                ) from None
            row = _mended(lines, start, delimiter, str(error))
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
        if len(row.cells) > MAX_COLUMNS:
            raise Refused(
                f"Line {start} has {len(row.cells):,} columns; at most {MAX_COLUMNS:,} are read"
            )
        yield row


def _mended(lines: _Lines, start: int, delimiter: str, error: str) -> CsvRow:
    """A row that breaks the rules of quoting: read leniently if it is one line, else rejected by
    itself.
    """
    if "field larger" in error and len(lines.taken) == 1:
        raise Refused(f"Line {start} has a cell of more than {MAX_CELL:,} characters")
    single = len(lines.taken) == 1
    line = lines.give_back().rstrip("\r\n")
    lenient = list(csv.reader([f"{line}\n", "\n"], delimiter=delimiter)) if single else []
    if len(lenient) == 2:
        return CsvRow(start, tuple(lenient[0]))
    bare = next(csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
    return CsvRow(start, tuple(bare), "a quote opens here and is never closed")
