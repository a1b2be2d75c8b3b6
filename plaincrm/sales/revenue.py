"""What a book has earned: the one list of sales that every sum of money rests on.

A sale is an order of a log (on its day), a paid invoice (on the day it was paid), or a won deal (on
the day it was won). Nothing counts twice: an order or an invoice on a won deal, paid or not, stands
for the deal's value; an order whose sum a paid invoice of the same record asked for stands back
behind the invoice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.core.values.money import Money, Sums, stand_in_note
from plaincrm.core.values.periods import Period
from plaincrm.core.values.sold_item import SoldItem
from plaincrm.sales.deals import DealCourse
from plaincrm.sales.orders import Bill, Order, Packed, unpack_bills, unpack_orders

Source = Literal["order", "invoice", "deal"]


@value
class Sale:
    """Something sold on a day, and the record it stands on (`deal/website`). `money` is as written;
    `items` are those of an order.
    """

    day: date
    money: Money
    record: str
    source: Source
    text: str = ""
    items: tuple[SoldItem, ...] = ()

    def converted(self, context: Context) -> Money:
        """The money in the book's currency where there is a rate for the day, else as written."""
        return context.settings.rates.convert(self.money, self.day) or self.money


def stand_in_notes(sold: Iterable[Sale], context: Context) -> list[str]:
    """A note for each currency whose rates begin after one of these sales."""
    rates = context.settings.rates
    found = {rates.stand_in(sale.money.currency, sale.day) for sale in sold}
    return [stand_in_note(*each.split()) for each in sorted(filter(None, found))]


def sales(context: Context) -> list[Sale]:
    """Every sale of the book, by kind and record. A sum that can't be read, and a deal won on no
    day that is known, are left out.
    """
    found: list[Sale] = context.shared("sales", _all_sales)
    return found


def _all_sales(context: Context) -> list[Sale]:
    return [sale for kind in context.store.schema.kinds for sale in _of_kind(kind, context)]


def _of_kind(kind: str, context: Context) -> Iterator[Sale]:
    currency = context.settings.currency
    ids = context.store.collection(kind).ids()
    orders, bills = (context.column(kind, name) for name in ("_orders", "_invoices"))
    won = _won(context) if kind == "deal" else [None] * len(ids)
    for id, ordered, billed, deal in zip(ids, orders, bills, won, strict=True):
        if ordered or billed:
            yield from _written(f"{kind}/{id}", ordered, billed, currency)
        if deal is not None and not ordered and not billed:
            day, amount = deal
            yield Sale(day, amount, f"deal/{id}", "deal")


def of_record(record: Record, context: Context) -> list[Sale]:
    """The sales that stand on one record."""
    ordered, billed = (context.fact(record, name) for name in ("_orders", "_invoices"))
    found = list(_written(record.ref, ordered, billed, context.settings.currency))
    if record.kind.name != "deal" or ordered or billed:
        return found
    amount, day = record.value("value", context.settings.currency), context.fact(record, "ended")
    if context.fact(record, "is:won") and isinstance(amount, Money) and day:
        found.append(Sale(day, amount, record.ref, "deal"))
    return found


def _won(context: Context) -> list[tuple[date, Money] | None]:
    """Of each deal the day and the value with which it was won."""
    status, courses = (context.column("deal", name) for name in ("stage_status", "_course"))
    found: list[tuple[date, Money] | None] = []
    for role, course in zip(status, map(DealCourse.read, courses), strict=True):
        if role == "won" and course.ended and course.value:
            amount, currency, per = course.value
            found.append((date.fromisoformat(course.ended), Money(Decimal(amount), currency, per)))
        else:
            found.append(None)
    return found


def _written(
    ref: str, ordered: Packed | None, billed: Packed | None, currency: str
) -> Iterator[Sale]:
    """The orders and the paid invoices of one record."""
    paid = [bill for bill in unpack_bills(billed, currency) if bill.paid]
    for order in _unbilled(unpack_orders(ordered, currency), paid):
        yield Sale(order.day, order.money, ref, "order", order.text, order.items)
    for bill in paid:
        if bill.paid:
            yield Sale(bill.paid, bill.money, ref, "invoice", bill.text)


def _unbilled(ordered: list[Order], paid: list[Bill]) -> Iterator[Order]:
    """The orders for which no paid invoice asked the same sum; each invoice covers one order."""
    sums = [bill.money for bill in paid]
    for order in ordered:
        if order.money in sums:
            sums.remove(order.money)
        else:
            yield order


def payee(record: Record, context: Context) -> str:
    """Who paid: the company, else the person, else the record itself."""
    if record.kind.name == "company":
        return record.title
    for name in ("company", "contact"):
        for target in context.store.follow(record, name):
            return target.title
    return record.title


def earned(found: Iterable[Sale], period: Period, context: Context) -> Sums:
    """The sum of the sales within a period, by unit; in the book's currency where there are rates.
    What recurs stands apart, as its amount per period.
    """
    sums = Sums()
    for sale in found:
        if sale.day in period:
            sums.add(sale.converted(context))
    return sums
