"""The pipeline: deals by stage, or by any other field, with what they are worth.

Every deal is counted, one without a value too. Weighted sums hold only what has both a value and a
chance; the rest is `unknown`. Sums are exact; whoever shows them rounds once. Amounts of a currency
that the book has a rate for are converted at the deal's own date, others stay apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Literal

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.settings import Pipeline, Stage
from plaincrm.core.text.counted import counted
from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import value
from plaincrm.core.values.figure import Figure, Term
from plaincrm.core.values.money import Money, Sums, stand_in_note
from plaincrm.sales.deals import DealFigures, figures, is_bare_one, worth
from plaincrm.sales.pipeline_rows import row_reader

_CENT = Decimal("0.01")
STATUSES = ("open", "won", "lost", "parked")
Unit = tuple[str, str]  # currency and period
GroupKey = tuple[str, tuple[str, ...], str, str, str, Unit | None]
"""Pipeline, rows, status, own probability, chance, unit: deals alike in all count as one."""

SumOf = Literal["value", "weighted", "mrr"]
Terms = Callable[[str], tuple[Term, ...]]  # of a unit
RowQuery = Callable[["StageRow", SumOf], str]  # what lists the deals of a row for one of its sums


def no_terms(_: str) -> tuple[Term, ...]:
    return ()


@value
class DealLine:
    """What one deal adds to every sum it stands in; worked out once."""

    deal: Record
    status: str
    value: Money | None
    chance: Decimal | None
    rotting: bool
    overdue: bool


def line(deal: Record, context: Context) -> DealLine:
    """The figures of one deal."""
    status, rotting = context.fact(deal, "stage_status"), context.fact(deal, "is:rotting")
    return DealLine(
        deal,
        status,
        worth(deal, context),
        context.fact(deal, "chance"),
        rotting,
        context.fact(deal, "is:overdue"),
    )


class DealGroup:
    """Deals that differ in nothing but their amounts: in every sum they count as one. `own`: their
    own chance.
    """

    def __init__(
        self,
        rows: tuple[str, ...],
        status: str,
        own: str,
        chance: Decimal | None,
        unit: tuple[str, str] | None,
    ) -> None:
        self.rows, self.status, self.own, self.chance, self.unit = rows, status, own, chance, unit
        self.count = self.rotting = self.overdue = self.contested = 0
        self.amount = Decimal(0)
        self.stand_ins: set[str] = set()

    @property
    def value(self) -> Money | None:
        return Money(self.amount, *self.unit) if self.unit else None


class DealTotal:
    """What deals add up to. `unknown`: those with a value and no probability. `without_value`:
    those that name no amount.
    """

    def __init__(self) -> None:
        self.value, self.weighted, self.mrr = Sums(), Sums(), Sums()
        self.count = self.unknown = self.without_value = self.rotting = self.overdue = 0

    def add(self, group: DealGroup) -> None:
        self.count += group.count
        self.rotting += group.rotting
        self.overdue += group.overdue
        value = group.value
        if value is None:
            self.without_value += group.count
            return
        self.value.add(value)
        if value.per:
            self.mrr.add(Money(value.monthly(), value.currency))
        if group.chance is None:
            self.unknown += group.count
        else:
            self.weighted.add(value, group.chance / 100)

    def join(self, other: DealTotal) -> None:
        """Take in the deals of another total; no deal may stand in both."""
        self.count += other.count
        self.rotting += other.rotting
        self.overdue += other.overdue
        self.unknown += other.unknown
        self.without_value += other.without_value
        self.value.merge([other.value])
        self.weighted.merge([other.weighted])
        self.mrr.merge([other.mrr])

    def figures(self, sum_of: SumOf, name: str, terms: Terms = no_terms) -> tuple[Figure, ...]:
        """One of its sums: a figure for each unit, since currencies are never added, and what
        recurs stands apart. `terms` gives those of a unit.
        """
        sums: Sums = getattr(self, sum_of)
        return tuple(
            Figure(name, amount, "money", unit, self.count, terms(unit))
            for unit, amount in sums.items()
        )


@value
class StageRow:
    """One row. `known` is False for a stage that the data has and the settings have not."""

    stage: str
    status: str
    probability: Decimal | None
    total: DealTotal
    known: bool = True


@value
class PipelineView:
    """One pipeline. `by` is what the rows are: stages in the settings' order, or values of another
    field.
    """

    pipeline: str
    by: str
    stages: tuple[StageRow, ...]
    totals: Mapping[str, DealTotal]
    warnings: tuple[str, ...]

    @property
    def open(self) -> DealTotal:
        return self.totals["open"]

    @property
    def won(self) -> DealTotal:
        return self.totals["won"]

    @property
    def lost(self) -> DealTotal:
        return self.totals["lost"]

    @property
    def parked(self) -> DealTotal:
        return self.totals["parked"]

    @property
    def count(self) -> int:
        return sum(total.count for total in self.totals.values())

    def figures(self, query: RowQuery) -> list[Figure]:
        """What the deals in all are worth, by status; of the open ones also weighted. The terms
        are the stages of that status, each with its `query`.
        """
        found: list[Figure] = []
        for status, total in self.totals.items():
            found += total.figures("value", status, self._terms("value", status, query))
            if status == "open":
                found += total.figures(
                    "weighted", "weighted", self._terms("weighted", status, query)
                )
        return found

    def _terms(self, sum_of: SumOf, status: str, query: RowQuery) -> Terms:
        rows = [row for row in self.stages if row.status == status]

        def of_unit(unit: str) -> tuple[Term, ...]:
            sums = ((row, getattr(row.total, sum_of)) for row in rows)
            return tuple(
                Term(row.stage, found[unit], query=query(row, sum_of))
                for row, found in sums
                if unit in found
            )

        return of_unit


def pipelines(deals: Iterable[Record], context: Context, by: str = "stage") -> list[PipelineView]:
    """One view per pipeline of the settings, and per unknown one that the deals name, in that
    order.
    """
    settings = context.settings
    found: dict[str, list[DealGroup]] = {fold(name): [] for name in settings.pipelines}
    names = {fold(name): name for name in settings.pipelines}
    for name, groups in _groups(deals, context, by).items():
        found.setdefault(fold(name), []).extend(groups)
        names.setdefault(fold(name), name)
    views = ((names[key], settings.pipeline(key), grouped) for key, grouped in found.items())
    return [
        _view(pipeline or Pipeline(name, ()), grouped, by)
        for name, pipeline, grouped in views
        if grouped or len(found) == 1
    ]


def together(views: Sequence[PipelineView]) -> dict[str, DealTotal]:
    """The totals of all pipelines: open, won, lost and parked."""
    found = {status: DealTotal() for status in STATUSES}
    for view in views:
        for status, total in view.totals.items():
            found[status].join(total)
    return found


def _groups(deals: Iterable[Record], context: Context, by: str) -> dict[str, list[DealGroup]]:
    """The groups of each pipeline; one pass, since a large book has tens of thousands of deals."""
    found: dict[GroupKey, DealGroup] = {}
    named: dict[str, list[DealGroup]] = {}
    texts = None if by == "stage" else row_reader(context, by)
    today, amounts = context.today.isoformat(), cache(Decimal)
    for deal in deals:
        each = figures(deal, context)
        amount, unit = _floated(each, context) if each.floating else (each.amount, each.unit)
        rows = (each.stage,) if texts is None else tuple(texts(deal))
        key = (each.pipeline, rows, each.status, each.own_chance, each.chance, unit)
        group = found.get(key)
        if group is None:
            chance = Decimal(each.chance) if each.chance else None
            group = found[key] = DealGroup(rows, each.status, each.own_chance, chance, unit)
            named.setdefault(each.pipeline, []).append(group)
        group.count += 1
        group.amount += amounts(amount or "0")
        group.contested += each.contested
        if each.stand_in:
            group.stand_ins.add(each.stand_in)
        group.rotting += "" < each.rots <= today
        group.overdue += "" < each.late < today
    return named


def _floated(each: DealFigures, context: Context) -> tuple[str, Unit | None]:
    """An amount that belongs to no day of its own, at today's rate."""
    if each.unit is None:
        return each.amount, None
    written = Money(Decimal(each.amount), *each.unit)
    money = context.settings.rates.convert(written, context.today) or written
    return str(money.amount), (money.currency, money.per)


def cards(
    view: PipelineView, deals: Iterable[Record], context: Context
) -> dict[str, list[DealLine]]:
    """The deals of each row of `view`, by the row's name, the largest first."""
    rows = {fold(row.stage): row.stage for row in view.stages}
    found: dict[str, list[DealLine]] = {row.stage: [] for row in view.stages}
    texts = None if view.by == "stage" else row_reader(context, view.by)
    for deal in deals:
        if fold(deal.text("pipeline") or "default") == fold(view.pipeline):
            names = [deal.text("stage")] if texts is None else texts(deal)
            for name in dict.fromkeys(map(fold, names)):
                found[rows[name]].append(line(deal, context))
    for several in found.values():
        several.sort(key=lambda each: -each.value.amount if each.value else _CENT)
    return found


def _view(pipeline: Pipeline, groups: list[DealGroup], by: str) -> PipelineView:
    totals = {status: DealTotal() for status in STATUSES}
    for each in groups:
        totals[each.status].add(each)
    rows = _stage_rows(pipeline, groups) if by == "stage" else _rows(groups)
    return PipelineView(pipeline.name, by, tuple(rows), totals, tuple(_warnings(pipeline, groups)))


def _stage_rows(pipeline: Pipeline, groups: list[DealGroup]) -> list[StageRow]:
    totals = _totals(groups, [stage.name for stage in pipeline.stages])
    return [_row(pipeline.find(name), name, total) for name, total in totals.values()]


def _row(stage: Stage | None, name: str, total: DealTotal) -> StageRow:
    if stage is None:
        return StageRow(name, "open", None, total, known=False)
    return StageRow(stage.name, stage.role, stage.probability, total)


def _rows(groups: list[DealGroup]) -> list[StageRow]:
    ordered = sorted(_totals(groups).values(), key=lambda pair: (not pair[0], fold(pair[0])))
    return [StageRow(name, "", None, total) for name, total in ordered]


def _totals(groups: list[DealGroup], names: Iterable[str] = ()) -> dict[str, tuple[str, DealTotal]]:
    """Totals by name without case, those of `names` first. A deal with several values stands in
    each.
    """
    found = {fold(name): (name, DealTotal()) for name in names}
    for each in groups:
        for name in dict.fromkeys(each.rows):
            found.setdefault(fold(name), (name, DealTotal()))[1].add(each)
    return found


def _warnings(pipeline: Pipeline, groups: list[DealGroup]) -> Iterable[str]:
    live = [each for each in groups if each.status == "open"]
    chances = {stage.probability for stage in pipeline.stages if stage.role == "open"}
    if live and chances <= {None, Decimal(100)} and not any(each.own for each in live):
        yield (
            f"every stage of {pipeline.name} has a probability of 100 or none, so weighted says"
            " nothing"
        )
    if ones := sum(each.count for each in live if is_bare_one(each.own)):
        yield f"{counted(ones, 'deal')} with `probability: 1`, which is 1 %; write 100 for certain"
    if missing := sum(each.count for each in groups if each.unit is None):
        yield f"{counted(missing, 'deal')} without an amount"
    if unknown := sum(each.count for each in live if each.chance is None):
        yield f"{counted(unknown, 'deal')} without a probability, not in weighted"
    if contested := sum(each.contested for each in groups):
        yield f"{counted(contested, 'deal')} with contested fields, counted as the files show them"
    for stand_in in sorted(set().union(*(each.stand_ins for each in groups))):
        yield stand_in_note(*stand_in.split())
