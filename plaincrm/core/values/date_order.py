"""In which order a country writes the day and the month of `12/11/2026`."""

from __future__ import annotations

_MONTH_FIRST = ("US", "PH", "PW", "FM", "MH")
# Canada writes both; the others write the year first, and a date without one in that order.
_NEITHER = ("CA", "CN", "JP", "KR", "KP", "TW", "HU", "LT", "MN", "IR")
_DAY_FIRST = (
    *("de", "fr", "es", "it", "nl", "pt", "da", "nb", "nn"),
    *("no", "sv", "fi", "pl", "cs", "sk", "tr", "el", "ro"),
)


def date_order(country: str, language: str) -> str:
    """`dmy` or `mdy`; empty where neither the country (ISO, two letters) nor the language says.

    English alone does not say it: it is the language of both orders.
    """
    if not country:
        return "dmy" if language[:2] in _DAY_FIRST else ""
    if country in _NEITHER:
        return ""
    return "mdy" if country in _MONTH_FIRST else "dmy"
