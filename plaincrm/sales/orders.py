"""What stands in the log and the tasks of a record about money: its orders and its invoices.

Both are kept facts (`_orders`, `_invoices`), so that a sum over a whole book reads no file.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.kept_row import KeptRow, day_of, iso_text
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


class KeptItem(KeptRow):
    """A `SoldItem` of an order; a sum as (amount, currency, period), or an empty tuple."""

    quantity: str
    product: str
    price: Packed
    cost: Packed

    @classmethod
    def of(cls, item: SoldItem) -> KeptItem:
        price, cost = _packed_money(item.price), _packed_money(item.cost)
        return cls(str(item.quantity), item.product, price, cost)

    def item(self, currency: str) -> SoldItem:
        price, cost = (
            _read_money(each, currency) if each else None for each in (self.price, self.cost)
        )
        return SoldItem(Decimal(self.quantity), self.product, price, cost)


class KeptOrder(KeptRow):
    """An `Order`, with packed items."""

    day: str
    money: Packed
    text: str
    items: tuple[Packed, ...]

    def order(self, currency: str) -> Order:
        items = tuple(KeptItem.read(item).item(currency) for item in self.items)
        day, money = date.fromisoformat(self.day), _read_money(self.money, currency)
        return Order(day, money, self.text, items)


class KeptInvoice(KeptRow):
    """A `Bill` as its task has it; `due` and `done_on` are days."""

    number: str
    money: Packed
    text: str
    due: str
    done_on: str
    ticked: bool
    rec: str
    ordinal: int

    def bill(self, currency: str) -> Bill:
        return Bill(
            number=self.number,
            money=_read_money(self.money, currency),
            text=self.text,
            asked=day_of(self.due),
            paid=day_of(self.done_on or self.due) if self.ticked else None,
            ticked=self.ticked,
            rec=self.rec,
            ordinal=self.ordinal,
        )


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
        yield KeptOrder(
            day=entry.date.isoformat(),
            money=_packed_money(amount),
            text=entry.text.partition("\n")[0],
            items=tuple(KeptItem.of(item).packed() for item in sold_item.in_order(entry.text)),
        ).packed()


def _packed_money(amount: Money | None) -> Packed:
    return (str(amount.amount), amount.currency, amount.per) if amount else ()


def unpack_orders(packed: Packed | None, currency: str) -> list[Order]:
    """The orders of a kept fact; amounts without a currency are in `currency`."""
    return [KeptOrder.read(row).order(currency) for row in packed or ()]


def _read_money(packed: Packed, currency: str) -> Money:
    amount, own, per = packed
    return Money(Decimal(amount), own or currency, per)


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
        yield KeptInvoice(
            number=invoice.number,
            money=_packed_money(amount),
            text=task.text,
            due=iso_text(task.due),
            done_on=iso_text(task.done_on),
            ticked=task.done,
            rec=task.rec,
            ordinal=task.ordinal,
        ).packed()


def unpack_bills(packed: Packed | None, currency: str) -> list[Bill]:
    """The invoices of a kept fact; amounts without a currency are in `currency`."""
    return [KeptInvoice.read(row).bill(currency) for row in packed or ()]


FACTS = (
    Fact("*", "_orders", "plain", Needs.FILE, "The orders of its log", _pack_orders),
    Fact("*", "_invoices", "plain", Needs.FILE, "Its invoices, paid or not", _pack_bills),
)
