"""What was sold, for plain-text accounting: ledger, hledger and beancount."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from plaincrm.core.values.money import Money, plain

Dialect = Literal["ledger", "hledger", "beancount"]
DIALECTS: tuple[Dialect, ...] = ("ledger", "hledger", "beancount")


@dataclass(frozen=True, slots=True)
class Posting:
    """Something sold on a day: to whom, what, and the record it stands on (`deal/website`)."""

    day: date
    payee: str
    text: str
    money: Money
    record: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """Where a posting is booked: what the customer owes, and what was earned."""

    owed: str = "Assets:Receivable"
    earned: str = "Income:Sales"


def journal(
    postings: Iterable[Posting], dialect: Dialect, accounts: Accounts | None = None
) -> Iterator[str]:
    """The text, a piece at a time, by day. A sum that recurs is booked once, for its first period,
    and says so.
    """
    accounts = accounts or Accounts()
    ordered = sorted(
        postings, key=lambda posting: (posting.day, posting.payee, posting.record, posting.text)
    )
    if dialect == "beancount":
        yield from _opened(ordered, accounts)
    write = _beancount if dialect == "beancount" else _ledger
    for posting in ordered:
        yield write(posting, accounts)


def _opened(postings: list[Posting], accounts: Accounts) -> Iterator[str]:
    """beancount wants each account opened before it is used."""
    for posting in postings[:1]:
        yield "".join(f"{posting.day} open {name}\n" for name in (accounts.owed, accounts.earned))


def _ledger(posting: Posting, accounts: Accounts) -> str:
    payee = _bare(posting.payee) or "unknown"
    text = _bare(posting.text)
    lines = [
        f"{posting.day} * {payee}" + (f"  ; {text}" if text else ""),
        f"    ; record: {_bare(posting.record)}" + _recurs(posting),
        f"    {accounts.owed}  {_amount(posting.money.amount)} {posting.money.currency}",
        f"    {accounts.earned}  {_amount(-posting.money.amount)} {posting.money.currency}",
    ]
    return "\n".join(lines) + "\n\n"


def _beancount(posting: Posting, accounts: Accounts) -> str:
    lines = [
        f"\n{posting.day} * {_quoted(posting.payee)} {_quoted(posting.text)}",
        f"  record: {_quoted(posting.record)}",
        *([f"  per: {_quoted(posting.money.per)}"] if posting.money.per else []),
        f"  {accounts.owed}  {_amount(posting.money.amount)} {posting.money.currency}",
        f"  {accounts.earned}  {_amount(-posting.money.amount)} {posting.money.currency}",
    ]
    return "\n".join(lines) + "\n"


def _recurs(posting: Posting) -> str:
    return f", per: {posting.money.per}" if posting.money.per else ""


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
