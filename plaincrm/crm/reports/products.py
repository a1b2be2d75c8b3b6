"""The products report: what was sold, what it brought and cost, who buys what, what goes together.

The items are those of orders in the period, and of deals won in it whose log holds no order with
items.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import value
from plaincrm.core.values.figure import FigureTable
from plaincrm.core.values.money import Money, Sums
from plaincrm.core.values.sold_item import SoldItem
from plaincrm.crm.customers import customer_of
from plaincrm.crm.reports.report import (
    ReportRequest,
    ReportResult,
    cents,
    columns,
    count_figure,
    money_figures,
    unique,
)
from plaincrm.sales.items import cost_of, items_of, product_of
from plaincrm.sales.orders import orders

if TYPE_CHECKING:
    from datetime import date

    from plaincrm.crm.book import Book

LEAST = 2  # baskets that two products share, before they are named together
_COLUMNS = columns(
    "product", "quantity:count", "revenue:money", "cost:money", "margin:money", "buyers:count"
)


@value
class MarketBasket:
    """What was bought at one time: the items, by whom, on which record."""

    day: date
    record: Record
    items: tuple[SoldItem, ...]


def baskets(records: Iterable[Record], context: Context) -> Iterator[MarketBasket]:
    """The items that were sold, order by order and deal by deal."""
    for record in records:
        ordered = [order for order in orders(record, context) if order.items]
        for order in ordered:
            yield MarketBasket(order.day, record, order.items)
        if record.kind.name != "deal" or ordered or not context.fact(record, "is:won"):
            continue
        items, day = items_of(record, context), context.fact(record, "ended")
        if items and day is not None:
            yield MarketBasket(day, record, tuple(items))


@dataclass(slots=True)
class _Product:
    name: str
    quantity: Decimal = Decimal(0)
    revenue: Sums = field(default_factory=Sums)
    cost: Sums = field(default_factory=Sums)
    unknown: bool = False
    buyers: dict[str, Decimal] = field(default_factory=dict)
    records: list[str] = field(default_factory=list)


def report(book: Book, request: ReportRequest) -> ReportResult:
    """The products sold in the period. A query narrows the deals, and then no other orders
    count.
    """
    context = book.context
    found = [
        basket
        for basket in baskets(_records(book, request), context)
        if basket.day in request.period
    ]
    products: dict[str, _Product] = {}
    for basket in found:
        for item in basket.items:
            _count(products, item, basket, context)
    ordered = sorted(
        products.values(),
        key=lambda each: (-max(each.revenue.values(), default=Decimal(0)), fold(each.name)),
    )
    revenue, cost = Sums(), Sums()
    for each in ordered:
        revenue.merge([each.revenue])
        cost.merge([each.cost])
    currency = context.settings.currency
    records = {basket.record.ref: basket.record for basket in found}
    figures = (
        count_figure("sales", [basket.record.ref for basket in found], request.why),
        *money_figures("revenue", revenue, currency),
        *money_figures("cost", cost, currency),
    )
    unknown = [each.name for each in ordered if each.unknown]
    notes = (f"no cost is known of: {', '.join(unknown)}",) if unknown else ()
    tables = (_table(ordered), _buyers(ordered), _together(found, context))
    counted = tuple(records.values())
    return ReportResult("products", request.period, figures, tables, notes, "deal", counted)


def _rank(row: _Product) -> tuple[Decimal, str]:
    """What brought most stands first."""
    return -max(row.revenue.values(), default=Decimal(0)), fold(row.name)


def _records(book: Book, request: ReportRequest) -> Iterator[Record]:
    """The records that hold items: of a query its deals, else all with orders, and all deals."""
    if request.words:
        yield from book.select("deal", request.words).records
        return
    store, context = book.context.store, book.context
    for kind in store.schema.kinds:
        collection = store.collection(kind)
        if kind == "deal":
            yield from collection
        else:
            yield from collection.chosen(context.column(kind, "_orders"))


def _count(
    products: dict[str, _Product], item: SoldItem, basket: MarketBasket, context: Context
) -> None:
    known = product_of(item, context)
    name = known.id if known else item.product
    row = products.setdefault(fold(name), _Product(name))
    row.quantity += item.quantity
    row.records.append(basket.record.ref)
    buyer = customer_of(basket.record, context).ref
    row.buyers[buyer] = row.buyers.get(buyer, Decimal(0)) + item.quantity
    rates = context.settings.rates
    price = item.total or _listed(item, known, context)
    cost = cost_of(item, context)
    for sums, amount in ((row.revenue, price), (row.cost, cost)):
        if amount is not None:
            sums.add(rates.convert(amount, basket.day) or amount)
    row.unknown |= cost is None


def _listed(item: SoldItem, product: Record | None, context: Context) -> Money | None:
    """The price of the product, for an item that names none."""
    price = product.value("price", context.settings.currency) if product else None
    if not isinstance(price, Money):
        return None
    return Money(price.amount * item.quantity, price.currency, price.per)


def _margin(row: _Product) -> dict[str, Decimal] | None:
    """Revenue less cost; None where a cost is not known."""
    if row.unknown:
        return None
    left = Sums().merge([row.revenue])
    for unit, amount in row.cost.items():
        left[unit] = left.get(unit, Decimal(0)) - amount
    return cents(left)


def _table(products: Iterable[_Product]) -> FigureTable:
    rows, refs = [], []
    for each in products:
        sums = (cents(each.revenue), cents(each.cost), _margin(each))
        rows.append((each.name, each.quantity, *sums, len(each.buyers)))
        refs.append(unique(each.records))
    return FigureTable("products", _COLUMNS, tuple(rows), tuple(refs))


def _buyers(products: Iterable[_Product]) -> FigureTable:
    rows = tuple(
        (buyer, each.name, quantity)
        for each in products
        for buyer, quantity in sorted(each.buyers.items())
    )
    refs = tuple((str(row[0]),) for row in rows)
    return FigureTable("buyers", columns("customer", "product", "quantity:count"), rows, refs)


def _together(found: Iterable[MarketBasket], context: Context) -> FigureTable:
    """Pairs of products that the same customers bought, with how many did."""
    carts: dict[str, set[str]] = {}
    for basket in found:
        names = carts.setdefault(customer_of(basket.record, context).ref, set())
        for item in basket.items:
            known = product_of(item, context)
            names.add(known.id if known else item.product)
    pairs: dict[tuple[str, str], list[str]] = {}
    for customer, names in carts.items():
        for pair in combinations(sorted(names), 2):
            pairs.setdefault(pair, []).append(customer)
    common = [(pair, who) for pair, who in pairs.items() if len(who) >= LEAST]
    common.sort(key=lambda each: (-len(each[1]), each[0]))
    rows = tuple((*pair, len(who)) for pair, who in common)
    refs = tuple(tuple(who) for _, who in common)
    return FigureTable("bought together", columns("product", "with", "n:count"), rows, refs)
