"""Where business comes from: leads, wins and revenue by source and by campaign.

A record's source is its own, else that of its contact, else of its company. Leads are the contacts
that began in the period; won and lost count in it; revenue is what was earned in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.values.figure import Figure, FigureTable
from plaincrm.core.values.money import Money, Sums
from plaincrm.core.values.periods import Period
from plaincrm.crm.reports.report import NONE, ReportRequest, ReportResult, cents, columns, unique
from plaincrm.crm.reports.sales import DealPeriod, deal_period, revenue_of
from plaincrm.sales.deal_rows import deal_rows

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_LINKS = ("contact", "company")
_SHARED = ("leads:count", "won:count", "win_rate:percent", "revenue:money", "n:count")
_SOURCES = columns("source", *_SHARED)
_CAMPAIGNS = columns("campaign", *_SHARED, "won_value:money", "cost:money", "roi:percent")


@dataclass(slots=True)
class _Row:
    name: str
    leads: list[str] = field(default_factory=list)
    won: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    value: Sums = field(default_factory=Sums)
    revenue: Sums = field(default_factory=Sums)

    @property
    def ended(self) -> int:
        return len(self.won) + len(self.lost)

    @property
    def cells(self) -> tuple[object, ...]:
        share = Decimal(len(self.won)) / self.ended if self.ended else None
        counts = (self.name, len(self.leads), len(self.won), share)
        return (*counts, cents(self.revenue), self.ended)

    @property
    def refs(self) -> tuple[str, ...]:
        return unique((*self.leads, *self.won, *self.lost))


def attributed(record: Record, name: str, context: Context) -> str:
    """The source or campaign of a record: its own, else its contact's, else its company's."""
    own = record.text(name)
    if own:
        return own
    for link in _LINKS:
        for target in context.store.follow(record, link):
            if found := target.text(name):
                return found
    return ""


def sources(book: Book, request: ReportRequest) -> ReportResult:
    """Leads, wins and revenue by source."""
    rows, found, contacts = _rows(book, request, "source")
    table = _table("sources", _SOURCES, [(row, row.cells) for row in rows])
    return _report("sources", request, rows, table, found, contacts)


def campaigns(book: Book, request: ReportRequest) -> ReportResult:
    """The same by campaign, with what it cost and what came of it: ROI = (won - cost) / cost."""
    rows, found, contacts = _rows(book, request, "campaign")
    costs = _costs(book.context)
    known = {fold(row.name) for row in rows}
    idle = [_Row(name) for key, (name, _) in costs.items() if key not in known]
    rows = [*(row for row in rows if row.name != NONE), *idle, *(r for r in rows if r.name == NONE)]
    cells = []
    for row in rows:
        _, cost = costs.get(fold(row.name), ("", None))
        spent = cents(_sums([cost])) if cost else {}
        cells.append((row, (*row.cells, cents(row.value), spent, _roi(row.value, cost))))
    table = _table("campaigns", _CAMPAIGNS, cells)
    return _report("campaigns", request, rows, table, found, contacts)


def _sums(amounts: Iterable[Money]) -> Sums:
    sums = Sums()
    for amount in amounts:
        sums.add(amount)
    return sums


def _roi(won: Sums, cost: Money | None) -> Decimal | None:
    """(won - cost) / cost; None without a cost."""
    if cost is None or cost.amount <= 0:
        return None
    return (won.get(cost.unit, Decimal(0)) - cost.amount) / cost.amount


def _costs(context: Context) -> dict[str, tuple[str, Money | None]]:
    """The campaigns of the book by folded id and name, and what each cost."""
    found: dict[str, tuple[str, Money | None]] = {}
    for record in context.store.records("campaign"):
        cost = record.value("cost", context.settings.currency)
        found[fold(record.id)] = record.id, cost if isinstance(cost, Money) else None
    return found


def _rows(
    book: Book, request: ReportRequest, name: str
) -> tuple[list[_Row], DealPeriod, list[Record]]:
    context = book.context
    deals = book.select("deal", request.words).records if request.words else None
    found = deal_period(deal_rows(context, deals), request.period)
    rows: dict[str, _Row] = {}
    row_of = _reader(rows, name, context)
    contacts = _leads(book, deals, request.period)
    for contact in contacts:
        row_of(contact).leads.append(contact.ref)
    for deal in found.won:
        row = row_of(_record(context, deal.ref))
        row.won.append(deal.ref)
        if deal.counted is not None:
            row.value.add(deal.counted)
    for deal in found.lost:
        row_of(_record(context, deal.ref)).lost.append(deal.ref)
    for sale in revenue_of(book, deals):
        if sale.day in request.period:
            row_of(_record(context, sale.record)).revenue.add(sale.converted(context))
    ordered = sorted(rows.values(), key=lambda row: (row.name == NONE, fold(row.name)))
    return ordered, found, contacts


def _reader(rows: dict[str, _Row], name: str, context: Context) -> Callable[[Record], _Row]:
    aliases = {}
    if name == "campaign":
        for record in context.store.records("campaign"):
            aliases.update({fold(each): record.id for each in (record.title, record.id)})

    def row_of(record: Record) -> _Row:
        said = attributed(record, name, context)
        said = aliases.get(fold(said), said) or NONE
        return rows.setdefault(fold(said), _Row(said))

    return row_of


def _leads(book: Book, deals: list[Record] | None, period: Period) -> list[Record]:
    """The contacts that began in the period; of a query on deals, those of its deals."""
    context = book.context
    if deals is None:
        every: Iterable[Record] = context.store.records("contact")
    else:
        linked = (each for deal in deals for each in context.store.follow(deal, "contact"))
        every = {record.ref: record for record in linked}.values()
    begun = ((record, context.fact(record, "began")) for record in every)
    return [record for record, day in begun if day is not None and day in period]


def _record(context: Context, ref: str) -> Record:
    kind, _, id = ref.partition("/")
    record = context.store.get(kind, id)
    assert record is not None, ref  # it was counted a moment ago
    return record


def _table(
    name: str, names: tuple[object, ...], rows: Iterable[tuple[_Row, tuple[object, ...]]]
) -> FigureTable:
    found = list(rows)
    cells, refs = tuple(each for _, each in found), tuple(row.refs for row, _ in found)
    return FigureTable(name, names, cells, refs)  # type: ignore[arg-type]


def _report(
    name: str,
    request: ReportRequest,
    rows: list[_Row],
    table: FigureTable,
    found: DealPeriod,
    contacts: list[Record],
) -> ReportResult:
    figures = (
        Figure("leads", sum(len(row.leads) for row in rows), "count"),
        Figure("won_count", len(found.won), "count"),
    )
    return ReportResult(name, request.period, figures, (table,), (), "contact", tuple(contacts))
