"""What the panels of the dashboard are as values, and the reports that they share."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.core.values.figure import Figure, FigureTable
from plaincrm.core.values.periods import Period, period_of
from plaincrm.crm.reports import registry
from plaincrm.crm.reports.outlook import Outlook, outlook
from plaincrm.crm.reports.report import ReportRequest, ReportResult, with_previous
from plaincrm.crm.reports.sales import DealPeriod, deal_period, won_value
from plaincrm.sales.deal_rows import deal_rows
from plaincrm.sales.goals import Progress
from plaincrm.sales.pipeline import PipelineView, pipelines

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

MONTHS_BACK = 12  # of a small picture, and of a rate
_LEAST_SHARE = 3  # columns: a figure stands in a quarter of the page
Form = Literal["", "columns", "bars", "table"]


@value
class PanelLine:
    """A line of a list: a record's title, what is said of it, and what stands right."""

    title: str
    text: str
    right: str = ""
    ref: str = ""
    is_bad: bool = False


@value
class PanelGoal:
    """A goal beside a figure: its name (`2026-Q4`), its amount, and how the period stands."""

    name: str
    amount: Decimal
    currency: str
    progress: Progress


@value
class DashboardPanel:
    """One panel. It has a figure, a table (drawn in `form`), lines, or records; `remark` says what
    it counts, `left_out` what it does not show, `command` what lists it in the terminal.

    `before` names the period that a figure's `previous` is of. `trend`: the figure's recent past,
    oldest first. `records` are those that were counted.
    """

    name: str
    title: str
    remark: str = ""
    figures: tuple[Figure, ...] = ()
    before: str = ""
    trend: tuple[Decimal, ...] = ()
    table: FigureTable | None = None
    form: Form = ""
    goal: PanelGoal | None = None
    lines: tuple[PanelLine, ...] = ()
    left_out: str = ""
    command: str = ""
    kind: str = ""
    records: tuple[Record, ...] = ()
    columns: tuple[str, ...] = ()
    span: int = _LEAST_SHARE


def period_name(period: Period) -> str:
    """`November 2026`, `Q4 2026`, `2026`; of other days what the user wrote."""
    first = period.first
    if period.unit == "month":
        return f"{month_name[first.month]} {first.year}"
    if period.unit == "quarter":
        return f"Q{(first.month + 2) // 3} {first.year}"
    return str(first.year) if period.unit == "year" else period.word


class DashboardData:
    """What the panels share, each worked out once."""

    def __init__(self, book: Book, period: Period) -> None:
        self.book, self.period, self.context = book, period, book.context
        self.currency = book.settings.currency

    def report(
        self,
        name: str,
        period: Period,
        words: Sequence[str] = (),
        by: str = "",
        *,
        why: bool = False,
        compare: bool = False,
    ) -> ReportResult:
        """A report as `plaincrm report NAME` makes it; with `compare` as `--compare` does."""
        request = ReportRequest(period, tuple(words), by, why)
        kind = registry.find(self.book, name)
        return registry.make(self.book, kind, request, compare=compare)

    @property
    def before(self) -> str:
        """The name of the period before this one."""
        return period_name(period_of(self.period.unit, self.period.first, offset=-1))

    @cached_property
    def won_value(self) -> tuple[Figure, ...]:
        """What was won in the period, beside the one before; the figure of `report sales`."""
        earlier = period_of(self.period.unit, self.period.first, offset=-1)
        now, before = (
            ReportResult("sales", each, tuple(won_value(self.deals(each), self.context, why=True)))
            for each in (self.period, earlier)
        )
        return with_previous(now, before).figures

    def deals(self, period: Period) -> DealPeriod:
        return deal_period(deal_rows(self.context), period)

    @cached_property
    def money(self) -> ReportResult:
        return self.report("money", self.period, why=True)

    @cached_property
    def pipelines(self) -> list[PipelineView]:
        return pipelines(self.context.store.records("deal"), self.context)

    @cached_property
    def year(self) -> Period:
        """The last twelve months, whole ones, this one included."""
        first = period_of("month", self.context.today, offset=1 - MONTHS_BACK).first
        return Period(first, period_of("month", self.context.today).last, "twelve months")

    @cached_property
    def outlook(self) -> Outlook:
        return outlook(self.book, (), "month")

    def records(self, kind: str, refs: Iterable[str]) -> tuple[Record, ...]:
        """The records of a kind that are named by refs."""
        ids = (ref.partition("/")[2] for ref in refs if ref.startswith(f"{kind}/"))
        found = (self.context.store.get(kind, id) for id in dict.fromkeys(ids))
        return tuple(each for each in found if each is not None)
