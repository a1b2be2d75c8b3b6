from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.values.money import Money
from plaincrm.interchange.ledger import DIALECTS, Dialect, Posting, Price, journal


def text(dialect: Dialect, *found: Posting) -> str:
    return "".join(journal(found, dialect))


LOGO = Posting(date(2026, 2, 1), "Fjord AS", "Logo", Money(Decimal("200.5"), "EUR"), "deal/logo")


def test_ledger_and_hledger() -> None:
    assert (
        text("ledger", LOGO).partition("\n\n")[2]
        == text("hledger", LOGO).partition("\n\n")[2]
        == "2026-02-01 * Fjord AS  ; Logo\n"
        "    ; record: deal/logo\n"
        "    Assets:Receivable  200.50 EUR\n"
        "    Income:Sales  -200.50 EUR\n\n"
    )


def test_beancount_opens_its_accounts() -> None:
    assert (
        text("beancount", replace(LOGO, into="Assets:Owed", out_of="Income:Work"))
        == '2026-02-01 open Assets:Owed\n2026-02-01 open Income:Work\n\n2026-02-01 * "Fjord AS"'
        ' "Logo"\n  record: "deal/logo"\n  Assets:Owed  200.50 EUR\n  Income:Work  -200.50 EUR\n'
    )


def test_accounts_currencies_and_prices_are_declared() -> None:
    price = Price(date(2026, 1, 1), "USD", Decimal("0.92"), "EUR")
    head = "account Assets:Receivable\naccount Income:Sales\n"
    whole = "".join(journal([LOGO], "ledger", [price]))
    assert whole.startswith(
        f"{head}commodity EUR\ncommodity USD\ntag record\ntag per\nP 2026-01-01 USD 0.92 EUR\n"
    )
    whole = "".join(journal([LOGO], "hledger", [price]))
    assert whole.startswith(f"{head}commodity 1000.00 EUR\ncommodity 1000.00 USD\nP ")
    assert "2026-01-01 price USD 0.92 EUR\n" in "".join(journal([LOGO], "beancount", [price]))
    assert "2026-02-01 ! Fjord" in text("ledger", replace(LOGO, pending=True))
    assert "".join(journal([], "ledger", [price])) == ""


NAUGHTY = st.text() | st.sampled_from(
    ["a\n2026-01-01 * Theft", "x  ; y", '"; include "', "(code) ! *", "\\", "a|b"]
)
AMOUNT = st.decimals(-(10**9), 10**9, places=2)
MONEY = st.builds(Money, AMOUNT, st.sampled_from(["EUR", "USD"]), st.sampled_from(["", "month"]))
SALES = st.lists(
    st.builds(Posting, st.dates(date(1990, 1, 1)), NAUGHTY, NAUGHTY, MONEY, NAUGHTY), max_size=4
)


@given(SALES, st.sampled_from(DIALECTS))
def test_no_name_begins_a_line_of_its_own(found: list[Posting], dialect: Dialect) -> None:
    lines = "".join(journal(found, dialect)).split("\n")
    dated = [line for line in lines if line[:1].strip()]
    declared = ("account ", "commodity ", "tag ")
    booked = [line for line in dated if not line.startswith(declared)]
    assert len(booked) == len(found) + (2 if dialect == "beancount" and found else 0)
    assert all(line.startswith(tuple("0123456789")) for line in booked)


@pytest.mark.skipif(not shutil.which("hledger"), reason="hledger is not installed")
def test_hledger_reads_it() -> None:
    odd = Posting(date(2026, 1, 1), "a;b  |c\n(x)", '"\\', Money(Decimal("0.5"), "USD"), "deal/ü")
    whole = text("hledger", LOGO, odd)
    words = ["hledger", "-f", "-", "balance", "--no-elide", "Income", "-N", "--flat"]
    ran = subprocess.run(words, input=whole, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "-200.50 EUR" in ran.stdout and "-0.50 USD" in ran.stdout
