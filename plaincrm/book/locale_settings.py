"""What the locale says of its user's country, language and currency."""

from __future__ import annotations

import re
from collections.abc import Mapping

_EURO = (
    *("AT", "BE", "BG", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE"),
    *("IT", "LT", "LU", "LV", "MT", "NL", "PT", "SI", "SK"),
)
_OTHERS = {
    **{"AU": "AUD", "BR": "BRL", "CA": "CAD", "CH": "CHF", "CZ": "CZK", "DK": "DKK"},
    **{"GB": "GBP", "HU": "HUF", "IN": "INR", "IS": "ISK", "JP": "JPY", "LI": "CHF", "MX": "MXN"},
    **{"NO": "NOK", "NZ": "NZD", "PL": "PLN", "RO": "RON", "SE": "SEK", "SG": "SGD", "TR": "TRY"},
    **{"UA": "UAH", "US": "USD", "ZA": "ZAR"},
}
_LOCALE = re.compile(r"(?P<language>[a-z]{2})(?:_(?P<country>[A-Z]{2}))?(?:[.@].*)?")
_VARIABLES = ("LC_ALL", "LC_MONETARY", "LANG")


def locale_of(environ: Mapping[str, str]) -> tuple[str, str]:
    """Country and language of the locale, such as `("DE", "de")`; empty where it says none."""
    named = next((environ[name] for name in _VARIABLES if environ.get(name)), "")
    found = _LOCALE.fullmatch(named)
    return (found["country"] or "", found["language"]) if found else ("", "")


def currency_of(country: str) -> str:
    """The currency of a country (ISO, two letters), for those that we know; else empty."""
    return "EUR" if country in _EURO else _OTHERS.get(country, "")
