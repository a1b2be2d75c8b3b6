"""What is sold on a deal or in an order, item by item: products, quantities, sums and margins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.values import sold_item
from plaincrm.core.values.money import Money
from plaincrm.core.values.sold_item import SoldItem, times


def items_of(record: Record, context: Context) -> list[SoldItem]:
    """The items of a deal, or of an entry of the log."""
    return record.sold_items("items", context.settings.currency)


def products(context: Context) -> Mapping[str, Record]:
    """The products by id, alias and name, folded."""
    found: Mapping[str, Record] = context.shared("products", _products)
    return found


def _products(context: Context) -> dict[str, Record]:
    every = context.store.records("product")
    names = {fold(record.title): record for record in reversed(every)}
    ids = {fold(id): record for record in every for id in (*record.aliases(), record.id)}
    return names | ids


def product_of(item: SoldItem, context: Context) -> Record | None:
    """The product that an item names, by id, alias or name."""
    return products(context).get(fold(item.product))


def cost_of(item: SoldItem, context: Context) -> Money | None:
    """What the pieces of an item cost: as the item says, else as its product does."""
    if item.cost is not None:
        return item.total_cost
    product = product_of(item, context)
    cost = product.value("cost", context.settings.currency) if product else None
    return times(cost, item.quantity) if isinstance(cost, Money) else None


def total_cost(items: Iterable[SoldItem], context: Context) -> Money | None:
    """What all items cost; None if the cost of one is unknown, or they can't be added."""
    costs = [cost_of(item, context) for item in items]
    known = [cost for cost in costs if cost is not None]
    if not known or len(known) < len(costs) or len({cost.unit for cost in known}) > 1:
        return None
    amount = sum((cost.amount for cost in known), Decimal(0))
    return Money(amount, known[0].currency, known[0].per)


def _names(record: Record, _: Context) -> tuple[str, ...] | None:
    return tuple(item.product for item in record.sold_items()) or None


def _quantities(record: Record, _: Context) -> tuple[Decimal, ...]:
    return tuple(item.quantity for item in record.sold_items())


def _sum(record: Record, context: Context) -> Money | None:
    return sold_item.total(items_of(record, context))


def _cost(record: Record, context: Context) -> Money | None:
    return total_cost(items_of(record, context), context)


def _margin(record: Record, context: Context) -> Money | None:
    """What is left of the value (of an order, its amount) after the cost of the items."""
    name = "amount" if record.kind.name == "log" else "value"
    brought = record.value(name, context.settings.currency)
    cost = _cost(record, context)
    if not isinstance(brought, Money) or cost is None or cost.unit != brought.unit:
        return None
    return Money(brought.amount - cost.amount, brought.currency, brought.per)


def _facts(kind: str) -> tuple[Fact, ...]:
    return (
        Fact(kind, "items.product", "text", Needs.DAY, "The products of its items", _names),
        Fact(kind, "items.quantity", "number", Needs.DAY, "How many of each", _quantities),
        Fact(kind, "items.total", "money", Needs.DAY, "What its items come to", _sum),
        Fact(kind, "items.cost", "money", Needs.STORE, "What its items cost you", _cost),
        Fact(kind, "margin", "money", Needs.STORE, "Value less the cost of its items", _margin),
    )


FACTS = (*_facts("deal"), *_facts("log"))
