"""How good the forecasts were: what was forecast on the eve of each period, and what came of it.

The forecast of a past day is made from the book as git has it of that day.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from plaincrm.core.values.figure import Figure, FigureTable
from plaincrm.core.values.periods import Period, PeriodUnit, period_label, period_of
from plaincrm.crm.reports.grouping import WORDS
from plaincrm.crm.reports.report import ReportRequest, ReportResult, cents, columns, mean
from plaincrm.errors import UsageError
from plaincrm.sales.deal_rows import deal_rows
from plaincrm.sales.forecast import ForecastRow, forecast

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_COLUMNS = columns(
    "period", "commit:money", "best:money", "weighted:money", "won:money", "error:percent"
)


def report(book: Book, request: ReportRequest) -> ReportResult:
    """A row for each month (or quarter, year: `--by`) of the period that has begun. The error is
    (weighted - won) / won, of the book's currency.
    """
    unit = request.by or "month"
    if unit not in WORDS or unit == "weekday":
        raise UsageError("the accuracy of forecasts goes by month, quarter or year", "--by quarter")
    rows, errors = [], []
    currency = book.settings.currency
    for period in _periods(book, request.period, unit):  # type: ignore[arg-type]
        before = _forecast(book, request, period)
        if before is None:
            continue
        came = _row(book, request, period)
        won = came.sums("won").get(currency, Decimal(0))
        weighted = before.sums("weighted").get(currency, Decimal(0))
        error = (weighted - won) / won if won else None
        if error is not None:
            errors.append(abs(error))
        sums = (before.sums("commit"), before.sums("best"), before.sums("weighted"))
        name = period_label(unit, period.first)  # type: ignore[arg-type]
        rows.append((name, *map(cents, sums), cents(came.sums("won")), error))
    figures = (Figure("mean_error", mean(errors), "percent", n=len(errors)),)
    notes = () if rows else ("git has no book of the days before these periods",)
    table = FigureTable("forecast accuracy", _COLUMNS, tuple(rows))
    return ReportResult("forecast-accuracy", request.period, figures, (table,), notes)


def _periods(book: Book, within: Period, unit: PeriodUnit) -> list[Period]:
    found = []
    period = period_of(unit, within.first)
    while period.first <= min(within.last, book.context.today):
        found.append(period)
        period = period_of(unit, period.first, offset=1)
    return found


def _forecast(book: Book, request: ReportRequest, period: Period) -> ForecastRow | None:
    """The row of the period, as it was forecast on the day before it began; None where git has
    nothing of that day.
    """
    from plaincrm.crm.history.as_of import as_of
    from plaincrm.errors import PlaincrmError

    try:
        past = as_of(book, period.first - timedelta(days=1))
    except PlaincrmError:
        return None
    return _row(past, request, period)


def _row(book: Book, request: ReportRequest, period: Period) -> ForecastRow:
    deals = book.select("deal", request.words).records if request.words else None
    found = forecast(
        deal_rows(book.context, deals), book.context, period.unit, period.first, period.last
    )
    return next((row for row in found.rows if row.period == period), ForecastRow(period))
