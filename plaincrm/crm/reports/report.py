"""What a report is asked for, and what it answers: figures, tables and remarks, as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal, overload

from plaincrm.core.records.record import Record
from plaincrm.core.records.store import Store
from plaincrm.core.value_class import changed, value
from plaincrm.core.values.figure import Figure, FigureColumn, FigureTable, Number, Term
from plaincrm.core.values.money import Sums
from plaincrm.core.values.periods import Period

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

NONE = "—"  # the group of what names no value
_CENT = Decimal("0.01")
Cell = Number | str | dict[str, Decimal]


@value
class ReportRequest:
    """What to report: the days, the words of a query, the field to group by.

    `why`: whether figures name the records that they are made of. `rest`: further words, for a
    report that takes some.
    """

    period: Period
    words: tuple[str, ...] = ()
    by: str = ""
    why: bool = False


class CountedRecords(Sequence[Record]):
    """Records of a kind by their ids; each is made when it is looked at."""

    def __init__(self, store: Store, kind: str, ids: Iterable[str]) -> None:
        self._store, self._kind, self._ids = store, kind, tuple(ids)

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | Sequence[Record]:
        if isinstance(place, slice):
            return CountedRecords(self._store, self._kind, self._ids[place])
        found = self._store.get(self._kind, self._ids[place])
        assert found is not None
        return found


@value
class ReportResult:
    """The answer. `records`: those that were counted; `kind` is theirs. `notes`: what a reader has
    to know to read the figures right. `chart`: how its tables are drawn on a page, if it says so.
    """

    name: str
    period: Period
    figures: tuple[Figure, ...] = ()
    tables: tuple[FigureTable, ...] = ()
    notes: tuple[str, ...] = ()
    kind: str = ""
    records: Sequence[Record] = ()
    chart: Literal["", "bars", "line"] = ""


Build = Callable[["Book", ReportRequest], ReportResult]


@value
class ReportKind:
    """A report that there is: its name, what it tells, the kind that its query is about ("" for
    none), and the function that makes it.
    """

    name: str
    doc: str
    kind: str
    build: Build


def columns(*named: str) -> tuple[FigureColumn, ...]:
    """Columns from words `name` or `name:unit`."""
    found = []
    for word in named:
        name, _, unit = word.partition(":")
        found.append(FigureColumn(name, unit or "text"))  # type: ignore[arg-type]
    return tuple(found)


def cents(sums: Sums) -> dict[str, Decimal]:
    """Sums rounded to the cent, without what is nothing."""
    rounded = {unit: amount.quantize(_CENT, ROUND_HALF_UP) for unit, amount in sums.items()}
    return {unit: amount for unit, amount in rounded.items() if amount}


def money_figures(
    name: str, sums: Sums, currency: str, terms: Sequence[Term] = (), n: int | None = None
) -> list[Figure]:
    """A figure for each unit, that of the book's currency first, even where it is nothing; terms
    stand with the unit that they name (`deal/x` in EUR), or with the first.
    """
    units = [currency, *(unit for unit in sums if unit != currency)]
    found = []
    for unit in units:
        amount = sums.get(unit, Decimal(0)).quantize(_CENT, ROUND_HALF_UP)
        if amount or unit == currency:
            found.append(Figure(name, amount, "money", unit, n, tuple(terms)))
    return [changed(each, terms=()) if n else each for n, each in enumerate(found)]


def count_figure(name: str, refs: Sequence[str], why: bool) -> Figure:
    """How many records there are; with `why`, which."""
    terms = tuple(Term(ref, 1, ref) for ref in refs) if why else ()
    return Figure(name, len(refs), "count", terms=terms)


def mean(values: Sequence[Decimal | int]) -> Decimal | None:
    return sum(map(Decimal, values), Decimal(0)) / len(values) if values else None


def span(period: Period, today: date) -> str:
    """The period as a range of the query language; what lies ahead is left open."""
    return f"{period.first}..{min(period.last, date.max) if period.last else today}"


def with_previous(report: ReportResult, before: ReportResult) -> ReportResult:
    """The report with each figure's value of the period before."""
    old = {(figure.name, figure.currency): figure.value for figure in before.figures}
    figures = tuple(
        changed(figure, previous=old.get((figure.name, figure.currency)))
        for figure in report.figures
    )
    return changed(report, figures=figures)


def unique(refs: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(refs))
