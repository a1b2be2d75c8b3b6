"""What was taken for granted in reading a file, as sentences to show before anything is
imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plaincrm.core.schema.kinds import Schema
from plaincrm.interchange.csv.column import EMPTY, CsvColumn, Locale
from plaincrm.interchange.csv.mapping import ColumnMapping as ColumnMapping
from plaincrm.interchange.csv.table import Table
from plaincrm.interchange.csv.target import kinds, parse

_MARKS = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars", ":": "colons"}


def of_table(table: Table) -> Iterator[str]:
    """Encoding, delimiter, and what stood above the header."""
    yield f"Read as {table.encoding.name.upper()}: {table.encoding.why}."
    yield f"Cells are parted by {_MARKS.get(table.delimiter, table.delimiter)}."
    if table.header_line > 1:
        yield (
            f"The columns' names stand in line {table.header_line}; what is above was passed over."
        )


def of_columns(
    columns: Mapping[str, CsvColumn], mapping: ColumnMapping, schema: Schema, locale: Locale
) -> Iterator[str]:
    """What the cells of a column leave open and the book's country decided; Excel's day numbers."""
    for header, word in mapping.columns.items():
        target = parse(word) if word else None
        field = (
            kinds(schema)[target.kind or mapping.kind].fields.get(target.field) if target else None
        )
        column = columns.get(header, EMPTY)
        if field and field.value_type.day_in_cell:
            yield from _dates(header, column, locale)
        elif field and field.value_type.sized and column.marks.ambiguous:
            mark = column.marks.decide(locale.decimal_mark, field.value_type.monetary)
            yield f'{header}: 1.234 or 1,234? Read with "{mark}" as the decimal mark.'


def _dates(header: str, column: CsvColumn, locale: Locale) -> Iterator[str]:
    if column.days.ambiguous:
        order = "day/month" if column.days.decide(locale.day_first) else "month/day"
        yield f"{header}: 3/4 is March or April? Read as {order}."
    if column.serials:
        yield f"{header}: numbers read as Excel's days."
