"""The support report: how much came, how fast it was answered, how well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plaincrm.core.values.periods import Period
from plaincrm.crm.reports.report import CountedRecords, ReportRequest, ReportResult
from plaincrm.support.feedback import Rating, all_of
from plaincrm.support.figures import (
    by_customer,
    by_field,
    by_month,
    support_figures,
    support_period,
    support_table,
)
from plaincrm.support.themes import rising_table, theme_table

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


def report(book: Book, request: ReportRequest) -> ReportResult:
    """The tickets of the period. A query narrows them."""
    context, period = book.context, request.period
    tickets = book.select("ticket", request.words).records if request.words else None
    found = support_period(tickets, context, period.first, period.last)
    customers = by_customer(context)
    groups = {"customer": customers, "month": by_month}
    names = [request.by] if request.by else ["category", "customer", "month"]
    tables = [
        support_table(found, name, groups.get(name) or by_field(name, context), why=request.why)
        for name in names
    ]
    tables.append(theme_table(found.opened, found.earlier))
    tables.append(rising_table(found.opened, found.earlier, customers))
    counted = dict.fromkeys(each.id for each in (*found.opened, *found.solved))
    further = [] if request.words else _ratings_of_people(book, period)
    return ReportResult(
        "support",
        period,
        tuple(support_figures(found, further, why=request.why)),
        tuple(tables),
        (),
        "ticket",
        CountedRecords(book.store, "ticket", counted),
    )


def _ratings_of_people(book: Book, period: Period) -> list[Rating]:
    """What contacts and companies answered beside their tickets."""
    return [
        rating
        for kind in ("contact", "company")
        for rating in all_of(kind, book.context, period.first, period.last)
    ]
