"""The pipeline: deals by stage, or by any other field, with what they are worth.

Every deal is counted, one without a value too. Weighted sums hold only what has both a value and a chance;
the rest is `unknown`. Sums are exact; whoever shows them rounds once. Amounts of a currency that the book
has a rate for are converted at the deal's own date, others stay apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from plaincrm.core.facts import World
from plaincrm.core.money import Money, Sums
from plaincrm.core.record import Record
from plaincrm.core.settings import Pipeline, Stage
from plaincrm.core.timeline_facts import own_day
from plaincrm.core.types import fold
from plaincrm.sales.deals import value_of

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """What one deal adds to every sum it stands in; worked out once."""

    deal: Record
    status: str
    value: Money | None
    chance: Decimal | None
    rotting: bool
    overdue: bool


def line(deal: Record, world: World) -> Line:
    """The figures of one deal."""
    status, rotting = world.fact(deal, "stage_status"), world.fact(deal, "is:rotting")
    return Line(deal, status, worth(deal, world), world.fact(deal, "chance"), rotting, world.fact(deal, "is:overdue"))


@dataclass(slots=True)
class Total:
    """`unknown`: deals with a value and no probability. `without_value`: deals that name no amount."""

    count: int = 0
    value: Sums = field(default_factory=Sums)
    weighted: Sums = field(default_factory=Sums)
    mrr: Sums = field(default_factory=Sums)
    unknown: int = 0
    without_value: int = 0
    rotting: int = 0
    overdue: int = 0

    def add(self, line: Line) -> None:
        value = line.value
        self.count += 1
        self.rotting += line.rotting
        self.overdue += line.overdue
        if value is None:
            self.without_value += 1
            return
        self.value.add(value)
        if value.per:
            self.mrr.add(Money(value.monthly(), value.currency))
        if line.chance is None:
            self.unknown += 1
        else:
            self.weighted.add(value, line.chance / 100)


@dataclass(frozen=True, slots=True)
class StageRow:
    """One row. `known` is False for a stage that the data has and the settings have not."""

    stage: str
    status: str
    probability: Decimal | None
    total: Total
    known: bool = True


@dataclass(frozen=True, slots=True)
class PipelineView:
    """One pipeline. `by` is what the rows are: stages in the settings' order, or values of another field."""

    pipeline: str
    by: str
    stages: tuple[StageRow, ...]
    totals: Mapping[str, Total]
    warnings: tuple[str, ...]

    @property
    def open(self) -> Total:
        return self.totals["open"]

    @property
    def won(self) -> Total:
        return self.totals["won"]

    @property
    def lost(self) -> Total:
        return self.totals["lost"]

    @property
    def parked(self) -> Total:
        return self.totals["parked"]

    @property
    def count(self) -> int:
        return sum(total.count for total in self.totals.values())


def worth(deal: Record, world: World) -> Money | None:
    """The deal's value, in the book's currency where there is a rate for its own day."""
    value = value_of(deal, world)
    if value is None:
        return None
    return world.settings.rates.convert(value, own_date(deal, world)) or value


def own_date(deal: Record, world: World) -> date:
    """The day a deal counts on: its end, else its expected close, else today."""
    return world.fact(deal, "ended") or own_day(deal, "close_date") or world.today


def pipelines(deals: Iterable[Record], world: World, by: str = "stage") -> list[PipelineView]:
    """One view per pipeline of the settings, and per unknown one that the deals name, in that order."""
    settings = world.settings
    found: dict[str, list[Record]] = {fold(name): [] for name in settings.pipelines}
    names = {fold(name): name for name in settings.pipelines}
    for deal in deals:
        name = deal.text("pipeline") or "default"
        found.setdefault(fold(name), []).append(deal)
        names.setdefault(fold(name), name)
    views = ((names[key], settings.pipeline(key), grouped) for key, grouped in found.items())
    return [
        _view(pipeline or Pipeline(name, ()), grouped, world, by)
        for name, pipeline, grouped in views
        if grouped or len(found) == 1
    ]


def cards(view: PipelineView, deals: Iterable[Record], world: World) -> dict[str, list[Line]]:
    """The deals of each row of `view`, by the row's name, the largest first."""
    rows = {fold(row.stage): row.stage for row in view.stages}
    found: dict[str, list[Line]] = {row.stage: [] for row in view.stages}
    for deal in deals:
        if fold(deal.text("pipeline") or "default") == fold(view.pipeline):
            names = [deal.text("stage")] if view.by == "stage" else _texts(deal, world, view.by)
            for name in dict.fromkeys(map(fold, names)):
                found[rows[name]].append(line(deal, world))
    for several in found.values():
        several.sort(key=lambda each: -each.value.amount if each.value else _CENT)
    return found


def _view(pipeline: Pipeline, deals: list[Record], world: World, by: str) -> PipelineView:
    totals = {status: Total() for status in ("open", "won", "lost", "parked")}
    lines = [line(deal, world) for deal in deals]
    for each in lines:
        totals[each.status].add(each)
    rows = _stage_rows(pipeline, lines) if by == "stage" else _rows(lines, world, by)
    return PipelineView(pipeline.name, by, tuple(rows), totals, tuple(_warnings(pipeline, lines)))


def _stage_rows(pipeline: Pipeline, lines: list[Line]) -> list[StageRow]:
    groups = _grouped(lines, lambda deal: [deal.text("stage")], [stage.name for stage in pipeline.stages])
    return [_row(pipeline.find(name), name, total) for name, total in groups.values()]


def _row(stage: Stage | None, name: str, total: Total) -> StageRow:
    if stage is None:
        return StageRow(name, "open", None, total, known=False)
    return StageRow(stage.name, stage.role, stage.probability, total)


def _rows(lines: list[Line], world: World, by: str) -> list[StageRow]:
    groups = _grouped(lines, lambda deal: _texts(deal, world, by))
    ordered = sorted(groups.values(), key=lambda group: (not group[0], fold(group[0])))
    return [StageRow(name, "", None, total) for name, total in ordered]


def _texts(deal: Record, world: World, by: str) -> list[str]:
    if world.facts.find("deal", by):
        value = world.fact(deal, by)
        return [""] if value is None else [str(value)]
    return [item.text for item in deal.items(by)] or [""]


def _grouped(
    lines: list[Line], key: Callable[[Record], list[str]], names: Iterable[str] = ()
) -> dict[str, tuple[str, Total]]:
    """Totals by name without case, those of `names` first. A deal with several values stands in each."""
    groups = {fold(name): (name, Total()) for name in names}
    for each in lines:
        for name in dict.fromkeys(key(each.deal)):
            groups.setdefault(fold(name), (name, Total()))[1].add(each)
    return groups


def _warnings(pipeline: Pipeline, lines: list[Line]) -> Iterable[str]:
    live = [each for each in lines if each.status == "open"]
    own = [each.deal.text("probability").strip() for each in live]
    chances = {stage.probability for stage in pipeline.stages if stage.role == "open"}
    if live and chances <= {None, Decimal(100)} and not any(own):
        yield f"every stage of {pipeline.name} has a probability of 100 or none, so weighted says nothing"
    if ones := own.count("1"):
        yield f"{_deals(ones)} with `probability: 1`, which is 1 %; write 100 for certain"
    if missing := sum(each.value is None for each in lines):
        yield f"{_deals(missing)} without an amount"
    if unknown := sum(each.chance is None for each in live):
        yield f"{_deals(unknown)} without a probability, not in weighted"


def _deals(count: int) -> str:
    return "1 deal" if count == 1 else f"{count} deals"


def as_json(views: Iterable[PipelineView]) -> list[dict[str, Any]]:
    """The `results` of `pipeline --json`. With another field the rows' key is its name."""
    return [_view_json(view) for view in views]


def _view_json(view: PipelineView) -> dict[str, Any]:
    return {
        "pipeline": view.pipeline,
        "by": view.by,
        "stages": [_row_json(row, view.by) for row in view.stages],
        "open": {**_total_json(view.open), "weighted": _numbers(view.open.weighted)},
        "won": _total_json(view.won),
        "lost": _total_json(view.lost),
        "parked": _total_json(view.parked),
        "warnings": list(view.warnings),
    }


def _row_json(row: StageRow, by: str) -> dict[str, Any]:
    total = row.total
    stage = {"status": row.status, "probability": _number(row.probability), "known": row.known}
    return {
        by: row.stage,
        **(stage if by == "stage" else {}),
        **_total_json(total),
        "weighted": _numbers(total.weighted),
        "rotting": total.rotting,
        "overdue": total.overdue,
        "unknown": total.unknown,
        "withoutValue": total.without_value,
        "mrr": _numbers(total.mrr),
    }


def _total_json(total: Total) -> dict[str, Any]:
    return {"count": total.count, "value": _numbers(total.value)}


def _numbers(sums: Sums) -> dict[str, float]:
    return {unit: float(amount.quantize(_CENT, ROUND_HALF_UP)) for unit, amount in sums.items()}


def _number(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)
