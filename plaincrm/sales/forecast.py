"""The forecast: what is won and what may still come, by month, quarter or year.

A deal's category is what its `forecast:` says, else it follows from its chance. Columns are
cumulative, as Salesforce's: won; commit = won + commit; best = commit + best; open = all open deals
that are not omitted, without won. A won deal counts in the period in which it ended, an open one in
that of its close date; one whose close date has passed is overdue, one without is undated, and both
are in no period. What recurs stands apart, as its value a month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal

from plaincrm.core.records.facts import Context
from plaincrm.core.value_class import value
from plaincrm.core.values.money import Sums
from plaincrm.core.values.periods import Period, PeriodUnit, period_of
from plaincrm.sales.deal_rows import DealRow
from plaincrm.sales.goals import SalesGoal, goal_for

Category = Literal["omitted", "pipeline", "best", "commit", "won"]
CATEGORIES: tuple[Category, ...] = ("omitted", "pipeline", "best", "commit")
COLUMNS = ("won", "commit", "best", "open", "weighted")
BEST, COMMIT = Decimal(50), Decimal(75)  # per cent, from which a deal counts so by itself


def category_of(deal: DealRow) -> Category | None:
    """The category of a deal; None of one that is lost or parked."""
    if deal.status == "won":
        return "won"
    if deal.status != "open":
        return None
    for name in CATEGORIES:
        if deal.category == name:
            return name
    chance = deal.chance or Decimal(0)
    if chance >= COMMIT:
        return "commit"
    return "best" if chance >= BEST else "pipeline"


@dataclass(slots=True)
class ForecastCell:
    """One column of a row: its sum by unit, and the deals in it."""

    sums: Sums = field(default_factory=Sums)
    deals: list[DealRow] = field(default_factory=list)

    def add(self, deal: DealRow, share: Decimal = Decimal(1)) -> None:
        self.deals.append(deal)
        if deal.counted is not None:
            self.sums.add(deal.counted, share)


@dataclass(slots=True)
class ForecastRow:
    """The deals of a period, or those that are overdue or undated (`period` is None)."""

    period: Period | None
    cells: dict[str, ForecastCell] = field(
        default_factory=lambda: {name: ForecastCell() for name in COLUMNS}
    )
    deals: list[DealRow] = field(default_factory=list)
    goal: SalesGoal | None = None

    def add(self, deal: DealRow, category: Category) -> None:
        """Count the deal in every column that holds its category."""
        self.deals.append(deal)
        for name in _WITHIN[category]:
            self.cells[name].add(deal)
        if category != "won" and deal.chance is not None:
            self.cells["weighted"].add(deal, deal.chance / 100)

    def sums(self, column: str) -> Sums:
        return self.cells[column].sums


_WITHIN: dict[Category, tuple[str, ...]] = {
    "won": ("won", "commit", "best"),
    "commit": ("commit", "best", "open"),
    "best": ("best", "open"),
    "pipeline": ("open",),
    "omitted": (),
}


@value
class Forecast:
    """Rows by period, and what is in none. `omitted` and `unknown`: how many open deals were left
    out by hand, and how many have no chance and so no weighted value.
    """

    by: PeriodUnit
    rows: tuple[ForecastRow, ...]
    overdue: ForecastRow
    undated: ForecastRow
    omitted: int
    unknown: int

    @property
    def deals(self) -> int:
        rows = (*self.rows, self.overdue, self.undated)
        return sum(len(row.deals) for row in rows)


def forecast(
    deals: Iterable[DealRow],
    context: Context,
    by: PeriodUnit = "month",
    first: date | None = None,
    last: date | None = None,
) -> Forecast:
    """The forecast of `deals` in periods of `by`, from the period of `first` (today's, if none is
    named) to that of `last` (the latest in which there is anything).

    A period without deals and without a goal is left out, but for the first one.
    """
    begin = period_of(by, first or context.today).first
    end = period_of(by, last).last if last else date.max
    rows = {begin: ForecastRow(period_of(by, begin))}
    overdue, undated = ForecastRow(None), ForecastRow(None)
    omitted = unknown = 0
    period_by_day = cache(lambda day: period_of(by, day))
    for deal in deals:
        category = category_of(deal)
        if category is None or category == "omitted":
            omitted += category == "omitted"
            continue
        day = deal.ended if category == "won" else deal.expected
        if category != "won" and day is not None and day < context.today:
            overdue.add(deal, category)
        elif day is None:
            if category != "won":
                undated.add(deal, category)
        elif begin <= day <= end:
            period = period_by_day(day)
            rows.setdefault(period.first, ForecastRow(period)).add(deal, category)
        else:
            continue
        unknown += category != "won" and deal.chance is None
    _set_goals(rows, context, by, begin, end)
    ordered = tuple(rows[day] for day in sorted(rows))
    return Forecast(by, ordered, overdue, undated, omitted, unknown)


def _set_goals(
    rows: dict[date, ForecastRow], context: Context, by: PeriodUnit, begin: date, end: date
) -> None:
    """Give each row its goal; a goal of a period without deals makes a row."""
    from plaincrm.sales.goals import SECTION

    for goal in context.settings.section(SECTION):
        if goal.period.unit == by and begin <= goal.period.first <= end:
            rows.setdefault(goal.period.first, ForecastRow(goal.period))
    for row in rows.values():
        if row.period is not None:
            row.goal = goal_for(row.period, context.settings)


def words_of(row: ForecastRow, today: date, overdue: bool = False) -> Sequence[str]:
    """The query that selects the deals of a row."""
    if row.period is None:
        rest = f"close_date.before:{today}" if overdue else "no:close_date"
        return ("is:open", "not", "forecast:omitted", rest)
    first, last = row.period.first, row.period.last
    won = f"is:won ended:{first}..{last}"
    if last < today:
        return tuple(won.split())
    awaited = f"is:open not forecast:omitted close_date:{max(first, today)}..{last}"
    return (f"({won}) or ({awaited})",)


def contributions(cell: ForecastCell, weighted: bool) -> Iterator[tuple[DealRow, str, Decimal]]:
    """What each deal adds to a cell: the deal, the unit and the amount."""
    for deal in cell.deals:
        if deal.counted is not None:
            share = (deal.chance or Decimal(0)) / 100 if weighted else Decimal(1)
            yield deal, deal.counted.unit, deal.counted.amount * share
