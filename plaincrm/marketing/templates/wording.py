"""How dates, money and names read in an e-mail: in words of the template's language, else in ISO
form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from plaincrm.core.values import dates, money


@dataclass(frozen=True, slots=True)
class Language:
    """Month names in order, the long date's pattern, and the marks and period words of money."""

    months: tuple[str, ...]
    long: str
    thousands: str
    decimal: str
    periods: Mapping[str, str]
    weekdays: tuple[str, ...]
    and_: str


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_EN = Language(
    _words("January February March April May June July August September October November December"),
    "{day} {month} {year}",
    ",",
    ".",
    {"month": "month", "quarter": "quarter", "year": "year"},
    _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    "and",
)
_DE = Language(
    _words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
    "{day}. {month} {year}",
    ".",
    ",",
    {"month": "Monat", "quarter": "Quartal", "year": "Jahr"},
    _words("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
    "und",
)
_NB = Language(
    _words("januar februar mars april mai juni juli august september oktober november desember"),
    "{day}. {month} {year}",
    "\u00a0",
    ",",
    {"month": "måned", "quarter": "kvartal", "year": "år"},
    _words("mandag tirsdag onsdag torsdag fredag lørdag søndag"),
    "og",
)
_FR = Language(
    _words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    "{day} {month} {year}",
    "\u00a0",
    ",",
    {"month": "mois", "quarter": "trimestre", "year": "an"},
    _words("lundi mardi mercredi jeudi vendredi samedi dimanche"),
    "et",
)
_ES = Language(
    _words(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    ),
    "{day} de {month} de {year}",
    ".",
    ",",
    {"month": "mes", "quarter": "trimestre", "year": "año"},
    _words("lunes martes miércoles jueves viernes sábado domingo"),
    "y",
)
LANGUAGES: Mapping[str, Language] = {
    "en": _EN,
    "de": _DE,
    "nb": _NB,
    "no": _NB,
    "nn": _NB,
    "fr": _FR,
    "es": _ES,
}


def language_of(tag: str) -> Language | None:
    """The wording of a language tag (`de`, `de-AT`); None for one without a table."""
    return LANGUAGES.get(tag.replace("_", "-").partition("-")[0].casefold())


def long_date(value: date | datetime | str, tag: str) -> str:
    """`21. November 2026`; ISO where the language has no table. Raises for text that is no date."""
    day = dates.parse_stored(value) if isinstance(value, str) else value
    words = language_of(tag)
    if words is None:
        return f"{day:%Y-%m-%d}"
    first = "1er" if words is _FR and day.day == 1 else str(day.day)
    return words.long.format(day=first, month=words.months[day.month - 1], year=day.year)


def month(value: date | datetime, tag: str) -> str:
    """`November 2026`; ISO where the language has no table."""
    words = language_of(tag)
    name = words.months[value.month - 1] if words else ""
    return f"{name} {value.year}" if name else f"{value:%Y-%m}"


def weekday(value: date | datetime, tag: str) -> str:
    """`Saturday`; empty where the language has no table."""
    words = language_of(tag)
    return words.weekdays[value.weekday()] if words else ""


def listed(texts: Sequence[str], tag: str) -> str:
    """`Ada, Bo and Cy`; with commas alone where the language has no table."""
    words = language_of(tag)
    if words is None or len(texts) < 2:
        return ", ".join(texts)
    return f"{', '.join(texts[:-1])} {words.and_} {texts[-1]}"


def amount(value: Mapping[str, Any] | Decimal | int | str, tag: str) -> str:
    """`4.200,50 EUR/Monat` of `{"amount", "currency", "per"}`, a number, or text as it stands in a
    file.

    Cents are shown where there are any. Raises ValueError for what is no money.
    """
    sum_ = _money(value)
    words = language_of(tag)
    number = money.plain(sum_.amount)
    if words is None:
        return f"{number} {sum_.unit}".rstrip()
    whole, _, cents = number.partition(".")
    grouped = f"{int(whole):,}".replace(",", words.thousands)
    sign = "-" if whole == "-0" else ""
    per = f"/{words.periods[sum_.per]}" if sum_.per in words.periods else ""
    return f"{sign}{grouped}{words.decimal + cents if cents else ''} {sum_.currency}".rstrip() + per


def _money(value: Mapping[str, Any] | Decimal | int | str) -> money.Money:
    if isinstance(value, str):
        return money.parse(value)
    if isinstance(value, Mapping):
        return money.Money(
            Decimal(value["amount"]), str(value["currency"]), str(value.get("per") or "")
        )
    return money.Money(Decimal(value), "")


def first_name(name: str) -> str:
    """The first of the names: `Ada` of `Ada Lovelace`, `Lovelace, Ada` and `Dr. Ada Lovelace`."""
    _, comma, given = name.partition(",")
    words = (given if comma and given.strip() else name).split()
    titles = {
        "dr",
        "prof",
        "mr",
        "mrs",
        "ms",
        "mx",
        "herr",
        "frau",
        "hr",
        "fr",
        "m",
        "mme",
        "sr",
        "sra",
    }
    rest = [word for word in words if word.rstrip(".").casefold() not in titles]
    return (rest or words or [""])[0]
