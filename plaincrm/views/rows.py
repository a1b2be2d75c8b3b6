"""A listing as a value: what it is of, and what each of its columns shows.

Every view that lists things returns `Rows`. The formats of `views/formats.py` write it: a table,
JSON, CSV, Markdown and the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from typing import Any

from plaincrm.core.value_class import changed, fresh, value
from plaincrm.errors import UsageError, did_you_mean
from plaincrm.views.layout import Layout

Json = Any


@value
class ListColumn:
    """One column of a listing.

    `text(row)` is its cell for people; `plain(row)` the same for programs, where it differs.
    `right`: it holds figures, which stand right. `whole`: its cells are not cut while another
    column can give way, since half a date or half an address says nothing. `short(row)` is the
    cell where the terminal is too narrow for all (`first@x.example +2`). `spare`: there the column
    is left away, since the others say enough. `yields`: it is cut before other texts are.
    """

    name: str
    text: Callable[[Any], str]
    plain: Callable[[Any], str] | None = None
    right: bool = False
    whole: bool = False
    short: Callable[[Any], str] | None = None
    spare: bool = False
    yields: bool = False

    def in_short(self, row: Any) -> str:
        return (self.short or self.text)(row)

    def for_programs(self, row: Any) -> str:
        return (self.plain or self.text)(row)


@value
class Rows:
    """A listing: the records (or whatever a row shows), and what is shown of each.

    `kind`: what JSON calls it. `total`: how many there are, shown or not. `as_json(row)` is the
    row's JSON object. `ref(row)` (`deal/website`) and `path(row)` name the record that the row is
    about; None where rows are about no records. `more`: further keys of the JSON envelope.
    `foot`: a line under the table, such as a sum. `screen`: the view's own text for a terminal,
    where that is more than a table. `lines(rows)`: the same JSON objects as `as_json` gives, as
    text, each in one line, where that is cheaper for many of them; so does `refs(rows)` what `ref`
    gives.
    """

    kind: str
    total: int
    records: Sequence[Any]
    columns: Sequence[ListColumn]
    as_json: Callable[[Any], Json]
    ref: Callable[[Any], str] | None = attrgetter("ref")
    path: Callable[[Any], str] | None = attrgetter("path")
    more: Mapping[str, Any] = fresh(factory=dict)
    foot: str = ""
    screen: Callable[[Rows, Layout], str] | None = None
    lines: Callable[[Sequence[Any]], Iterable[str]] | None = None
    refs: Callable[[Sequence[Any]], Iterable[str]] | None = None

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def right(self) -> list[int]:
        """The places of the columns that hold figures."""
        return [place for place, column in enumerate(self.columns) if column.right]

    @property
    def whole(self) -> list[int]:
        """The places of the columns that are cut last."""
        return [place for place, column in enumerate(self.columns) if column.whole]


def text_columns(
    names: Iterable[str],
    cells: Callable[[Any], Sequence[str]],
    right: Iterable[str] = (),
    whole: Iterable[str] = (),
    spare: Iterable[str] = (),
    yields: Iterable[str] = (),
) -> list[ListColumn]:
    """Columns of a row whose texts one function gives, in the order of `names`; the other
    arguments name those that are `right`, `whole`, `spare` and that `yield`.
    """
    figures, kept, left_away = frozenset(right), frozenset(whole), frozenset(spare)
    first = frozenset(yields)
    return [
        ListColumn(
            name,
            _nth(cells, place),
            right=name in figures,
            whole=name in kept,
            spare=name in left_away,
            yields=name in first,
        )
        for place, name in enumerate(names)
    ]


def _nth(cells: Callable[[Any], Sequence[str]], place: int) -> Callable[[Any], str]:
    return lambda row: cells(row)[place]


def arranged(rows: Rows, columns: Sequence[str], sort: str, limit: int | None) -> Rows:
    """A listing with the columns, the order and the number that the reading options ask for.

    `sort` is the name of a column, `-NAME` the other way round. Raises UsageError for a column
    that the listing does not have.
    """
    records = _sorted(rows, sort) if sort else rows.records
    shown = [_column(rows, name) for name in columns] or rows.columns
    screen = None if columns else rows.screen
    kept = records if limit is None else records[:limit]
    return changed(rows, records=kept, columns=shown, screen=screen)


def _column(rows: Rows, name: str) -> ListColumn:
    for column in rows.columns:
        if column.name == name:
            return column
    hint = did_you_mean(name, rows.names) or f"columns: {', '.join(rows.names)}"
    raise UsageError(f'there is no column "{name}" here', hint)


def _sorted(rows: Rows, sort: str) -> list[Any]:
    """By the column's text for programs, as numbers where all are numbers; empty ones last."""
    column = _column(rows, sort.removeprefix("-"))
    pairs = [(column.for_programs(row), row) for row in rows.records]
    filled = [pair for pair in pairs if pair[0]]
    numbers = [_number(text) for text, _ in filled]
    keys: list[Any] = [text.casefold() for text, _ in filled]
    if None not in numbers:
        keys = numbers
    order = sorted(range(len(filled)), key=keys.__getitem__, reverse=sort.startswith("-"))
    return [filled[place][1] for place in order] + [row for text, row in pairs if not text]


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
