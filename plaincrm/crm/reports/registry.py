"""The reports that there are, by name; each is imported when it is asked for.

A pillar adds a report with a line in `_SHIPPED` and a function of a Book and a ReportRequest.
A book's own reports are files in `reports/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING

from plaincrm.core.value_class import value
from plaincrm.core.values.periods import period_of
from plaincrm.crm.reports.report import (
    Build,
    ReportKind,
    ReportRequest,
    ReportResult,
    with_previous,
)
from plaincrm.errors import NotFound, UsageError, did_you_mean

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


@value
class _Shipped:
    """Where a report is made, what it tells, and the kind that its query is about."""

    place: str
    doc: str
    kind: str = "deal"


_HERE = "plaincrm.crm.reports"
_SHIPPED = {
    "sales": _Shipped(
        f"{_HERE}.sales:report", "Won, lost, win rate, average deal, cycle, velocity"
    ),
    "money": _Shipped(
        f"{_HERE}.money:report", "Won, earned, invoiced, paid, outstanding by age, recurring"
    ),
    "funnel": _Shipped(
        f"{_HERE}.funnel:report", "How many deals go on from each stage, and how long they stay"
    ),
    "sources": _Shipped(
        f"{_HERE}.attribution:sources", "Leads, wins and revenue by where they came from"
    ),
    "campaigns": _Shipped(
        f"{_HERE}.attribution:campaigns", "The same by campaign, with cost and return"
    ),
    "customers": _Shipped(
        f"{_HERE}.customers:report",
        "RFM segments, lifetime value, who comes back, share of the largest",
        "contact",
    ),
    "products": _Shipped(
        f"{_HERE}.products:report", "What was sold, its margin, who buys what, what goes together"
    ),
    "support": _Shipped(
        f"{_HERE}.support:report", "Tickets: how many, how fast, how well", "ticket"
    ),
    "activity": _Shipped(
        f"{_HERE}.activity:report", "Calls, mails, meetings by owner; the hours of answers", "log"
    ),
    "health": _Shipped(
        f"{_HERE}.health:report",
        "Health of the customers with its terms, who is at risk",
        "contact",
    ),
    "hygiene": _Shipped(
        f"{_HERE}.hygiene:report", "What is stale, incomplete or was never touched", ""
    ),
    "compare": _Shipped(
        f"{_HERE}.compare:report", "A trait against an outcome, with n and an interval", ""
    ),
    "closing": _Shipped(
        f"{_HERE}.closing:report", "Open deals that will probably be won by the end of the period"
    ),
    "forecast-accuracy": _Shipped(
        f"{_HERE}.accuracy:report", "What was forecast before each period, and what came"
    ),
}


def names(book: Book) -> list[str]:
    """The names of all reports, the book's own last."""
    from plaincrm.crm.reports import own

    return list(dict.fromkeys([*_SHIPPED, *own.names(book)]))


def every(book: Book) -> Iterator[ReportKind]:
    """All reports, for a list of them."""
    for name in names(book):
        yield find(book, name)


def find(book: Book, name: str) -> ReportKind:
    """The report of that name. Raises NotFound."""
    shipped = _SHIPPED.get(name)
    if shipped is None:
        from plaincrm.crm.reports import own

        if name in own.names(book):
            return own.kind(book, name)
        near = did_you_mean(name, names(book))
        raise NotFound(f'there is no report "{name}"', near or "plaincrm report list names them")
    return ReportKind(name, shipped.doc, shipped.kind, _function(shipped.place))


def _function(place: str) -> Build:
    module, _, name = place.partition(":")
    found: Build = getattr(import_module(module), name)
    return found


def make(
    book: Book,
    kind: ReportKind,
    request: ReportRequest,
    *,
    compare: bool = False,
    queries: bool = False,
) -> ReportResult:
    """The report; with `compare` each figure has its value in the period before, with `queries`
    each row the command that lists its records.
    """
    report = kind.build(book, request)
    if queries:
        from plaincrm.crm.reports.row_queries import with_queries

        report = with_queries(book, report, request)
    if not compare:
        return report
    period = request.period
    if period.first == date.min:
        raise UsageError("before all there is lies no period to compare with", "--period 2026")
    before = period_of(period.unit, period.first, offset=-1)
    earlier = ReportRequest(before, request.words, request.by, False)
    return with_previous(report, kind.build(book, earlier))
