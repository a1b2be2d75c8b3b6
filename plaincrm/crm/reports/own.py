"""Reports of a book's own: files in `reports/`, each a query, a grouping and what to compute.

    doc: What the workshops brought
    kind: deals
    query: pipeline:workshops is:won
    by: month                    # or any field
    figures: [count, value.sum, value.avg]
    chart: bars                  # or line: how a page draws it; else a table

`query` may hold {first} and {last}, the days of the period: `ended:{first}..{last}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from plaincrm.core import query
from plaincrm.core.query.grammar import all_of
from plaincrm.core.query.scanner import split_words
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.schema.settings_reader import SettingsReader
from plaincrm.core.text.text_file import decode
from plaincrm.core.value_class import value
from plaincrm.core.values.duration import Duration
from plaincrm.core.values.figure import Figure, FigureColumn, FigureTable, Unit
from plaincrm.core.values.money import Money, Sums
from plaincrm.core.values.quantile import quantile
from plaincrm.core.values.raw import items
from plaincrm.crm.reports.grouping import Grouping, grouping, order
from plaincrm.crm.reports.report import (
    Cell,
    ReportKind,
    ReportRequest,
    ReportResult,
    cents,
    mean,
)
from plaincrm.errors import Problem, Refused, did_you_mean

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

FOLDER = "reports"
_KEYS = ("doc", "kind", "query", "by", "figures", "chart")
AGGREGATES = ("sum", "avg", "min", "max", "median")
_PICTURES: dict[str, Literal["", "bars", "line"]] = {"none": "", "bars": "bars", "line": "line"}
CHARTS = tuple(_PICTURES)


@value
class OwnReport:
    """What a file in `reports/` says."""

    name: str
    doc: str
    kind: Kind
    words: tuple[str, ...]
    by: str
    figures: tuple[str, ...]
    chart: str = "none"


def names(book: Book) -> list[str]:
    return book.source.names(FOLDER, ".yaml")


def path_of(name: str) -> str:
    return f"{FOLDER}/{name}.yaml"


def kind(book: Book, name: str) -> ReportKind:
    """The report of that file. Raises Refused for one that can't be read."""
    found, problems = read(book, name)
    if found is None:
        raise Refused(f"{path_of(name)}: {problems[0].message}", problems[0].hint)
    return ReportKind(
        name, found.doc, found.kind.name, lambda book, request: _make(book, request, found)
    )


def read(book: Book, name: str) -> tuple[OwnReport | None, list[Problem]]:
    """What a file says, None if it can't be used, and what is wrong with it."""
    path = path_of(name)
    text, problems = decode(book.source.file(path) or b"", path)
    reader = SettingsReader(text, path)
    reader.known((), reader.fields, _KEYS)
    found = _parsed(book, name, reader)
    every = [*problems, *reader.problems]
    return (found if not every else None), every


def _parsed(book: Book, name: str, reader: SettingsReader) -> OwnReport | None:
    word = reader.text("kind", "deal")
    kind = book.schema.find(word)
    if kind is None:
        hint = did_you_mean(word, book.schema.kinds)
        reader.problem(("kind",), "report-kind", f'unknown kind "{word}"', hint)
        return None
    figures = tuple(item.text for item in items(reader.fields.get("figures"))) or ("count",)
    by, words = reader.text("by"), tuple(split_words(reader.text("query")))
    chart = reader.text("chart", "none")
    if chart not in CHARTS:
        hint = f"one of {', '.join(CHARTS)}"
        reader.problem(("chart",), "report-chart", f'"{chart}" is no chart', hint)
    found = OwnReport(name, reader.text("doc"), kind, words, by, figures, chart)
    _check(book, found, reader)
    return found


def _check(book: Book, found: OwnReport, reader: SettingsReader) -> None:
    """The query, the grouping and the figures must be known."""
    from plaincrm.errors import QueryError

    try:
        query.compile(_dated(found.words, "2026-01-01", "2026-12-31"), found.kind, book.context)
        if found.by:
            grouping(found.by, found.kind, book.context)
    except QueryError as error:
        reader.problem(("query",), "report-query", error.message, error.hint)
        return
    for n, figure in enumerate(found.figures):
        try:
            _column(figure, found.kind, book)
        except QueryError as error:
            reader.problem(("figures", n), "report-figure", error.message, error.hint)


def _dated(words: Sequence[str], first: object, last: object) -> tuple[str, ...]:
    return tuple(word.replace("{first}", str(first)).replace("{last}", str(last)) for word in words)


@value
class _Column:
    """A figure of a group of records: its name, its unit, and how it is worked out."""

    name: str
    unit: Unit
    compute: Any


def _column(figure: str, kind: Kind, book: Book) -> _Column:
    """`count`, or FIELD.sum, .avg, .min, .max, .median. Raises QueryError."""
    from plaincrm.errors import QueryError

    if figure == "count":
        return _Column("count", "count", len)
    path, _, how = figure.rpartition(".")
    if how not in AGGREGATES or not path:
        raise QueryError(f'"{figure}" is no figure', f"count, or FIELD.{AGGREGATES[0]}, …")
    read = query.column(path, kind, book.context)

    def compute(records: Sequence[Record]) -> Cell:
        values = [each for record in records for each in read(record)]
        return _aggregate(how, values, book)

    return _Column(figure, _unit(path, kind, book), compute)


def _unit(path: str, kind: Kind, book: Book) -> Unit:
    declared = kind.fields.get(path) or book.context.facts.find(kind.name, path)
    name = str(declared.type) if declared else "number"
    if name == "money":
        return "money"
    return "days" if name == "duration" else "count"


def _aggregate(how: str, values: Sequence[Any], book: Book) -> Cell:
    if any(isinstance(each, Money) for each in values):
        return _moneys(how, [each for each in values if isinstance(each, Money)], book)
    numbers = [number for each in values if (number := _number(each)) is not None]
    return _number_of(how, numbers)


def _moneys(how: str, values: Sequence[Money], book: Book) -> dict[str, Decimal]:
    """By unit, each amount in the book's currency where there is a rate."""
    rates, today = book.settings.rates, book.context.today
    by_unit: dict[str, list[Decimal]] = {}
    for each in values:
        money = rates.convert(each, today) or each
        by_unit.setdefault(money.unit, []).append(money.amount)
    sums = Sums()
    for unit, amounts in by_unit.items():
        found = _number_of(how, amounts)
        if found is not None:
            sums[unit] = found
    return cents(sums)


def _number(found: Any) -> Decimal | None:
    if isinstance(found, bool):
        return Decimal(int(found))
    if isinstance(found, Duration):
        return Decimal(str(found.days))
    return Decimal(found) if isinstance(found, Decimal | int) else None


def _number_of(how: str, numbers: Sequence[Decimal]) -> Decimal | None:
    if how == "sum":
        return sum(numbers, Decimal(0))
    if not numbers:
        return None
    if how == "median":
        return quantile(numbers, "0.5")
    if how == "avg":
        return mean(numbers)
    return min(numbers) if how == "min" else max(numbers)


def _make(book: Book, request: ReportRequest, own: OwnReport) -> ReportResult:
    words = _dated(own.words, request.period.first, request.period.last)
    records = book.select(own.kind, all_of(words, request.words)).records
    figures = [_column(figure, own.kind, book) for figure in own.figures]
    by = request.by or own.by
    tables: tuple[FigureTable, ...] = ()
    if by:
        tables = (_table(records, figures, grouping(by, own.kind, book.context), book),)
    shown = tuple(_figure(column, records, book) for column in figures)
    flat = tuple(figure for several in shown for figure in several)
    return ReportResult(
        own.name,
        request.period,
        flat,
        tables,
        kind=own.kind.name,
        records=tuple(records),
        chart=_PICTURES[own.chart],
    )


def _figure(column: _Column, records: Sequence[Record], book: Book) -> list[Figure]:
    name, found = column.name.replace(".", "_"), column.compute(records)
    sample = None if column.name == "count" or column.name.endswith(".sum") else len(records)
    if isinstance(found, dict):
        units = found or {book.settings.currency: None}
        return [Figure(name, amount, "money", unit, sample) for unit, amount in units.items()]
    return [Figure(name, found, column.unit, n=sample)]


def _table(
    records: Sequence[Record], figures: Sequence[_Column], by: Grouping, book: Book
) -> FigureTable:
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(by.key(record, _day(record, book)), []).append(record)
    ordered = sorted(groups, key=order(by))
    rows = tuple((name, *(each.compute(groups[name]) for each in figures)) for name in ordered)
    names = (FigureColumn(by.name), *(FigureColumn(each.name, each.unit) for each in figures))
    refs = tuple(tuple(record.ref for record in groups[name]) for name in ordered)
    return FigureTable(f"by {by.name}", names, rows, refs)


def _day(record: Record, book: Book) -> Any:
    """The day that a record counts on: its end, else its beginning."""
    return book.context.fact(record, "ended") or book.context.fact(record, "began")
