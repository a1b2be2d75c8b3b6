"""The support report: how much came, how fast it was answered, how well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context
from plaincrm.core.values.periods import Period
from plaincrm.crm.reports.report import CountedRecords, ReportRequest, ReportResult
from plaincrm.sales.items import items_of, product_of
from plaincrm.support.feedback import Rating, all_of
from plaincrm.support.figures import (
    SupportPeriod,
    TicketGroup,
    by_customer,
    by_field,
    by_month,
    field_values,
    support_figures,
    support_period,
    support_table,
)
from plaincrm.support.themes import rising_table, theme_table
from plaincrm.support.ticket_times import TicketTimes

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_ABOUT = frozenset({"product", "deal"})  # fields of a ticket that lead to products


def report(book: Book, request: ReportRequest) -> ReportResult:
    """The tickets of the period. A query narrows them."""
    context, period = book.context, request.period
    tickets = book.select("ticket", request.words).records if request.words else None
    found = support_period(tickets, context, period.first, period.last)
    customers = by_customer(context)
    groups = {"customer": customers, "month": by_month}
    if request.by == "product" or not _ABOUT.isdisjoint(context.store.collection("ticket").names()):
        groups["product"] = by_product(context)
    names = [request.by] if request.by else list(_usual(found, groups))
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


def _usual(found: SupportPeriod, groups: Mapping[str, TicketGroup]) -> Iterator[str]:
    """What tables there are where nobody asks for one: products only if a ticket is about one."""
    yield from ("category", "customer")
    about = groups.get("product")
    if about and any(about(each) for each in (*found.opened, *found.solved)):
        yield "product"
    yield "month"


def by_product(context: Context) -> TicketGroup:
    """The products that a ticket names under `product`, else those that were sold with its deal; by
    their ids where the book has them.
    """
    named, deals = field_values("product", context), field_values("deal", context)

    @cache
    def sold(id: str) -> tuple[str, ...]:
        deal = context.store.get("deal", id)
        items = items_of(deal, context) if deal else []
        known = ((product_of(item, context), item.product) for item in items)
        return tuple(dict.fromkeys(product.id if product else name for product, name in known))

    def products(each: TicketTimes) -> list[str]:
        return [*named(each.id)] or [name for id in deals(each.id) for name in sold(id)]

    return products


def _ratings_of_people(book: Book, period: Period) -> list[Rating]:
    """What contacts and companies answered beside their tickets."""
    return [
        rating
        for kind in ("contact", "company")
        for rating in all_of(kind, book.context, period.first, period.last)
    ]
