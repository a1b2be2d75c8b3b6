"""The panels of the dashboard, each a function that makes values of what the reports say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.core.text.counted import counted
from plaincrm.core.value_class import changed
from plaincrm.core.values.figure import Figure, FigureTable, Term
from plaincrm.core.values.money import Sums
from plaincrm.core.values.periods import Period, period_of
from plaincrm.crm.reminders.today import today
from plaincrm.crm.reports.dashboard_data import (
    MONTHS_BACK,
    DashboardData,
    DashboardPanel,
    PanelGoal,
    PanelLine,
    period_name,
)
from plaincrm.crm.reports.dashboard_file import PERIODS, PanelRequest
from plaincrm.crm.reports.grouping import label
from plaincrm.crm.reports.outlook import outlook
from plaincrm.crm.reports.report import Cell, cents, columns, money_figures
from plaincrm.crm.reports.sales import sum_of, win_rate
from plaincrm.crm.ticket_queue import by_time_left, deadline
from plaincrm.sales.deal_rows import DealRow
from plaincrm.sales.forecast import ForecastRow
from plaincrm.sales.goals import Progress, SalesGoal, goal_for

if TYPE_CHECKING:
    pass

MONTHS_AHEAD = 6  # of the forecast
MOST_LINES = 6  # of a list; the command has the rest


def _named(figures: Iterable[Figure], name: str) -> tuple[Figure, ...]:
    return tuple(each for each in figures if each.name == name)


def _won(data: DashboardData, wish: PanelRequest) -> DashboardPanel:
    """What was won, beside the period before."""
    figures = data.won_value
    refs = [term.ref for each in figures for term in each.terms]
    first, last = data.period.first, data.period.last
    return DashboardPanel(
        "won",
        wish.title or f"Won in {period_name(data.period)}",
        counted(len(refs), "deal"),
        figures,
        data.before,
        _months(data),
        command=f"list deals is:won ended:{first}..{last}",
        kind="deal",
        records=data.records("deal", refs),
    )


def _months(data: DashboardData) -> tuple[Decimal, ...]:
    """What was won in each of the last months, in the book's currency."""
    months: dict[tuple[int, int], list[DealRow]] = {}
    for row in data.deals(data.year).won:
        if row.ended is not None:
            months.setdefault((row.ended.year, row.ended.month), []).append(row)
    today = data.context.today
    ahead = (period_of("month", today, offset=n).first for n in range(1 - MONTHS_BACK, 1))
    sums = (sum_of(months.get((first.year, first.month), ())) for first in ahead)
    return tuple(each.get(data.currency, Decimal(0)) for each in sums)


def _goal(data: DashboardData, wish: PanelRequest) -> DashboardPanel | None:
    """How the nearest goal stands: the one of this month, else of this quarter, else of this
    year.
    """
    for unit in PERIODS:
        if goal_for(period_of(unit, data.context.today), data.context.settings) is None:
            continue
        found = outlook(data.book, (), unit)
        for row, stands in zip(found.forecast.rows, found.against, strict=True):
            is_now = row.period is not None and data.context.today in row.period
            if is_now and stands is not None and row.goal is not None:
                return _goal_panel(wish, row, stands, row.goal)
    return None


def _goal_panel(
    wish: PanelRequest, row: ForecastRow, stands: Progress, goal: SalesGoal
) -> DashboardPanel:
    assert row.period is not None
    money = goal.amount
    won = row.sums("won").get(money.unit, Decimal(0))
    terms = [
        Term("won", won, unit="money"),
        Term("goal", money.amount, unit="money"),
        Term("missing", stands.gap, unit="money"),
        Term("projected", stands.projected, unit="money"),
        Term("in the pipeline for each one missing", stands.coverage, unit="score"),
        Term("average deals missing", stands.deals, unit="count"),
    ]
    known = tuple(term for term in terms if term.value is not None)
    figure = Figure("attained", stands.attained, "percent", money.unit, terms=known)
    amount = PanelGoal(goal.period.word, money.amount, money.unit, stands)
    title = wish.title or f"Goal {goal.period.word}"
    return DashboardPanel(
        "goal", title, "", (figure,), goal=amount, command="forecast --by quarter"
    )


def _pipeline(data: DashboardData, wish: PanelRequest) -> DashboardPanel:
    """All open deals, and what is likely of them."""
    views = data.pipelines
    total, weighted, count = Sums(), Sums(), 0
    for view in views:
        count += view.open.count
        for unit, amount in view.open.value.items():
            total[unit] = total.get(unit, Decimal(0)) + amount
        for unit, amount in view.open.weighted.items():
            weighted[unit] = weighted.get(unit, Decimal(0)) + amount
    figures = (
        *money_figures("open", total, data.currency),
        *money_figures("weighted", weighted, data.currency),
    )
    return DashboardPanel(
        "pipeline",
        wish.title or "Open pipeline",
        counted(count, "deal"),
        figures,
        command="list deals is:open",
        kind="deal",
        records=tuple(data.book.select("deal", ["is:open", "sort:-value"]).records),
    )


def _outstanding(data: DashboardData, wish: PanelRequest) -> DashboardPanel:
    """Invoices that are not paid, and those of them that are late."""
    figures = data.money.figures
    open = _named(figures, "outstanding")
    count = sum(len(each.terms) for each in open)
    return DashboardPanel(
        "outstanding",
        wish.title or "Outstanding",
        counted(count, "invoice"),
        # What is outstanding is so today, in whatever period it is looked at.
        tuple(changed(each, previous=None) for each in (*open, *_named(figures, "overdue"))),
        command="report money --why",
    )


def _win_rate(data: DashboardData, wish: PanelRequest) -> DashboardPanel:
    figures = (win_rate(data.deals(data.year)),)
    title = wish.title or "Win rate, 12 months"
    return DashboardPanel("win_rate", title, "", figures, command="report sales")


def _forecast(data: DashboardData, wish: PanelRequest) -> DashboardPanel:
    """What is won and what may come, month by month; empty months are shown as empty."""
    rows = {row.period.first: row for row in data.outlook.forecast.rows if row.period is not None}
    ahead = [period_of("month", data.context.today, offset=n) for n in range(MONTHS_AHEAD)]
    lines: list[tuple[Cell, ...]] = []
    refs = []
    for month in ahead:
        row = rows.get(month.first) or ForecastRow(month)
        sums = (cents(row.sums(name)) for name in ("won", "commit", "best", "open"))
        lines.append((label("month", month.first), *sums))
        refs.append(tuple(deal.ref for deal in row.deals))
    names = columns("month", "won:money", "commit:money", "best:money", "open:money")
    deals = [ref for several in refs for ref in several]
    return DashboardPanel(
        "forecast",
        wish.title or "Forecast",
        "By close date: won, commit (chance 75 % and more), best case (50 % and more)",
        table=FigureTable("forecast", names, tuple(lines), tuple(refs)),
        form="columns",
        left_out=_apart(data, ahead[-1]),
        command="forecast --why",
        kind="deal",
        records=data.records("deal", deals),
        span=8,
    )


def _apart(data: DashboardData, last: Period) -> str:
    """What the forecast does not show: deals past their day, without one, and later ones."""
    shown = data.outlook.forecast
    later = [row for row in shown.rows if row.period is not None and row.period.first > last.last]
    found = (
        (len(shown.overdue.deals), "past the close date"),
        (len(shown.undated.deals), "without a date"),
        (sum(len(row.deals) for row in later), "later"),
    )
    said = ", ".join(f"{counted(count, 'deal')} {what}" for count, what in found if count)
    return f"Not shown: {said}" if said else ""


def _today(data: DashboardData, wish: PanelRequest) -> DashboardPanel:
    """What needs somebody, the most urgent first."""
    found = today(data.context).reminders
    levels = [each.level for each in found]
    lines = tuple(
        PanelLine(each.title, each.text, _when(each.days), each.ref, each.days < 0)
        for each in found[:MOST_LINES]
    )
    remark = f"{levels.count('overdue')} overdue, {levels.count('today')} today"
    rest = len(found) - len(lines)
    left_out = f"and {rest} more: plaincrm today" if rest else ""
    title = wish.title or "Needs you"
    return DashboardPanel(
        "today", title, remark, lines=lines, left_out=left_out, command="today", span=4
    )


def _when(days: int) -> str:
    return "today" if days == 0 else counted(abs(days), "day")


def _stages(data: DashboardData, wish: PanelRequest) -> DashboardPanel:
    """Open deals by stage, and what is likely of them."""
    views = data.pipelines
    names = columns("stage", "deals:count", "amount:money", "weighted:money", "rotting:count")
    rows = []
    for view in views:
        for stage in view.stages:
            if stage.status == "open" and stage.total.count:
                total = stage.total
                sums = cents(total.value), cents(total.weighted)
                name = stage.stage if view is views[0] else f"{stage.stage} ({view.pipeline})"
                rows.append((name, total.count, *sums, total.rotting))
    return DashboardPanel(
        "stages",
        wish.title or "Open pipeline by stage",
        "Amount, and what is likely of it",
        table=FigureTable("stages", names, tuple(rows)),
        form="bars",
        command="pipeline",
        span=5,
    )


def _sources(data: DashboardData, wish: PanelRequest) -> DashboardPanel | None:
    """Where the money of a year comes from."""
    found = data.report("sources", data.year)
    table = next(iter(found.tables), None)
    if table is None or not table.rows:
        return None
    return DashboardPanel(
        "sources",
        wish.title or "Where the money comes from",
        "Leads, wins and revenue of the last twelve months, by source",
        table=_by_revenue(table, data.currency),
        form="table",
        command="report sources",
        span=7,
    )


def _by_revenue(table: FigureTable, currency: str) -> FigureTable:
    """The rows of a table, those that earned most first."""
    place = [column.name for column in table.columns].index("revenue")

    def earned(row: tuple[Cell, ...]) -> Decimal:
        cell = row[place]
        return -cell.get(currency, Decimal(0)) if isinstance(cell, dict) else Decimal(0)

    return changed(table, rows=tuple(sorted(table.rows, key=earned)), refs=(), queries=())


def _stale(data: DashboardData, wish: PanelRequest) -> DashboardPanel:
    """Deals that rot, the idlest first."""
    found = data.book.select("deal", ["is:rotting", "sort:-idle"])
    lines = tuple(
        PanelLine(deal.title, deal.text("stage"), _idle(deal, data), deal.ref, True)
        for deal in found.records[:MOST_LINES]
    )
    return DashboardPanel(
        "stale",
        wish.title or "Deals going stale",
        f"{counted(found.total, 'deal')} idle for longer than the stage allows",
        lines=lines,
        command="list deals is:rotting",
        kind="deal",
        records=tuple(found.records),
        span=4,
    )


def _idle(deal: Record, data: DashboardData) -> str:
    idle = data.context.fact(deal, "idle")
    return "" if idle is None else f"idle {idle}"


def _tickets(data: DashboardData, wish: PanelRequest) -> DashboardPanel | None:
    """Open tickets, those that are due first, and whether promises were kept."""
    found = data.book.select("ticket", ["is:open"])
    if not found.total:
        return None
    figures = data.report("support", data.period).figures
    lines = []
    for ticket in by_time_left(found.records, data.context)[:MOST_LINES]:
        due = deadline(ticket, data.context)
        late = due.left is not None and due.left < 0
        lines.append(PanelLine(ticket.title, ticket.text("priority"), due.text, ticket.ref, late))
    rates = _named(figures, "breach_rate")
    return DashboardPanel(
        "tickets",
        wish.title or "Tickets",
        f"{counted(found.total, 'ticket')} open, by time left",
        tuple(changed(each, previous=None) for each in rates),
        lines=tuple(lines),
        command="ticket list",
        kind="ticket",
        records=tuple(found.records),
        span=5,
    )


def _report(data: DashboardData, wish: PanelRequest) -> DashboardPanel:
    """A report of the program or of the book: its figures and its first table."""
    found = data.report(wish.report, data.period, wish.words, wish.by, compare=True)
    table = next(iter(found.tables), None)
    return DashboardPanel(
        wish.report,
        wish.title or wish.report.capitalize(),
        "; ".join(found.notes),
        found.figures if table is None else (),
        table=table,
        form="table",
        command=f"report {wish.report}",
        span=6,
    )


def _list(data: DashboardData, wish: PanelRequest) -> DashboardPanel:
    """The records that a query selects."""
    found = data.book.select(wish.kind, wish.words)
    return DashboardPanel(
        wish.title,
        wish.title,
        counted(found.total, "record"),
        command=" ".join(["list", found.kind.plural, *wish.words]),
        kind=wish.kind,
        records=tuple(found.records),
        columns=wish.columns or found.kind.columns,
        form="table",
        span=6,
    )


PANELS: Mapping[str, Callable[[DashboardData, PanelRequest], DashboardPanel | None]] = {
    "won": _won,
    "goal": _goal,
    "pipeline": _pipeline,
    "outstanding": _outstanding,
    "win_rate": _win_rate,
    "forecast": _forecast,
    "today": _today,
    "stages": _stages,
    "sources": _sources,
    "stale": _stale,
    "tickets": _tickets,
    "report": _report,
    "list": _list,
}
