"""Customers: who bought, when and for how much. A customer is the company that a sale is for, else
the person, else the record itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.crm.rfm import Purchase
from plaincrm.sales.revenue import Sale


@value
class Purchases:
    """What was bought, in the book's currency. `apart`: sales in currencies without a rate, or that
    recur, which can't be added to it.
    """

    found: tuple[Purchase, ...]
    apart: int


def customer_of(record: Record, context: Context) -> Record:
    """The company that a record is for, else the person, else the record itself."""
    if record.kind.name == "company":
        return record
    for link in ("company", "contact"):
        for target in context.store.follow(record, link):
            return target if link == "company" else customer_of(target, context)
    return record


def purchases(sold: Iterable[Sale], context: Context) -> Purchases:
    """The sales by customer."""
    currency = context.settings.currency
    customers: dict[str, str] = {}
    found, apart = [], 0
    for sale in sold:
        money = sale.converted(context)
        if money.unit != currency:
            apart += 1
            continue
        if sale.record not in customers:
            kind, _, id = sale.record.partition("/")
            record = context.store.get(kind, id)
            customers[sale.record] = customer_of(record, context).ref if record else sale.record
        found.append(Purchase(customers[sale.record], sale.day, money.amount))
    return Purchases(tuple(found), apart)
