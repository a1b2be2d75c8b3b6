"""The forecast: a table by period, goals beneath, and with `why` the deals behind each cell."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from plaincrm.core.text.counted import counted
from plaincrm.core.values.figure import FigureColumn, FigureTable
from plaincrm.core.values.money import Sums
from plaincrm.core.values.periods import period_label
from plaincrm.crm.reports.outlook import Outlook
from plaincrm.crm.reports.report import cents, columns
from plaincrm.sales.forecast import COLUMNS, ForecastRow, contributions
from plaincrm.sales.goals import Progress
from plaincrm.views.doc import Block, Doc, DocSection
from plaincrm.views.json_text import plain
from plaincrm.views.rows import ListColumn, Rows

_GOAL_COLUMNS = columns(
    "period",
    "goal:money",
    "attained:percent",
    "gap:money",
    "projected:money",
    "needed:money",
    "coverage:count",
    "deals:count",
)


def forecast_doc(found: Outlook, records: Rows | None, today: str, *, why: bool) -> Doc:
    """The forecast as a document."""
    shown = found.forecast
    sections = [DocSection("", (_table(found), *_notes(found)))]
    if any(found.against):
        sections.append(DocSection("goals", (_goals(found), *_basis(found))))
    if why:
        sections.append(DocSection("why", (_why(found),)))
    more: dict[str, Any] = {
        "asOf": today,
        "by": shown.by,
        "overdue": _apart(shown.overdue),
        "undated": _apart(shown.undated),
        "omitted": shown.omitted,
        "withoutChance": shown.unknown,
    }
    results = [_row_json(found, place) for place in range(len(shown.rows))]
    return Doc("forecast", "", tuple(sections), shown.deals, more, records, results)


def _name(row: ForecastRow, found: Outlook) -> str:
    if row.period is not None:
        return period_label(found.forecast.by, row.period.first)
    return "overdue" if row is found.forecast.overdue else "undated"


def _every(found: Outlook) -> list[ForecastRow]:
    shown = found.forecast
    apart = (row for row in (shown.overdue, shown.undated) if row.deals)
    return [*shown.rows, *apart]


def _table(found: Outlook) -> FigureTable:
    names = (*columns("period", "deals:count"), *(FigureColumn(name, "money") for name in COLUMNS))
    rows: list[tuple[str | int | dict[str, Decimal], ...]] = []
    for row in _every(found):
        sums = (cents(row.sums(name)) for name in COLUMNS)
        rows.append((_name(row, found), len(row.deals), *sums))
    refs = tuple(tuple(deal.ref for deal in row.deals) for row in _every(found))
    return FigureTable("forecast", names, tuple(rows), refs)


def _notes(found: Outlook) -> Iterator[Block]:
    shown = found.forecast
    if shown.omitted:
        yield f"{counted(shown.omitted, 'open deal')} left out by `forecast: omitted`"
    if shown.unknown:
        yield f"{counted(shown.unknown, 'deal')} without a chance, not in weighted"


def _goals(found: Outlook) -> FigureTable:
    rows = []
    for row, stands in zip(found.forecast.rows, found.against, strict=True):
        if stands is None or row.goal is None:
            continue
        unit = row.goal.amount.unit
        amounts = (stands.gap, stands.projected, stands.needed)
        gap, projected, needed = (_amount(each, unit) for each in amounts)
        coverage = None if stands.coverage is None else round(stands.coverage, 2)
        goal = {unit: row.goal.amount.amount}
        cells = (goal, stands.attained, gap, projected, needed, coverage, stands.deals)
        rows.append((_name(row, found), *cells))
    return FigureTable("goals", _GOAL_COLUMNS, tuple(rows))


def _amount(amount: Decimal | None, unit: str) -> dict[str, Decimal] | None:
    return None if amount is None else cents(Sums({unit: amount})) or {unit: Decimal(0)}


def _basis(found: Outlook) -> Iterator[str]:
    if found.rate is None:
        yield "no deal was won or lost in the last year: nothing says how many it takes"
    else:
        share = f"{found.rate:.1%}"
        yield f"needed rests on the win rate of the last year, {share} of {found.rate_n} deals"


def _why(found: Outlook) -> Rows:
    """A line for each deal in each cell: what it adds there."""
    lines = []
    for row in _every(found):
        for name in COLUMNS:
            for deal, unit, amount in contributions(row.cells[name], name == "weighted"):
                lines.append((_name(row, found), name, deal.ref, {unit: amount}))
    names = ("period", "column", "deal", "amount")

    def reader(place: int) -> ListColumn:
        if place < 3:
            return ListColumn(names[place], lambda line: line[place])
        return ListColumn("amount", lambda line: _money(line[3]), right=True, whole=True)

    def as_json(line: tuple[Any, ...]) -> dict[str, Any]:
        return {name: plain(cell) for name, cell in zip(names, line, strict=True)}

    listed = [reader(place) for place in range(len(names))]
    return Rows("why", len(lines), lines, listed, as_json, lambda line: line[2], None)


def _money(sums: dict[str, Decimal]) -> str:
    from plaincrm.views import numbers

    return numbers.sums(sums)


def _row_json(found: Outlook, place: int) -> dict[str, Any]:
    row, stands = found.forecast.rows[place], found.against[place]
    assert row.period is not None  # only overdue and undated have none
    goal = row.goal.amount if row.goal else None
    return {
        "period": _name(row, found),
        "from": row.period.first.isoformat(),
        "to": row.period.last.isoformat(),
        "deals": len(row.deals),
        **_sums_json(row, COLUMNS),
        "goal": {goal.unit: float(goal.amount)} if goal else None,
        "attained": plain(stands.attained) if stands else None,
        "progress": _progress_json(stands) if stands else None,
    }


def _sums_json(row: ForecastRow, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _numbers(row.sums(name)) for name in names}


def _numbers(sums: Sums) -> dict[str, float]:
    return {unit: float(amount) for unit, amount in cents(sums).items()}


def _apart(row: ForecastRow) -> dict[str, Any]:
    return {"deals": len(row.deals), **_sums_json(row, ("open", "weighted"))}


def _progress_json(stands: Progress) -> dict[str, Any]:
    names = ("gap", "pace", "projected", "needed", "coverage", "deals")
    return {name: plain(getattr(stands, name)) for name in names}
