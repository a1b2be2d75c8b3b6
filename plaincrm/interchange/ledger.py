"""What was sold, for plain-text accounting: ledger, hledger and beancount."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from plaincrm.core.money import Money, plain

Dialect = Literal["ledger", "hledger", "beancount"]
DIALECTS: tuple[Dialect, ...] = ("ledger", "hledger", "beancount")


@dataclass(frozen=True, slots=True)
class Sale:
    """Something sold on a day: to whom, what, and the record it stands on (`deal/website`)."""

    day: date
    payee: str
    text: str
    money: Money
    record: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """Where a sale is booked: what the customer owes, and what was earned."""

    owed: str = "Assets:Receivable"
    earned: str = "Income:Sales"


def journal(sales: Iterable[Sale], dialect: Dialect, accounts: Accounts | None = None) -> Iterator[str]:
    """The text, a piece at a time, by day. A sum that recurs is booked once, for its first period, and says so."""
    accounts = accounts or Accounts()
    ordered = sorted(sales, key=lambda sale: (sale.day, sale.payee, sale.record, sale.text))
    if dialect == "beancount":
        yield from _opened(ordered, accounts)
    write = _beancount if dialect == "beancount" else _ledger
    for sale in ordered:
        yield write(sale, accounts)


def _opened(sales: list[Sale], accounts: Accounts) -> Iterator[str]:
    """beancount wants each account opened before it is used."""
    for sale in sales[:1]:
        yield "".join(f"{sale.day} open {name}\n" for name in (accounts.owed, accounts.earned))


def _ledger(sale: Sale, accounts: Accounts) -> str:
    payee = _bare(sale.payee) or "unknown"
    text = _bare(sale.text)
    lines = [
        f"{sale.day} * {payee}" + (f"  ; {text}" if text else ""),
        f"    ; record: {_bare(sale.record)}" + _recurs(sale),
        f"    {accounts.owed}  {_amount(sale.money.amount)} {sale.money.currency}",
        f"    {accounts.earned}  {_amount(-sale.money.amount)} {sale.money.currency}",
    ]
    return "\n".join(lines) + "\n\n"


def _beancount(sale: Sale, accounts: Accounts) -> str:
    lines = [
        f"\n{sale.day} * {_quoted(sale.payee)} {_quoted(sale.text)}",
        f"  record: {_quoted(sale.record)}",
        *([f"  per: {_quoted(sale.money.per)}"] if sale.money.per else []),
        f"  {accounts.owed}  {_amount(sale.money.amount)} {sale.money.currency}",
        f"  {accounts.earned}  {_amount(-sale.money.amount)} {sale.money.currency}",
    ]
    return "\n".join(lines) + "\n"


def _recurs(sale: Sale) -> str:
    return f", per: {sale.money.per}" if sale.money.per else ""


def _amount(amount: Decimal) -> str:
    """Cents always shown, so that columns agree; more places where there are more."""
    shown = plain(amount)
    return shown if "." in shown else f"{shown}.00"


def _bare(text: str) -> str:
    """Words that begin no comment, code, tag or second line."""
    return " ".join(re.sub(r"[;|\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split()).lstrip("*!( ")


def _quoted(text: str) -> str:
    words = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
