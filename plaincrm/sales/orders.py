"""What stands in the log and the tasks of a record about money: its orders and its invoices.

Both are kept facts (`_orders`, `_invoices`), so that a sum over a whole book reads no file.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.core.values import money, sold_item
from plaincrm.core.values.money import Money
from plaincrm.core.values.sold_item import SoldItem

Packed = tuple[Any, ...]


@value
class Order:
    """An `order` entry of a log: its day, what it comes to, its text and the items in it."""

    day: date
    money: Money
    text: str
    items: tuple[SoldItem, ...] = ()


@value
class Bill:
    """An invoice among the tasks of a record. `paid`: the day on which it was ticked, or its due
    day where none is written; None while it is open. `asked`: the day on which it is due.
    """

    number: str
    money: Money
    text: str
    asked: date | None
    paid: date | None
    ticked: bool
    rec: str = ""
    ordinal: int = 0

    @property
    def day(self) -> date | None:
        """The day that it counts on: paid, else due."""
        return self.paid or self.asked


def orders(record: Record, context: Context) -> list[Order]:
    """The orders in the log of `record` whose sum can be read."""
    return unpack_orders(context.fact(record, "_orders"), context.settings.currency)


def bills(record: Record, context: Context) -> list[Bill]:
    """The invoices among the tasks of `record` whose sum can be read."""
    return unpack_bills(context.fact(record, "_invoices"), context.settings.currency)


def _pack_orders(record: Record, _: Context) -> Packed | None:
    found = tuple(_packed_orders(record))
    return found or None


def _packed_orders(record: Record) -> Iterator[Packed]:
    for entry in record.log:
        if entry.type != "order":
            continue
        amount = sold_item.order_amount(entry.text)
        if amount is None:
            continue
        items = tuple(_packed_item(item) for item in sold_item.in_order(entry.text))
        first = entry.text.partition("\n")[0]
        yield (entry.date.isoformat(), _packed_money(amount), first, items)


def _packed_item(item: SoldItem) -> Packed:
    return (str(item.quantity), item.product, _packed_money(item.price), _packed_money(item.cost))


def _packed_money(amount: Money | None) -> Packed:
    return (str(amount.amount), amount.currency, amount.per) if amount else ()


def unpack_orders(packed: Packed | None, currency: str) -> list[Order]:
    """The orders of a kept fact; amounts without a currency are in `currency`."""
    return [
        Order(
            date.fromisoformat(day),
            _read_money(amount, currency),
            text,
            tuple(_read_item(item, currency) for item in items),
        )
        for day, amount, text, items in packed or ()
    ]


def _read_money(packed: Packed, currency: str) -> Money:
    amount, own, per = packed
    return Money(Decimal(amount), own or currency, per)


def _read_item(packed: Packed, currency: str) -> SoldItem:
    quantity, product, *sums = packed
    price, cost = (_read_money(each, currency) if each else None for each in sums)
    return SoldItem(Decimal(quantity), product, price, cost)


def _pack_bills(record: Record, _: Context) -> Packed | None:
    found = tuple(_packed_bills(record))
    return found or None


def _packed_bills(record: Record) -> Iterator[Packed]:
    for task in record.tasks:
        invoice = task.invoice
        if invoice is None:
            continue
        try:
            amount = money.parse(invoice.money)
        except ValueError:
            continue  # `check` tells of it
        days = (_iso(task.due), _iso(task.done_on))
        marks = (int(task.done), task.rec, task.ordinal)
        yield (invoice.number, _packed_money(amount), task.text, days, marks)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def unpack_bills(packed: Packed | None, currency: str) -> list[Bill]:
    """The invoices of a kept fact; amounts without a currency are in `currency`."""
    found = []
    for number, amount, text, (due, done_on), (done, rec, ordinal) in packed or ():
        paid = (_day(done_on) or _day(due)) if done else None
        sum_ = _read_money(amount, currency)
        found.append(Bill(number, sum_, text, _day(due), paid, bool(done), rec, ordinal))
    return found


FACTS = (
    Fact("*", "_orders", "plain", Needs.FILE, "The orders of its log", _pack_orders),
    Fact("*", "_invoices", "plain", Needs.FILE, "Its invoices, paid or not", _pack_bills),
)
