"""The sales report: won and lost, win rate, average deal, cycle, velocity, and what was earned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.text.counted import counted
from plaincrm.core.value_class import value
from plaincrm.core.values.figure import Figure, FigureTable, Term, rate
from plaincrm.core.values.money import Sums
from plaincrm.core.values.periods import Period
from plaincrm.core.values.quantile import quantile
from plaincrm.crm.reports.grouping import Grouping, grouping, order
from plaincrm.crm.reports.report import (
    ReportRequest,
    ReportResult,
    cents,
    columns,
    count_figure,
    mean,
    money_figures,
    unique,
)
from plaincrm.sales.deal_rows import DealRow, deal_rows
from plaincrm.sales.revenue import Sale, earned, of_record, sales, stand_in_notes

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_MEDIAN = "0.5"
_GROUP_COLUMNS = (
    "new:count",
    "won:count",
    "won_value:money",
    "lost:count",
    "win_rate:percent",
    "n:count",
)


@value
class DealPeriod:
    """The deals of a period: begun, won, lost in it; and those open now, whatever the period."""

    period: Period
    new: tuple[DealRow, ...]
    won: tuple[DealRow, ...]
    lost: tuple[DealRow, ...]
    open: tuple[DealRow, ...]


def deal_period(rows: Iterable[DealRow], period: Period) -> DealPeriod:
    """Won and lost count on the day they ended, new ones on the day they began."""
    new: list[DealRow] = []
    won: list[DealRow] = []
    lost: list[DealRow] = []
    open: list[DealRow] = []
    for row in rows:
        if row.began is not None and row.began in period:
            new.append(row)
        if row.status == "open":
            open.append(row)
        elif row.status != "parked" and row.ended is not None and row.ended in period:
            (won if row.status == "won" else lost).append(row)
    return DealPeriod(period, tuple(new), tuple(won), tuple(lost), tuple(open))


def sum_of(rows: Iterable[DealRow]) -> Sums:
    """What the deals come to, by unit; what recurs as its amount a month."""
    sums = Sums()
    for row in rows:
        if row.counted is not None:
            sums.add(row.counted)
    return sums


def won_value(found: DealPeriod, context: Context, why: bool) -> list[Figure]:
    """The value of the deals won in the period. The one figure of that name."""
    terms = _value_terms(found.won) if why else ()
    return money_figures("won_value", sum_of(found.won), context.settings.currency, terms)


def _value_terms(rows: Sequence[DealRow]) -> tuple[Term, ...]:
    return tuple(
        Term(f"{row.id} ({row.counted.unit})", row.counted.amount, row.ref)
        for row in rows
        if row.counted is not None
    )


def win_rate(found: DealPeriod) -> Figure:
    """Won ÷ (won + lost), by count."""
    won, lost = len(found.won), len(found.lost)
    terms = (Term("won", won), Term("lost", lost))
    return rate("win_rate", won, won + lost, won + lost, terms)


def win_rate_by_value(found: DealPeriod, currency: str) -> Figure:
    """Won ÷ (won + lost), by value, of the deals in the book's currency that come once."""
    won, lost = _values(found.won, currency), _values(found.lost, currency)
    worth = sum(won, Decimal(0)), sum(lost, Decimal(0))
    terms = (
        Term("won", worth[0], unit="money"),
        Term("lost", worth[1], unit="money"),
        Term("lost deals without a value", len(found.lost) - len(lost)),
    )
    return rate("win_rate_by_value", worth[0], sum(worth, Decimal(0)), len(won) + len(lost), terms)


def average_deal(found: DealPeriod, currency: str) -> Figure:
    """The mean value of a won deal that comes once, in the book's currency."""
    values = _values(found.won, currency)
    terms = (Term("won", sum(values, Decimal(0))), Term("deals", len(values), unit="count"))
    return Figure("average_deal", mean(values), "money", currency, len(values), terms)


def _values(rows: Iterable[DealRow], currency: str) -> list[Decimal]:
    found = (row.once_in(currency) for row in rows)
    return [amount for amount in found if amount is not None]


def cycles(found: DealPeriod) -> list[Decimal]:
    """The days from beginning to end of the won deals of which both are known."""
    return [
        Decimal((row.ended - row.began).days)
        for row in found.won
        if row.began and row.ended and row.began <= row.ended
    ]


def _cycle(found: DealPeriod, why: bool) -> list[Figure]:
    days = cycles(found)
    terms: tuple[Term, ...] = ()
    if why:
        timed = [row for row in found.won if row.began and row.ended and row.began <= row.ended]
        terms = tuple(Term(row.id, days, row.ref) for row, days in zip(timed, days, strict=True))
    return [
        Figure("cycle_mean", mean(days), "days", n=len(days), terms=terms),
        Figure("cycle_median", quantile(days, _MEDIAN), "days", n=len(days), terms=terms),
    ]


def velocity(found: DealPeriod, context: Context) -> Figure:
    """Open qualified deals × mean won value × win rate ÷ mean cycle days: money a day. A deal is
    qualified once it has left the first stage of its pipeline.
    """
    currency = context.settings.currency
    qualified = sum(1 for row in found.open if _qualified(row, context))
    average, won, days = average_deal(found, currency), win_rate(found), mean(cycles(found))
    terms = (
        Term("open qualified deals", qualified, unit="count"),
        Term("average deal", average.value),
        Term("win rate", won.value, unit="percent"),
        Term("mean cycle", days, unit="days"),
    )
    speed = None
    if isinstance(average.value, Decimal) and isinstance(won.value, Decimal) and days:
        speed = qualified * average.value * won.value / days
    return Figure("velocity", speed, "money", currency, won.n, terms)


def _qualified(row: DealRow, context: Context) -> bool:
    pipeline = context.settings.pipeline(row.pipeline)
    return not pipeline or row.stage.casefold() != pipeline.stages[0].name.casefold()


def figures(found: DealPeriod, revenue: Sums, context: Context, why: bool) -> tuple[Figure, ...]:
    """All figures of the sales report."""
    currency = context.settings.currency
    return (
        count_figure("new_deals", [row.ref for row in found.new], why),
        count_figure("won_count", [row.ref for row in found.won], why),
        *won_value(found, context, why),
        *money_figures("revenue", revenue, currency),
        count_figure("lost_count", [row.ref for row in found.lost], why),
        win_rate(found),
        win_rate_by_value(found, currency),
        average_deal(found, currency),
        *_cycle(found, why),
        velocity(found, context),
    )


@dataclass(slots=True)
class _Group:
    new: list[DealRow] = field(default_factory=list)
    won: list[DealRow] = field(default_factory=list)
    lost: list[DealRow] = field(default_factory=list)


def by_group(found: DealPeriod, records: dict[str, Record], by: Grouping) -> FigureTable:
    """A row a group: new, won, won value, lost, win rate and the n that it rests on."""
    groups: dict[str, _Group] = {}
    for name in ("new", "won", "lost"):
        for row in getattr(found, name):
            day = row.began if name == "new" else row.ended
            group = groups.setdefault(by.key(records[row.id], day), _Group())
            getattr(group, name).append(row)
    rows, refs = [], []
    for name in sorted(groups, key=order(by)):
        group = groups[name]
        ended = len(group.won) + len(group.lost)
        share = Decimal(len(group.won)) / ended if ended else None
        sums = cents(sum_of(group.won))
        rows.append((name, len(group.new), len(group.won), sums, len(group.lost), share, ended))
        every = (*group.new, *group.won, *group.lost)
        refs.append(tuple(dict.fromkeys(row.ref for row in every)))
    names = columns(
        by.name,
        "new:count",
        "won:count",
        "won_value:money",
        "lost:count",
        "win_rate:percent",
        "n:count",
    )
    return FigureTable(f"by {by.name}", names, tuple(rows), tuple(refs))


def report(book: Book, request: ReportRequest) -> ReportResult:
    """The sales of a period. A query narrows the deals, and with them what was earned."""
    context, kind = book.context, book.kind("deal")
    deals = book.select(kind, request.words).records if request.words else None
    rows = deal_rows(context, deals)
    found = deal_period(rows, request.period)
    sold = revenue_of(book, deals)
    ids = unique(row.id for row in (*found.new, *found.won, *found.lost))
    every = {id: record for id in ids if (record := context.store.get("deal", id))}
    names = [request.by] if request.by else ["month", "source"]
    tables = [
        by_group(found, every, grouping(name, kind, context)) for name in names if name != "value"
    ]
    notes = stand_in_notes((sale for sale in sold if sale.day in request.period), context)
    without = sum(1 for row in found.lost if row.once is None)
    if without:
        said = f"{without} of {len(found.lost)} lost deals carry no value"
        notes.append(f"{said}: the win rate by value is too high")
    notes += _timeless(rows)
    return ReportResult(
        "sales",
        request.period,
        figures(found, earned(sold, request.period, context), context, request.why),
        tuple(tables),
        tuple(notes),
        "deal",
        tuple(every.values()),
    )


def _timeless(rows: Iterable[DealRow]) -> list[str]:
    """The deals that ended nobody knows when, and so are in no period."""
    lost = [row for row in rows if row.status in ("won", "lost") and row.ended is None]
    if not lost:
        return []
    words = (
        "ended on no day that is known and is"
        if len(lost) == 1
        else "ended, no day is known, and are"
    )
    return [f"{counted(len(lost), 'deal')} {words} in no period: plaincrm report hygiene"]


def revenue_of(book: Book, deals: Sequence[Record] | None) -> list[Sale]:
    """The sales of the whole book, or those on the deals that a query chose."""
    if deals is None:
        return sales(book.context)
    return [sale for deal in deals for sale in of_record(deal, book.context)]
