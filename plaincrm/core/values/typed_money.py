"""Money as people type it: `1500 €`, `€1,500`, `1'500 CHF`, `1 500 EUR`, `1.500 EUR` in German.

Files hold what `money.parse` reads; this reads what leaves no doubt besides, and names both
readings where doubt is left.
"""

from __future__ import annotations

import re
from decimal import Decimal

from plaincrm.core.text.pattern import pattern
from plaincrm.core.values.money import Money, parse, plain

_SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₺": "TRY", "₴": "UAH", "zł": "PLN"}
_NAMES = {"euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "pounds": "GBP"}
_NAMES |= {"franken": "CHF", "francs": "CHF", "sfr": "CHF", "fr.": "CHF", "sfr.": "CHF"}
# Signs and names that several currencies share: the book's own is meant, if it is one of them.
_SHARED = {
    "$": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "kr.": ("SEK", "NOK", "DKK", "ISK"),
}
# Languages that write 1.500 for fifteen hundred.
_POINT_GROUPS = frozenset(
    ["de", "nl", "it", "es", "pt", "da", "tr", "el", "id", "ro", "hr", "sl", "sr", "is"]
)
# Currencies whose smallest coin is a thousandth.
_THREE_DECIMALS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
_UNIT = r"[A-Za-z]{2,7}\.?|[€£¥₹₺₴$]|zł"
_PERIOD = r"(?:\s*(?:/|per|a)\s*(?P<per>month|quarter|year|mo|yr))?"
_FORM = pattern(
    rf"(?P<sign>[+-]?)\s*(?P<before>{_UNIT})?\s*(?P<minus>-?)"
    rf"(?P<digits>\d(?:[\d.,'’\s]*\d)?)(?:[.,][-–—])?\s*(?P<after>{_UNIT})?{_PERIOD}"
)
_PERIODS = {"mo": "month", "yr": "year"}
_SPACES = pattern(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")
_GROUPED = pattern(r"[1-9]\d{0,2}(?P<mark>[.,])\d{3}")
_MANY_GROUPS = pattern(r"\d{1,3}(?:([.,])\d{2,3})(?:\1\d{2,3})*\1\d{3}")
_CENTS = pattern(r"\d+,\d{1,2}")


class UnsureAmount(ValueError):
    """An amount that may be read in two ways; the message has both."""


def read(text: str, currency: str = "", language: str = "", *, printed: bool = True) -> Money:
    """The amount that a user means who typed `text` in a book of that `currency` and `language`.

    `1,500` is what our own tables print for fifteen hundred, so it is read as that, unless
    `printed` is False: then a single group of three digits is left unsure. Raises ValueError with
    what to write instead.
    """
    try:
        return parse(text, currency)
    except ValueError:
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise
    unit = _unit(match["before"] or "", match["after"] or "", currency, text)
    language = language[:2].casefold() if printed else ""
    amount = _amount(match["digits"], unit, language, printed, text)
    minus = "-" in (match["sign"], match["minus"])
    per = match["per"] or ""
    return Money(-amount if minus else amount, unit, _PERIODS.get(per, per))


def written(text: str, currency: str, language: str) -> str:
    """The text as a file holds it: as typed where files may hold that, else `1500 EUR`.

    Raises ValueError as `read` does.
    """
    try:
        parse(text, currency)
    except ValueError:
        return str(read(text, currency, language))
    return text


def _unit(before: str, after: str, currency: str, text: str) -> str:
    if before and after:
        raise ValueError(f'"{text}" names two currencies; write it as 1500 EUR')
    named = before or after
    if not named:
        return currency
    word = named.casefold()
    shared = _SHARED.get(word)
    if shared:
        return _of_several(shared, named, currency)
    code = _SIGNS.get(word) or _NAMES.get(word)
    if code is None and not re.fullmatch("[A-Za-z]{3}", named):
        raise ValueError(
            f'"{named}" is no currency code, so "{text}" is no amount; write it as 1500 EUR'
        )
    return code or named.upper()


def _of_several(codes: tuple[str, ...], named: str, currency: str) -> str:
    if currency in codes:
        return currency
    if named == "$":
        return "USD"
    said = ", ".join(codes[:-1])
    raise ValueError(f'"{named}" is {said} or {codes[-1]}; write the amount as 1500 {codes[0]}')


def _amount(digits: str, unit: str, language: str, printed: bool, text: str) -> Decimal:
    closed = _SPACES.sub("", digits)
    single = _GROUPED.fullmatch(closed)
    if single:
        return _one_group(closed, single["mark"], unit, language, printed, text)
    if _MANY_GROUPS.fullmatch(closed):
        return Decimal(re.sub("[.,]", "", closed))
    if _CENTS.fullmatch(closed):
        return Decimal(closed.replace(",", "."))
    return parse(closed).amount


def _one_group(
    digits: str, mark: str, unit: str, language: str, printed: bool, text: str
) -> Decimal:
    """`1,500` or `1.500`: three digits after a single mark."""
    whole = Decimal(digits.replace(mark, ""))
    groups = mark == "," or language in _POINT_GROUPS
    if printed and groups and unit not in _THREE_DECIMALS:
        return whole
    part = Decimal(digits.replace(mark, "."))
    code = f" {unit}" if unit else ""
    raise UnsureAmount(
        f'"{text}" could mean more than one amount: {plain(whole)}{code} or {plain(part)}{code};'
        " write the one that you mean"
    )
