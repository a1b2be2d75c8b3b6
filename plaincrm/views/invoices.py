"""Invoices as a listing: what is unpaid, since when, and which reminder it is ripe for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from plaincrm.core.records.facts import Context
from plaincrm.core.value_class import value
from plaincrm.sales.invoices import RecordInvoice, reminder_level
from plaincrm.sales.revenue import payee
from plaincrm.views import numbers
from plaincrm.views.json_text import plain
from plaincrm.views.rows import ListColumn, Rows


@value
class InvoiceLine:
    """An invoice with who pays it, and how it stands today."""

    invoice: RecordInvoice
    payee: str
    path: str
    state: str
    days: int | None
    reminder: str


def invoice_rows(found: Iterable[RecordInvoice], context: Context) -> Rows:
    """A line an invoice."""
    lines = [_line(each, context) for each in found]
    columns = [
        ListColumn("number", lambda line: line.invoice.bill.number, whole=True),
        ListColumn("payee", lambda line: line.payee),
        ListColumn("amount", _amount, right=True, whole=True),
        ListColumn("due", lambda line: _day(line.invoice.bill.asked), whole=True),
        ListColumn("state", lambda line: line.state, whole=True),
        ListColumn("days", lambda line: "" if line.days is None else str(line.days), right=True),
        ListColumn("reminder", lambda line: line.reminder),
        ListColumn("record", lambda line: line.invoice.record, spare=True),
    ]
    return Rows(
        "invoices",
        len(lines),
        lines,
        columns,
        _json,
        lambda line: line.invoice.record,
        lambda line: line.path,
    )


def _line(each: RecordInvoice, context: Context) -> InvoiceLine:
    kind, _, id = each.record.partition("/")
    record = context.store.get(kind, id)
    days = each.days_late(context.today)
    late = days is not None and days > 0
    state = _state(each, late=late)
    who = payee(record, context) if record else ""
    level = reminder_level(each.bill, context.today, context.settings)
    path = record.path if record else ""
    return InvoiceLine(each, who, path, state, days if late else None, level)


def _state(each: RecordInvoice, *, late: bool) -> str:
    if not each.open:
        return "paid"
    return "overdue" if late else "open"


def _amount(line: InvoiceLine) -> str:
    return numbers.money(line.invoice.bill.money)


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _json(line: InvoiceLine) -> dict[str, Any]:
    bill = line.invoice.bill
    kind, _, id = line.invoice.record.partition("/")
    return {
        "number": bill.number,
        "kind": kind,
        "id": id,
        "payee": line.payee,
        "amount": plain(bill.money),
        "due": bill.asked.isoformat() if bill.asked else None,
        "paid": bill.paid.isoformat() if bill.paid else None,
        "state": line.state,
        "days": line.days,
        "reminder": line.reminder or None,
        "text": bill.text,
    }
