"""What a type of the schema is: one object that says how its values are read, compared, shown and
stored.

`Type` behaves as plain text does. Another type overrides what is different with it; `types` has the
list. Adding a type is adding a class to it: queries, columns, JSON, JSON Schema, CSV, SQLite,
merges and the command line ask the object and never for a type's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, ClassVar, Protocol, TypeAlias

from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import value

Json: TypeAlias = Any
Cell: TypeAlias = "str | int | float | None"
Exchange: TypeAlias = Callable[[Decimal, str, str, Any], Decimal]
TEXT_RANK, NUMBER_RANK, DATE_RANK = 3, 1, 2  # a column of mixed values: numbers, dates, text
# Editors read YAML with its guesses, so what is text here may look like a number or a boolean to
# them.
SCALAR = ("string", "number", "boolean", "null")


@value
class Question:
    """What a word typed in a query depends on besides itself.

    `future`: a past `10-31` means next year's. `off` tells days off, for business days.
    `exchange(amount, currency, into, record)` converts at the day that counts for the record.
    """

    now: datetime
    zone: tzinfo
    off: Callable[[date], bool]
    currency: str
    exchange: Exchange
    future: bool = False


@value
class Span:
    """A typed word on its type's scale: from `low` to `high`, one point for most words.

    `key(value, record)` puts a stored value on the same scale; None where it can't be compared.
    """

    low: Any
    high: Any
    key: Callable[[Any, Any], Any]
    echo: str = ""  # what a word that is no plain value was understood as


class CellReader(Protocol):
    """How the cells of a foreign table are to be understood: see `interchange/csv/values`."""

    def address(self, text: str) -> str: ...
    def phone(self, text: str) -> str: ...
    def flag(self, text: str) -> str: ...
    def date(self, text: str) -> str: ...
    def datetime(self, text: str) -> str: ...
    def monthday(self, text: str) -> str: ...
    def number(self, text: str) -> str: ...
    def percent(self, text: str) -> str: ...
    def money(self, text: str) -> str: ...


class CellSplitter(Protocol):
    """How the values of one cell of a foreign table are parted."""

    def addresses(self, text: str) -> list[str]: ...
    def phones(self, text: str) -> list[str]: ...
    def by_commas(self, text: str) -> list[str]: ...


class Type:
    """A type of the schema, whose values are text unless it says otherwise."""

    name: ClassVar[str]
    spoken: ClassVar[str]  # as in "value is money", "email is an email"
    values: ClassVar[type] = str  # the class of its typed values

    # How its values behave.
    textual: ClassVar[bool] = True  # a value is the text of the file, compared without case
    compared_whole: ClassVar[bool] = True  # `fold` alone decides whether two texts are equal
    ordered: ClassVar[bool] = False  # `<`, `>` and ranges can be asked
    cyclic: ClassVar[bool] = False  # a range may run over the end, as days over New Year
    rank: ClassVar[int] = TEXT_RANK  # where it stands in a column of mixed values
    summable: ClassVar[bool] = False
    dated: ClassVar[bool] = False  # a value has a day
    monetary: ClassVar[bool] = False  # a value has a currency
    sized: ClassVar[bool] = False  # of two contested values the smaller one is shown
    flag: ClassVar[bool] = False  # true or false
    figure: ClassVar[bool] = False  # stands to the right in a table

    # How it is written.
    links: ClassVar[bool] = False  # a value is the id of a record
    free: ClassVar[bool] = False  # any text will do
    choice: ClassVar[bool] = False  # the field lists its values
    yearly: ClassVar[bool] = False  # a value is a day of each year
    timed: ClassVar[bool] = False  # a value may have a time of day
    worded: ClassVar[bool] = False  # words may follow the date
    reaches: ClassVar[bool] = False  # a way to reach somebody
    keeps_label: ClassVar[bool] = False  # a single value keeps the label it has
    labelled: ClassVar[bool] = False  # JSON gives each of many values its label
    json_typed: ClassVar[bool] = False  # JSON has the typed value, not the text of the file
    commas_part: ClassVar[bool] = False  # `a,b` on the command line is two values of a list
    regional: ClassVar[bool] = False  # what it means depends on a country
    day_in_cell: ClassVar[bool] = False  # the order of day and month matters in a foreign cell
    forgiving: ClassVar[bool] = False  # a foreign word that does not fit is kept as an own field
    sql_columns: ClassVar[tuple[tuple[str, str], ...]] = (("", "TEXT"),)  # suffix and SQLite's type

    def read(self, text: str, currency: str = "") -> Any:
        """One scalar of a file, typed. Raises ValueError with a sentence that quotes it."""
        return text

    def place(self, value: Any, zone: tzinfo) -> Any:
        """Where a value stands on the type's scale; None where it has no place."""
        return fold(str(value))

    def sort_key(self, value: Any, zone: tzinfo) -> tuple[int, Any]:
        """What values are sorted by, those of several types too."""
        return self.rank, self.place(value, zone)

    def span(self, text: str, question: Question) -> Span:
        """A word of a query on the type's scale. Raises ValueError with a sentence."""
        edge = self.form(text)
        return Span(edge, edge, lambda value, _: self.form(str(value)))

    def form(self, text: str) -> str:
        """The form in which two texts are compared."""
        return fold(text)

    def tidy(self, text: str, region: str = "") -> tuple[str, str]:
        """The one form in which a value is written, and what is wrong with one that is not.

        The form is empty where only a person can know it. `region`: a two-letter country.
        """
        return text, ""

    def cell(self, value: Any) -> str:
        """A typed value as people read it in a table."""
        return str(value)

    def plain(self, value: Any) -> str:
        """A typed value as programs read it in CSV."""
        return self.cell(value)

    def json(self, value: Any) -> Json:
        """A typed value as JSON."""
        return str(value)

    def from_json(self, value: Json) -> str | None:
        """The file's text of a JSON value of a shape of its own; None for a plain one."""
        return None

    def json_schema(self, values: Iterable[str] = ()) -> dict[str, Any]:
        """What one value may be, as JSON Schema; `values` are those that the field lists."""
        return {"type": list(SCALAR)}

    def sql(self, value: Any) -> tuple[Cell, ...]:
        """The cells of `sql_columns`; `value` None gives as many empty ones."""
        return (None,) if value is None else (str(value),)

    def from_cell(self, text: str, cells: CellReader) -> str:
        """The file's text of a cell of a foreign table. Raises ValueError with a sentence."""
        return text

    def cell_parts(self, text: str, splitter: CellSplitter) -> list[str]:
        """The values of a cell of a foreign table, where the field may have many."""
        return [text]
