"""Invoices: the next number for a deal or a person, and what was paid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.core.schema.days_off import days_off
from plaincrm.core.values import typed_money
from plaincrm.core.values.dates import Leaning
from plaincrm.core.values.money import Money, plain
from plaincrm.crm.actions.task import add_task
from plaincrm.crm.date_values import DateValues
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import NotFound, Refused, did_you_mean
from plaincrm.sales.invoices import (
    SECTION,
    RecordInvoice,
    every_invoice,
    next_number,
    paid_edits,
    uninvoiced_of,
)

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_CURRENCY = re.compile(r"(?:[A-Za-z]{3}|[€£$¥]|euros?)(?:/\w+)?", re.IGNORECASE)
_NUMBER = re.compile(r"[\d.,'’]+")


def invoice(book: Book, record: Record, words: Sequence[str]) -> Staged:
    """Stage the next invoice of a record. `words`: the amount, its currency, keys such as
    `due:+14d` and `rec:1m`, and what it is for. Without an amount it is what of a won deal's value
    has no invoice yet.

    Raises Refused for an amount that can't be read, or is not above nothing.
    """
    amount, rest = _amount(book, record, words)
    if amount.amount <= 0:
        raise Refused(f"{amount} is nothing to ask for", f"plaincrm invoice {record.id} 1200")
    number = next_number(book.context)
    if not any(word.startswith("due:") for word in rest):
        wait, off = book.settings.section(SECTION).due, days_off(book.settings)
        due = wait.clamped(book.context.today, off=off)
        rest = [*rest, f"due:{due}"]
    task = [f"invoice {number} {plain(amount.amount)} {amount.currency}", *rest]
    made = add_task(book, [record], task)
    return staged(
        made.change, f"Invoice {number} for {record.ref}: {amount}", made.records, made.echo
    )


def _amount(book: Book, record: Record, words: Sequence[str]) -> tuple[Money, list[str]]:
    """The amount at the beginning of `words`, and what follows it."""
    currency = book.settings.currency
    if not words or ":" in words[0]:
        left = uninvoiced_of(record, book.context) if record.kind.name == "deal" else None
        if left is None:
            raise Refused(f"{record.ref}: no amount is named", f"plaincrm invoice {record.id} 1200")
        return left, list(words)
    taken = _words_of_amount(words)
    try:
        found = typed_money.read(" ".join(words[:taken]), currency, book.settings.language)
    except ValueError as error:
        raise Refused(str(error), f"plaincrm invoice {record.id} 1200 EUR due:+14d") from None
    if found.per:
        raise Refused(
            f"an invoice is over one sum, not {found}", f"{plain(found.amount)} rec:1m repeats it"
        )
    return found, list(words[taken:])


def _words_of_amount(words: Sequence[str]) -> int:
    """How many words at the beginning are an amount: `1200`, `1200 EUR`, `€ 1200`, `1 200 EUR`."""
    taken = 1
    if _CURRENCY.fullmatch(words[0]):
        return 2
    while taken < len(words) and re.fullmatch(r"\d{3}", words[taken]) and taken < 4:
        taken += 1
    return taken + (len(words) > taken and bool(_CURRENCY.fullmatch(words[taken])))


def pay(book: Book, numbers: Sequence[str], on: str = "") -> Staged:
    """Stage that invoices were paid, today or on a day. Raises NotFound, Refused."""
    dated = DateValues.of(book)
    day: date = dated.day("on", on, Leaning.PAST) if on else book.context.today
    change = book.change("", "invoice")
    after: dict[str, Record] = {}
    for found in [_open(book, number) for number in numbers]:
        kind, _, id = found.record.partition("/")
        record = after.get(found.record) or book.context.store.get(kind, id)
        assert record is not None
        edits = paid_edits(found.bill.text, found.bill.ordinal, book.context, day)
        after[found.record] = change.edit(record, edits)
    said = ", ".join(numbers)
    return staged(change, f"Paid: invoice {said}", after.values(), dated.echo)


def _open(book: Book, number: str) -> RecordInvoice:
    every = every_invoice(book.context)
    found = [each for each in every if each.bill.number.casefold() == number.casefold()]
    if not found:
        near = did_you_mean(number, [each.bill.number for each in every if each.open])
        raise NotFound(f"there is no invoice {number}", near or "plaincrm invoice list shows them")
    waiting = [each for each in found if each.open]
    if not waiting:
        raise Refused(f"invoice {number} is paid already, on {found[0].bill.paid}")
    if len(waiting) > 1:
        where = ", ".join(each.record for each in waiting)
        raise Refused(f"the number {number} stands twice: {where}", "give one of them another")
    return waiting[0]
