"""What was sold and what is owed, for plain-text accounting: ledger, hledger and beancount.

Every account, currency and tag is declared first, so that `--strict` has nothing to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from plaincrm.core.values.money import Money, plain

Dialect = Literal["ledger", "hledger", "beancount"]
DIALECTS: tuple[Dialect, ...] = ("ledger", "hledger", "beancount")


@dataclass(frozen=True, slots=True)
class Posting:
    """Something sold on a day: to whom, what, and the record it stands on (`deal/website`).

    The money goes to the account `into`, out of `out_of`. `pending`: it is asked for, and not paid.
    """

    day: date
    payee: str
    text: str
    money: Money
    record: str
    into: str = "Assets:Receivable"
    out_of: str = "Income:Sales"
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit of a currency is worth from a day on."""

    day: date
    currency: str
    worth: Decimal
    of: str


def journal(
    postings: Iterable[Posting], dialect: Dialect, prices: Iterable[Price] = ()
) -> Iterator[str]:
    """The text, a piece at a time, by day. A sum that recurs is booked once, for its first period,
    and says so.
    """
    ordered = sorted(
        postings, key=lambda posting: (posting.day, posting.payee, posting.record, posting.text)
    )
    if not ordered:
        return
    known = sorted(prices, key=lambda each: (each.day, each.currency))
    yield from _declared(ordered, known, dialect)
    write = _beancount if dialect == "beancount" else _ledger
    for posting in ordered:
        yield write(posting)


def _declared(
    ordered: Sequence[Posting], prices: Sequence[Price], dialect: Dialect
) -> Iterator[str]:
    accounts = sorted({name for each in ordered for name in (each.into, each.out_of)})
    currencies = {each.money.currency for each in ordered}
    currencies |= {name for each in prices for name in (each.currency, each.of)}
    first = ordered[0].day
    if dialect == "beancount":
        yield "".join(f"{first} open {name}\n" for name in accounts)
        yield "".join(f"{p.day} price {p.currency} {plain(p.worth)} {p.of}\n" for p in prices)
        return
    yield "".join(f"account {name}\n" for name in accounts)
    form = "1000.00 " if dialect == "hledger" else ""
    yield "".join(f"commodity {form}{name}\n" for name in sorted(currencies))
    yield "tag record\ntag per\n" if dialect == "ledger" else ""
    yield "".join(f"P {p.day} {p.currency} {plain(p.worth)} {p.of}\n" for p in prices)
    yield "\n"


def _ledger(posting: Posting) -> str:
    payee = _bare(posting.payee) or "unknown"
    text = _bare(posting.text)
    lines = [
        f"{posting.day} {_flag(posting)} {payee}" + (f"  ; {text}" if text else ""),
        f"    ; record: {_bare(posting.record)}" + _recurs(posting),
        f"    {posting.into}  {_amount(posting.money.amount)} {posting.money.currency}",
        f"    {posting.out_of}  {_amount(-posting.money.amount)} {posting.money.currency}",
    ]
    return "\n".join(lines) + "\n\n"


def _beancount(posting: Posting) -> str:
    lines = [
        f"\n{posting.day} {_flag(posting)} {_quoted(posting.payee)} {_quoted(posting.text)}",
        f"  record: {_quoted(posting.record)}",
        *([f"  per: {_quoted(posting.money.per)}"] if posting.money.per else []),
        f"  {posting.into}  {_amount(posting.money.amount)} {posting.money.currency}",
        f"  {posting.out_of}  {_amount(-posting.money.amount)} {posting.money.currency}",
    ]
    return "\n".join(lines) + "\n"


def _flag(posting: Posting) -> str:
    return "!" if posting.pending else "*"


def _recurs(posting: Posting) -> str:
    """On a line of its own: ledger reads one tag with a value a line."""
    return f"\n    ; per: {posting.money.per}" if posting.money.per else ""


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
