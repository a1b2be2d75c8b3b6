"""The support report: how much came, how fast it was answered, how well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plaincrm.crm.reports.report import ReportRequest, ReportResult
from plaincrm.support.figures import (
    by_customer,
    by_field,
    by_month,
    support_figures,
    support_period,
    support_table,
)

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


def report(book: Book, request: ReportRequest) -> ReportResult:
    """The tickets of the period. A query narrows them."""
    context, period = book.context, request.period
    tickets = book.select("ticket", request.words).records
    found = support_period(tickets, context, period.first, period.last)
    groups = {"customer": by_customer(context), "month": by_month}
    names = [request.by] if request.by else ["category", "month"]
    tables = tuple(
        support_table(found, context, name, groups.get(name) or by_field(name)) for name in names
    )
    counted = {each.ticket.ref: each.ticket for each in (*found.opened, *found.solved)}
    figures = tuple(support_figures(found, context))
    return ReportResult("support", period, figures, tables, (), "ticket", tuple(counted.values()))
