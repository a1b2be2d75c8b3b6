"""The funnel: how many deals reached each stage, how many went on, how long they stayed.

The deals are those that began in the period. A deal that reached a stage reached all before it too:
of those that reached stage k or a later one, the share that reached k + 1 or a later one. Time in a
stage adds up over re-entries; the stage that an open deal is in counts until today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import changes
from plaincrm.core.schema.settings import Pipeline
from plaincrm.core.text.fold import fold
from plaincrm.core.values.figure import Figure, FigureTable
from plaincrm.core.values.quantile import quantile
from plaincrm.crm.reports.report import ReportRequest, ReportResult, columns

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

LEAST = 5  # deals, below which a share of them names no bottleneck
_COLUMNS = columns("stage", "reached:count", "went_on:count", "rate:percent", "median_days:days")


def stages_of(pipeline: Pipeline) -> list[str]:
    """The open stages in order, and the first that means won."""
    won = pipeline.of_role("won")
    open = [stage.name for stage in pipeline.stages if stage.role == "open"]
    return [*open, *([won.name] if won else [])]


def furthest(deal: Record, stages: Sequence[str], context: Context) -> int:
    """The place of the latest stage that a deal was ever in; the first, if none is known."""
    places = {fold(name): place for place, name in enumerate(stages)}
    if context.fact(deal, "is:won"):
        return len(stages) - 1
    names = [deal.text("stage")]
    for _, old, new in changes(deal, context, "stage"):
        names += [old, new]
    return max((places.get(fold(name), 0) for name in names), default=0)


def days_in_stages(deal: Record, context: Context) -> dict[str, int]:
    """The days that a deal spent in each stage, by folded name."""
    start: date | None = context.fact(deal, "began")
    found: dict[str, int] = {}
    stage = ""
    for day, old, new in changes(deal, context, "stage"):
        if start is not None and day >= start:
            name = fold(old or stage)
            found[name] = found.get(name, 0) + (day - start).days
        start, stage = day, new
    if context.fact(deal, "is:open") and start is not None and start <= context.today:
        name = fold(deal.text("stage"))
        found[name] = found.get(name, 0) + (context.today - start).days
    return found


def report(book: Book, request: ReportRequest) -> ReportResult:
    """The funnel of each pipeline that has deals in the period."""
    context = book.context
    deals = [
        deal
        for deal in book.select("deal", request.words).records
        if (day := context.fact(deal, "began")) is not None and day in request.period
    ]
    tables, notes = [], []
    for pipeline in context.settings.pipelines.values():
        own = [deal for deal in deals if fold(deal.text("pipeline")) == fold(pipeline.name)]
        if own:
            table = _table(own, pipeline, context)
            tables.append(table)
            notes += _bottleneck(table, pipeline)
    unknown = len(deals) - sum(len(table.refs[0]) for table in tables if table.refs)
    if unknown:
        notes.append(f"{unknown} deals run through a pipeline that the settings don't know")
    figures = (Figure("deals", len(deals), "count"),)
    return ReportResult(
        "funnel", request.period, figures, tuple(tables), tuple(notes), "deal", tuple(deals)
    )


def _table(deals: Sequence[Record], pipeline: Pipeline, context: Context) -> FigureTable:
    stages = stages_of(pipeline)
    reached: list[list[str]] = [[] for _ in stages]
    times: dict[str, list[int]] = {}
    for deal in deals:
        for place in range(furthest(deal, stages, context) + 1):
            reached[place].append(deal.ref)
        for stage, days in days_in_stages(deal, context).items():
            times.setdefault(stage, []).append(days)
    rows = []
    for place, stage in enumerate(stages):
        here, last = len(reached[place]), place == len(stages) - 1
        went_on = None if last else len(reached[place + 1])
        share = Decimal(went_on) / here if here and went_on is not None else None
        rows.append((stage, here, went_on, share, _median(times.get(fold(stage), ()))))
    name = "stages" if pipeline.name == "default" else f"stages {pipeline.name}"
    return FigureTable(name, _COLUMNS, tuple(rows), tuple(map(tuple, reached)))


def _median(days: Iterable[int]) -> Decimal | None:
    return quantile(days, "0.5")


def _bottleneck(table: FigureTable, pipeline: Pipeline) -> list[str]:
    """The stage that the smallest share leaves for the next, where enough deals say so."""
    rated = [row for row in table.rows if row[3] is not None and int(str(row[1])) >= LEAST]
    if not rated:
        return []
    worst = min(rated, key=lambda row: Decimal(str(row[3])))
    share = f"{Decimal(str(worst[3])):.0%}"
    return [f"bottleneck of {pipeline.name}: from {worst[0]} {share} of {worst[1]} deals went on"]
