"""Numbers and money as other programs write them: `1.234,56 €`, `$1,234.56`, `1 234,56 kr`,
`(500)`, `6.0E7`.

Whether `1.234` is a thousand or one and a bit is a matter of the whole column (`DecimalMark`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from plaincrm.core.values.money import plain

_TOO_LARGE = Decimal(10) ** 18
_SPACES = "   '’_"
_AMOUNT = re.compile(rf"([-+−]?)\s*(\d[\d.,{_SPACES}]*|[.,]\d+)([eE][+-]?\d{{1,2}})?\s*(-?)")
_CODE = re.compile(r"[A-Za-z]{3}")
_SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₽": "RUB",
    "zł": "PLN",
    "Kč": "CZK",
    "₺": "TRY",
    "₩": "KRW",
    "US$": "USD",
    "A$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "NZ$": "NZD",
    "R$": "BRL",
    "Fr.": "CHF",
    "SFr.": "CHF",
}
_WORDS = {
    "euro": "EUR",
    "dollar": "USD",
    "us dollar": "USD",
    "pound": "GBP",
    "pound sterling": "GBP",
    "franken": "CHF",
    "schweizer franken": "CHF",
    "swiss franc": "CHF",
    "złoty": "PLN",
    "zloty": "PLN",
}
_IN_HEADER = re.compile(r"\b(?:EUR|USD|GBP|CHF|PLN|SEK|NOK|DKK|CZK|CAD|AUD|JPY|BRL)\b|[€£]|zł")
_SHARED = {
    "$": ("USD", "CAD", "AUD", "NZD", "MXN", "SGD", "HKD"),
    "kr": ("NOK", "SEK", "DKK", "ISK"),
    "kr.": ("DKK", "NOK", "SEK", "ISK"),
}


@dataclass(slots=True)
class DecimalMark:
    """What a column's cells say about `.` and `,`. `see` each cell, then ask."""

    dot: int = 0
    comma: int = 0
    unsure_dot: int = 0
    unsure_comma: int = 0

    def see(self, text: str) -> None:
        found = _AMOUNT.search(text)
        digits = found[2].strip(_SPACES) if found else ""
        dots, commas = digits.count("."), digits.count(",")
        if not dots and not commas:
            return
        last = digits[max(digits.rfind("."), digits.rfind(","))]
        if dots and commas:
            mark = last
        elif dots + commas > 1:
            mark = "," if dots else "."
        elif (
            len(digits.rpartition(last)[2]) == 3
            and 1 <= len(digits.partition(last)[0].lstrip("0")) <= 3
        ):
            self.unsure_dot += last == "."
            self.unsure_comma += last == ","
            return
        else:
            mark = last
        self.dot += mark == "."
        self.comma += mark == ","

    @property
    def ambiguous(self) -> bool:
        """Some cell can be read two ways and no other cell settles it."""
        return bool(self.unsure_dot or self.unsure_comma) and bool(self.dot) == bool(self.comma)

    def decide(self, locale_mark: str, money: bool = False) -> str:
        """The decimal mark. Of `money` three digits are thousands, unless other cells say no:
        `1.500 €`.
        """
        if self.dot == self.comma:
            if money and bool(self.unsure_dot) != bool(self.unsure_comma):
                return "," if self.unsure_dot else "."
            return locale_mark
        return "." if self.dot > self.comma else ","


def to_number(text: str, mark: str) -> str:
    """`1234.56`. Raises ValueError."""
    return plain(_decimal(text.strip().strip("()").strip(), mark) * _sign(text))


def to_percent(text: str, mark: str, fractions: bool) -> str:
    """0 to 100; `fractions`: the column counts from 0 to 1. Raises ValueError."""
    value = _decimal(text.replace("%", "").strip(), mark)
    return plain(value * 100 if fractions and "%" not in text else value)


def to_money(text: str, mark: str, book_currency: str, currency: str = "") -> str:
    """`1234.56 EUR`; no currency where neither cell nor `currency` names one. Raises ValueError."""
    stripped = text.strip().strip("()").strip()
    found = _AMOUNT.search(stripped)
    if not found:
        raise ValueError(f'"{text.strip()}" is no amount of money')
    rest = (stripped[: found.start()] + " " + stripped[found.end() :]).strip()
    negative = rest.startswith("-") and not found[1]
    code = _currency(rest.lstrip("- "), book_currency, text) or currency.strip().upper()
    amount = plain(_decimal(found.group(), mark) * _sign(text) * (-1 if negative else 1))
    if re.search(r"\.\d{3}$", amount):  # three decimals would read as thousands
        amount += "0"
    return f"{amount} {code}".rstrip()


def currency(word: str, book_currency: str = "") -> str:
    """The code of `EUR`, `€`, `euro` or `US Dollar (USD)`; empty for what is no currency."""
    bare = word.strip()
    inner = re.search(r"\(([A-Za-z]{3})\)", bare)
    folded = bare.casefold().rstrip("s")
    if inner or folded in _WORDS:
        return inner[1].upper() if inner else _WORDS[folded]
    try:
        return _currency(bare, book_currency, bare)
    except ValueError:
        return ""


def currency_in(header: str) -> str:
    """The currency that the name of a column tells: `Betrag (EUR)`, `Umsatz in CHF`, `Total €`."""
    found = _IN_HEADER.search(header)
    return currency(found[0]) if found else ""


def _sign(text: str) -> int:
    return -1 if re.fullmatch(r"\s*\(.*\)\s*", text) else 1


def _currency(word: str, book_currency: str, text: str) -> str:
    if not word:
        return ""
    if word in _SHARED or word.casefold() in _SHARED:
        choices = _SHARED.get(word) or _SHARED[word.casefold()]
        if book_currency in choices or word == "$":
            return book_currency if book_currency in choices else choices[0]
    elif code := _SIGNS.get(word) or (word.upper() if _CODE.fullmatch(word) else ""):
        return code
    raise ValueError(f'"{text.strip()}" is in no currency that can be told')


def _decimal(text: str, mark: str) -> Decimal:
    found = _AMOUNT.fullmatch(text)
    if not found:
        raise ValueError(f'"{text}" is no number')
    digits = found[2].strip(_SPACES)
    other = "," if mark == "." else "."
    if _contradicts(digits, mark, other):
        mark, other = other, mark
    for space in _SPACES + other:
        digits = digits.replace(space, "")
    try:
        value = Decimal(digits.replace(mark, ".") + (found[3] or ""))
    except InvalidOperation:
        raise ValueError(f'"{text}" is no number') from None
    if value >= _TOO_LARGE:
        raise ValueError(f'"{text}" is too large a number')
    return -value if "-" in found[1] + found[4] or "−" in found[1] else value


def _contradicts(digits: str, mark: str, other: str) -> bool:
    """A cell that can only be read the other way round than its column: `1.5` among commas."""
    whole, _, last = digits.rpartition(other)
    if not whole and other not in digits:
        return digits.count(mark) > 1
    return mark not in last and (len(last) != 3 or mark in whole) and digits.count(other) == 1
