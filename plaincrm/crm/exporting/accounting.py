"""A book's sales and open invoices as bookings, under the account names of `ledger:` in the
settings.

A paid invoice is money in the bank on the day it was paid. An open one is a receivable, on the day
it is due, and no income yet. An order and a deal that was won without an invoice are sold and not
invoiced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.core.schema.settings import Settings, SettingsSection
from plaincrm.core.schema.settings_reader import SettingsReader
from plaincrm.core.value_class import value
from plaincrm.core.values.raw import Raw
from plaincrm.interchange.ledger import Dialect, Posting, Price, journal
from plaincrm.sales.orders import bills
from plaincrm.sales.revenue import of_record, payee

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

_ROOTS = ("Assets", "Liabilities", "Equity", "Income", "Expenses")  # those that beancount knows
_NAME = re.compile(rf"(?:{'|'.join(_ROOTS)})(?::[A-Z0-9][A-Za-z0-9-]*)+")


@value
class AccountNames:
    """Where a sale is booked."""

    bank: str = "Assets:Bank"
    receivable: str = "Assets:Receivable"
    unbilled: str = "Assets:Unbilled"
    income: str = "Income:Sales"
    invoiced: str = "Income:Invoiced"


_KEYS = ("bank", "receivable", "unbilled", "income", "invoiced")


def _read(reader: SettingsReader, raw: Raw | None, _: Settings) -> AccountNames:
    found = reader.map(raw, ("ledger",))
    reader.known(("ledger",), found, _KEYS)
    names = {key: reader.optional(("ledger", key), found.get(key), _account) for key in _KEYS}
    return AccountNames(**{key: name for key, name in names.items() if name})


def _account(text: str) -> str:
    if not _NAME.fullmatch(text):
        roots = ", ".join(_ROOTS)
        raise ValueError(f'"{text}" is no account, such as Assets:Bank; it begins with {roots}')
    return text


SECTION = SettingsSection("ledger", _read)


def to_journal(book: BookData, records: Sequence[Record], dialect: Dialect) -> Iterator[str]:
    """The text, a piece at a time."""
    postings = [each for record in records for each in _postings(book, record)]
    first = min((each.day for each in postings), default=book.context.today)
    return journal(postings, dialect, _prices(book, first))


def _postings(book: BookData, record: Record) -> Iterator[Posting]:
    names = book.settings.section(SECTION)
    who = payee(record, book.context)
    for sale in of_record(record, book.context):
        into = names.bank if sale.source == "invoice" else names.unbilled
        text = sale.text or record.title
        yield Posting(sale.day, who, text, sale.money, record.ref, into, names.income)
    for bill in bills(record, book.context):
        if not bill.ticked:
            day = bill.asked or book.context.today
            yield Posting(
                day, who, bill.text, bill.money, record.ref, names.receivable, names.invoiced, True
            )


def _prices(book: BookData, first: date) -> Iterator[Price]:
    """`rates:` of the settings; one without a month holds from the first booking on."""
    rates = book.settings.rates
    for currency, months in rates.by_currency.items():
        for month, worth in months.items():
            day = date.fromisoformat(f"{month}-01") if month else first
            yield Price(day, currency, worth, rates.currency)
