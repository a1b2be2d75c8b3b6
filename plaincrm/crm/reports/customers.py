"""The customers report: how many, who comes back, what each brought, and who matters too much."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.text.counted import counted
from plaincrm.core.values.figure import Figure, FigureTable, Term, rate
from plaincrm.core.values.money import Money, Sums
from plaincrm.core.values.periods import period_of
from plaincrm.crm.customers import purchases
from plaincrm.crm.reports.report import (
    ReportRequest,
    ReportResult,
    columns,
    count_figure,
    mean,
    money_figures,
)
from plaincrm.crm.rfm import ENOUGH, OTHERS, SEGMENTS, Purchase, RfmResult, rfm
from plaincrm.sales.revenue import sales

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_TERMS = 5  # the customers that the largest share names
_COLUMNS = columns(
    "customer",
    "name",
    "segment",
    "r:count",
    "f:count",
    "m:count",
    "days:days",
    "orders:count",
    "revenue:money",
    "share:percent",
)


def report(book: Book, request: ReportRequest) -> ReportResult:
    """The customers up to the end of the period. RFM, lifetime value, repeat rate and the share of
    the largest look at all that was bought until then; retention at this period and the one before.
    """
    context, period = book.context, request.period
    found = purchases(sales(context), context)
    chosen = _chosen(book, request.words)
    bought = [each for each in found.found if chosen is None or each.customer in chosen]
    day = min(period.last, context.today)
    result = rfm(bought, day)
    notes = []
    if result.fixed:
        notes.append(
            f"{counted(len(result.scores), 'customer')}, fewer than {ENOUGH}: the segments rest on"
            " fixed thresholds, not on quantiles"
        )
    if found.apart:
        sales_apart = (
            "1 sale recurs or has" if found.apart == 1 else f"{found.apart} sales recur or have"
        )
        notes.append(f"{sales_apart} no rate; not counted")
    notes.append("lifetime value is historic: what was bought so far, not what will be")
    names = [score.customer for score in result.scores]
    figures = (
        count_figure("customers", names, request.why),
        _repeat(result),
        _retention(bought, request),
        *_lifetime(result, context),
        _largest(result),
    )
    tables = (_segments(result), _customers(result, context))
    records = tuple(_record(context, ref) for ref in names)
    return ReportResult("customers", period, figures, tables, tuple(notes), "contact", records)


def _chosen(book: Book, words: Sequence[str]) -> Collection[str] | None:
    """The contacts and companies that a query selects; None without a query."""
    if not words:
        return None
    return {
        record.ref for kind in ("contact", "company") for record in book.select(kind, words).records
    }


def _repeat(result: RfmResult) -> Figure:
    """Those who bought more than once, of all."""
    again, count = sum(1 for s in result.scores if s.count > 1), len(result.scores)
    terms = (Term("bought more than once", again), Term("customers", count))
    return rate("repeat_rate", again, count, count, terms)


def _retention(bought: Sequence[Purchase], request: ReportRequest) -> Figure:
    """Of those who bought in the period before, the share that bought in this one."""
    period = request.period
    before = period_of(period.unit, period.first, offset=-1)
    first = {each.customer for each in bought if each.day in before}
    stayed = first & {each.customer for each in bought if each.day in period}
    terms = (
        Term(f"bought {before.first} to {before.last}", len(first)),
        Term("came back", len(stayed)),
    )
    return rate("retention", len(stayed), len(first), len(first), terms)


def _lifetime(result: RfmResult, context: Context) -> list[Figure]:
    """What a customer brought so far, on average."""
    values = [score.sum for score in result.scores]
    currency, average = context.settings.currency, mean(values)
    terms = (Term("revenue", sum(values, Decimal(0))), Term("customers", len(values), unit="count"))
    if average is None:
        return [Figure("lifetime_value", None, "money", currency, 0, terms)]
    sums = Sums()
    sums.add(Money(average, currency))
    return money_figures("lifetime_value", sums, currency, terms, len(values))


def _largest(result: RfmResult) -> Figure:
    """The share of all revenue that the largest customer brought."""
    ordered = sorted(result.scores, key=lambda score: -score.sum)
    whole = sum((score.sum for score in ordered), Decimal(0))
    terms = tuple(
        Term(score.customer, score.sum, score.customer, "money") for score in ordered[:_TERMS]
    )
    most = ordered[0].sum if ordered else Decimal(0)
    return rate("largest_share", most, whole, len(ordered), terms)


def _segments(result: RfmResult) -> FigureTable:
    names = [name for name, *_ in SEGMENTS] + [OTHERS]
    members = {
        name: [score.customer for score in result.scores if score.segment == name] for name in names
    }
    rows = tuple((name, len(found)) for name, found in members.items() if found)
    refs = tuple(tuple(found) for found in members.values() if found)
    return FigureTable("segments", columns("segment", "customers:count"), rows, refs)


def _customers(result: RfmResult, context: Context) -> FigureTable:
    """Every customer, the largest first."""
    whole = sum((score.sum for score in result.scores), Decimal(0))
    currency = context.settings.currency
    rows, refs = [], []
    for score in sorted(result.scores, key=lambda score: (-score.sum, score.customer)):
        share = score.sum / whole if whole else None
        title = _record(context, score.customer).title
        rows.append(
            (
                score.customer,
                title,
                score.segment,
                *score.bins,
                score.days,
                score.count,
                {currency: score.sum},
                share,
            )
        )
        refs.append((score.customer,))
    return FigureTable("customers", _COLUMNS, tuple(rows), tuple(refs))


def _record(context: Context, ref: str) -> Record:
    kind, _, id = ref.partition("/")
    record = context.store.get(kind, id)
    assert record is not None, ref  # it bought something a moment ago
    return record
