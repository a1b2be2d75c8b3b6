"""What a book has sold: orders of the log, paid invoices, and won deals that have neither."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from plaincrm.core.records import line_records
from plaincrm.core.records.facts import Context
from plaincrm.core.records.line_records import LineRecord
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.core.values.money import Money


@value
class Sale:
    """Something sold on a day: to whom, what, and the record it stands on (`deal/website`)."""

    day: date
    payee: str
    text: str
    money: Money
    record: str


def sales(context: Context) -> Iterator[Sale]:
    """Orders and paid invoices on a won deal stand for its value, so that nothing counts twice.

    A sum that can't be read, or a deal won on no day that is known, is left out.
    """
    for record in context.store.all():
        found = [sale for row in _rows(record) if (sale := _of_row(record, row, context))]
        yield from found
        if record.kind.name == "deal" and not found and context.fact(record, "is:won"):
            yield from _of_deal(record, context)


def _rows(record: Record) -> Iterator[LineRecord]:
    yield from (row for row in line_records.rows(record, "log") if row.text("type") == "order")
    yield from (
        row
        for row in line_records.rows(record, "tasks")
        if row.text("invoice") and row.text("done") == "yes"
    )


def _of_row(record: Record, row: LineRecord, context: Context) -> Sale | None:
    money = row.value("amount", context.settings.currency)
    when = row.text("at") or row.text("done_on") or row.text("due")
    if not isinstance(money, Money) or not when:
        return None
    return Sale(
        date.fromisoformat(when[:10]), _payee(record, context), row.text("text"), money, record.ref
    )


def _of_deal(deal: Record, context: Context) -> Iterator[Sale]:
    money, day = deal.value("value", context.settings.currency), context.fact(deal, "ended")
    if isinstance(money, Money) and isinstance(day, date):
        yield Sale(day, _payee(deal, context), deal.title, money, deal.ref)


def _payee(record: Record, context: Context) -> str:
    """The company, else the person, else the record itself."""
    if record.kind.name == "company":
        return record.title
    for name in ("company", "contact"):
        for target in context.store.follow(record, name):
            return target.title
    return record.title
