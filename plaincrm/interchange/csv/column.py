"""What a column's cells say together: order of day and month, decimal mark, scale of
percentages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from plaincrm.interchange.csv.foreign_dates import DayOrder
from plaincrm.interchange.csv.foreign_numbers import DecimalMark
from plaincrm.interchange.csv.rows import CsvRow

DOT_COUNTRIES = frozenset(
    {"US", "GB", "IE", "AU", "NZ", "CA", "IN", "CN", "JP", "KR", "MX", "IL", "TH", "SG", "CH"}
)

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Locale:
    """What settles a column that doesn't say: the book's `country`, `language` and `currency`.

    `order` (`day` or `month` first) and `mark` are what the file's other columns say; they go
    before.
    """

    country: str = ""
    language: str = "en"
    currency: str = ""
    order: str = ""
    mark: str = ""

    def informed(self, columns: Mapping[str, CsvColumn], delimiter: str) -> Locale:
        """With what the other columns tell. Spreadsheets part cells by `;` where `,` is the decimal
        mark.
        """
        days = sum(column.days.day_first for column in columns.values())
        months = sum(column.days.month_first for column in columns.values())
        dots = sum(column.marks.dot for column in columns.values())
        commas = sum(column.marks.comma for column in columns.values())
        order = _larger(days, "day", months, "month", "")
        mark = _larger(dots, ".", commas, ",", "," if delimiter == ";" else "")
        return replace(self, order=order, mark=mark)

    @property
    def day_first(self) -> bool:
        if self.order:
            return self.order == "day"
        return self.country != "US" if self.country else self.language != "en"

    @property
    def decimal_mark(self) -> str:
        if self.mark:
            return self.mark
        dot = self.country in DOT_COUNTRIES if self.country else self.language in ("en", "zh", "ja")
        return "." if dot else ","


def _larger(count: int, name: str, other_count: int, other_name: str, equal: str) -> str:
    """The name with the larger count; `equal` where they are the same."""
    if count == other_count:
        return equal
    return name if count > other_count else other_name


@dataclass(slots=True)
class CsvColumn:
    """`see` every cell; flat memory. Afterwards it is read only."""

    days: DayOrder = field(default_factory=DayOrder)
    marks: DecimalMark = field(default_factory=DecimalMark)
    filled: int = 0
    fractions: int = 0
    above_one: int = 0

    def see(self, cell: str) -> None:
        text = cell.strip()
        if not _DIGIT.search(text, 0, 64):
            self.filled += bool(text)
            return
        self.filled += 1
        self.days.see(text)
        self.marks.see(text)
        self._scale(text)

    def _scale(self, text: str) -> None:
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            return
        self.fractions += 0 < value < 1
        self.above_one += value > 1

    @property
    def serials(self) -> bool:
        """Excel's day numbers: all that is filled are five digits, or the odd one among them."""
        return self.days.serials > 0 and self.days.serials * 2 >= self.filled

    @property
    def of_one(self) -> bool:
        """Percentages counted from 0 to 1."""
        return self.fractions > 0 and not self.above_one


def observe(header: Sequence[str], rows: Iterable[CsvRow]) -> Mapping[str, CsvColumn]:
    """The columns of a table by header, from all rows given. Rows with a problem say nothing."""
    columns = {name: CsvColumn() for name in header}
    for row in rows:
        if not (row.problem or row.note):
            for column, cell in zip(columns.values(), row.cells, strict=False):
                if cell:
                    column.see(cell)
    return columns


EMPTY = CsvColumn()
