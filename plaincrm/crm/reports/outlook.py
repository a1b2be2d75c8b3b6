"""The forecast of a book beside its goals: rows by period, and how each stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.core.values.periods import Period, PeriodUnit
from plaincrm.crm.reports.sales import average_deal, deal_period, win_rate
from plaincrm.sales.deal_rows import DealRow, deal_rows
from plaincrm.sales.forecast import Forecast, ForecastRow, forecast
from plaincrm.sales.goals import GoalBasis, Progress, days_gone, progress

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_YEAR = timedelta(days=365)  # how far the win rate and the average deal look back


@value
class Outlook:
    """A forecast. `rate` and `average` are those of the last year, with the number of deals that
    they rest on; `against` has how each period with a goal stands.
    """

    forecast: Forecast
    against: tuple[Progress | None, ...]
    rate: Decimal | None
    rate_n: int
    average: Decimal | None


def outlook(
    book: Book,
    words: Sequence[str],
    by: PeriodUnit,
    first: date | None = None,
    last: date | None = None,
) -> Outlook:
    """The forecast of the deals that a query selects. Raises QueryError."""
    context = book.context
    deals = book.select("deal", words).records if words else None
    rows = deal_rows(context, deals)
    found = forecast(rows, context, by, first, last)
    rate, n, average = _experience(rows, context)
    against = tuple(_against(row, rate, average, context) for row in found.rows)
    return Outlook(found, against, rate, n, average)


def records_of(found: Outlook, book: Book) -> list[Record]:
    """The deals that a forecast counts, in the order of their rows."""
    shown = found.forecast
    rows = (*shown.rows, shown.overdue, shown.undated)
    deals = (book.context.store.get("deal", deal.id) for row in rows for deal in row.deals)
    return [deal for deal in deals if deal is not None]


def _experience(
    rows: Sequence[DealRow], context: Context
) -> tuple[Decimal | None, int, Decimal | None]:
    """The win rate of the last year, its n, and the average deal."""
    year = Period(context.today - _YEAR, context.today, "the last year")
    found = deal_period(rows, year)
    rate, average = win_rate(found), average_deal(found, context.settings.currency)
    known = (each if isinstance(each, Decimal) else None for each in (rate.value, average.value))
    share, mean = known
    return share, rate.n or 0, mean


def _against(
    row: ForecastRow, rate: Decimal | None, average: Decimal | None, context: Context
) -> Progress | None:
    if row.goal is None or row.period is None:
        return None
    unit = row.goal.amount.unit
    won, open = (row.sums(name).get(unit, Decimal(0)) for name in ("won", "open"))
    gone, days = days_gone(row.period, context.today)
    own = average if unit == context.settings.currency else None
    return progress(row.goal.amount.amount, GoalBasis(won, open, rate, own, gone, days))
