"""The money report: won, earned, invoiced, paid, what is outstanding and how old, what recurs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.values.figure import Figure, FigureTable, Term
from plaincrm.core.values.money import Money, Sums
from plaincrm.core.values.periods import Period, period_label
from plaincrm.crm.reports.report import (
    ReportRequest,
    ReportResult,
    cents,
    columns,
    money_figures,
    unique,
)
from plaincrm.crm.reports.sales import DealPeriod, deal_period, revenue_of, won_value
from plaincrm.sales.deal_rows import DealRow, deal_rows
from plaincrm.sales.invoices import RecordInvoice, converted, every_invoice, uninvoiced_of
from plaincrm.sales.recurring import running
from plaincrm.sales.revenue import Sale, earned, stand_in_notes

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

# The ages of what is outstanding, as accountants group them: days past the due day, from and to.
AGES = (
    ("not due", None, 0),
    ("1-30 days", 1, 30),
    ("31-60 days", 31, 60),
    ("61-90 days", 61, 90),
    ("over 90 days", 91, None),
)


def report(book: Book, request: ReportRequest) -> ReportResult:
    """The money of a period; what is outstanding and what recurs is that of today. A query narrows
    the deals, and then only what stands on them counts.
    """
    context, period = book.context, request.period
    deals = book.select("deal", request.words).records if request.words else None
    rows = deal_rows(context, deals)
    found = deal_period(rows, period)
    sold = revenue_of(book, deals)
    wanted = None if deals is None else {deal.ref for deal in deals}
    invoices = [each for each in every_invoice(context) if wanted is None or each.record in wanted]
    repeated = [row.id for row in rows if row.status == "won" and row.value and row.value.per]
    recurring = [deal for id in repeated if (deal := context.store.get("deal", id))]

    def total(name: str, keep: Callable[[RecordInvoice], bool]) -> list[Figure]:
        return _sums(name, filter(keep, invoices), context, request.why)

    figures = (
        *won_value(found, context, request.why),
        *_earned(sold, period, context, request.why),
        *total("invoiced", lambda each: _within(each.bill.asked, period)),
        *total("paid", lambda each: _within(each.bill.paid, period)),
        *total("outstanding", lambda each: each.open),
        *total("overdue", lambda each: _late(each, context.today)),
        *_uninvoiced(found.won, context, request.why),
        *_recurring(recurring, context, request.why),
    )
    tables = (_by_age(invoices, context), _by_month(found.won, sold, invoices, period, context))
    records = _counted(found, invoices, context)
    in_period = (sale for sale in sold if sale.day in period)
    notes = (*_apart(figures, context), *stand_in_notes(in_period, context))
    return ReportResult("money", period, figures, tables, notes, "deal", records)


def _counted(
    found: DealPeriod, invoices: Sequence[RecordInvoice], context: Context
) -> tuple[Record, ...]:
    """The deals won in the period, and the records with invoices."""
    refs = unique((*(row.ref for row in found.won), *(each.record for each in invoices)))
    records = (context.store.get(*ref.split("/", 1)) for ref in refs)
    return tuple(record for record in records if record is not None)


def _apart(figures: Iterable[Figure], context: Context) -> tuple[str, ...]:
    """What can't be added to the book's currency, in words."""
    own = context.settings.currency
    units = {f.currency for f in figures if f.unit == "money" and "/" not in f.currency} - {own}
    if not units:
        return ()
    said = "has no rate" if len(units) == 1 else "have no rate"
    apart = "stands apart" if len(units) == 1 else "stand apart"
    return (f"{', '.join(sorted(units))} {said} into {own}, and {apart}",)


def _within(day: date | None, period: Period) -> bool:
    return day is not None and day in period


def _late(invoice: RecordInvoice, today: date) -> bool:
    return (invoice.days_late(today) or 0) > 0


def _earned(sold: Sequence[Sale], period: Period, context: Context, why: bool) -> list[Figure]:
    """What was earned, from the one list of sales."""
    terms: tuple[Term, ...] = ()
    if why:
        terms = tuple(
            Term(f"{sale.day} {sale.source}", sale.converted(context).amount, sale.record)
            for sale in sold
            if sale.day in period
        )
    return money_figures("revenue", earned(sold, period, context), context.settings.currency, terms)


def _sums(
    name: str, invoices: Iterable[RecordInvoice], context: Context, why: bool
) -> list[Figure]:
    sums, terms = Sums(), []
    for each in invoices:
        amount = converted(each.bill, context)
        sums.add(amount)
        terms.append(Term(each.bill.number, amount.amount, each.record))
    return money_figures(name, sums, context.settings.currency, terms if why else ())


def _uninvoiced(won: Iterable[DealRow], context: Context, why: bool) -> list[Figure]:
    """What of the deals won in the period no invoice asked for."""
    sums, terms = Sums(), []
    for row in won:
        deal = context.store.get("deal", row.id)
        rest = uninvoiced_of(deal, context) if deal else None
        if rest is not None:
            money = context.settings.rates.convert(rest, row.ended or context.today) or rest
            sums.add(money)
            terms.append(Term(row.id, money.amount, row.ref))
    return money_figures("uninvoiced", sums, context.settings.currency, terms if why else ())


def _recurring(deals: Iterable[Record], context: Context, why: bool) -> list[Figure]:
    """What the deals that run today bring a month."""
    sums, terms = Sums(), []
    for deal in deals:
        value = running(deal, context, context.today)
        if value is not None:
            money = context.settings.rates.convert(value, context.today) or value
            monthly = Money(money.monthly(), money.currency, "month")
            sums.add(monthly)
            terms.append(Term(deal.id, monthly.amount, deal.ref))
    unit = f"{context.settings.currency}/month"
    return money_figures("recurring_per_month", sums, unit, terms if why else ())


def _by_age(invoices: Sequence[RecordInvoice], context: Context) -> FigureTable:
    rows, refs = [], []
    for name, low, high in AGES:
        aged = [each for each in invoices if each.open and _is_aged(each, low, high, context.today)]
        sums = Sums()
        for each in aged:
            sums.add(converted(each.bill, context))
        rows.append((name, len(aged), cents(sums)))
        refs.append(tuple(dict.fromkeys(each.record for each in aged)))
    names = columns("age", "invoices:count", "amount:money")
    return FigureTable("outstanding by age", names, tuple(rows), tuple(refs))


def _is_aged(invoice: RecordInvoice, low: int | None, high: int | None, today: date) -> bool:
    """An invoice that names no due day is not due."""
    days = invoice.days_late(today) or 0
    return (low is None or days >= low) and (high is None or days <= high)


def _by_month(
    won: Sequence[DealRow],
    sold: Sequence[Sale],
    invoices: Sequence[RecordInvoice],
    period: Period,
    context: Context,
) -> FigureTable:
    months: dict[str, dict[str, Sums]] = {}

    def add(day: date | None, name: str, money: Money | None) -> None:
        if day is not None and money is not None and day in period:
            row = months.setdefault(period_label("month", day), {})
            row.setdefault(name, Sums()).add(money)

    for row in won:
        add(row.ended, "won", row.counted)
    for sale in sold:
        add(sale.day, "revenue", sale.converted(context))
    for each in invoices:
        add(each.bill.asked, "invoiced", converted(each.bill, context))
        add(each.bill.paid, "paid", converted(each.bill, context))
    names = ("won", "revenue", "invoiced", "paid")
    rows: list[tuple[str | dict[str, Decimal], ...]] = []
    for month in sorted(months):
        rows.append((month, *(cents(months[month].get(name, Sums())) for name in names)))
    return FigureTable(
        "by month", columns("month", *(f"{name}:money" for name in names)), tuple(rows)
    )
