"""The health of the customers, the worst first, and why some are at risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.core.values.figure import Figure, FigureTable, Term, rate
from plaincrm.core.values.quantile import quantile
from plaincrm.crm.customers import customer_of
from plaincrm.crm.health import health_of
from plaincrm.crm.reports.report import ReportRequest, ReportResult, columns
from plaincrm.sales.revenue import sales

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_KINDS = ("company", "contact")
_PARTS = ("freshness", "follow-up", "activity", "ratings", "deals")
_COLUMNS = columns("kind", "id", "health:score", *(f"{name}:score" for name in _PARTS), "at_risk")


def report(book: Book, request: ReportRequest) -> ReportResult:
    """The customers: companies and people of status customer, and those who bought; of a query,
    those that it selects.
    """
    context = book.context
    found = []
    for record in _customers(book, request):
        health = health_of(record, context)
        parts = {term.name: term.value for term in health.figure.terms}
        cells = (*(parts[name] for name in _PARTS), ", ".join(health.risks))
        found.append((record, health, (record.kind.name, record.id, health.figure.value, *cells)))
    found.sort(key=lambda each: (int(str(each[1].figure.value)), not each[1].risks, each[0].ref))
    values = [int(str(health.figure.value)) for _, health, _ in found]
    endangered = [(record, health) for record, health, _ in found if health.risks]
    terms = tuple(
        Term(f"{record.id}: {'; '.join(health.risks)}", 1, record.ref)
        for record, health in endangered
        if request.why
    )
    figures = (
        Figure("health_median", quantile(values, "0.5"), "score", n=len(values)),
        Figure("at_risk", len(endangered), "count", terms=terms),
        rate("at_risk_rate", len(endangered), len(found), len(found)),
    )
    rows = tuple(cells for _, _, cells in found)
    table = FigureTable("health", _COLUMNS, rows, tuple((r.ref,) for r, _, _ in found))
    note = "health is that of today, whatever the period"
    records = tuple(record for record, _, _ in found)
    return ReportResult("health", request.period, figures, (table,), (note,), "contact", records)


def _customers(book: Book, request: ReportRequest) -> list[Record]:
    if request.words:
        return [r for kind in _KINDS for r in book.select(kind, request.words).records]
    context = book.context
    found = {r.ref: r for kind in _KINDS for r in book.select(kind, ["status:customer"]).records}
    for sale in sales(context):
        kind, _, id = sale.record.partition("/")
        record = context.store.get(kind, id)
        customer = customer_of(record, context) if record else None
        if customer is not None and customer.kind.name in _KINDS:
            found.setdefault(customer.ref, customer)
    return list(found.values())
