"""Phone numbers as numbers: read in a region, compared in E.164, shown in the international form;
and the regions.

The home of the library phonenumbers, which is slow to load and so is imported when a number is
first read. It knows the names of countries in some thirty languages, too.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_SPOKEN = {
    "usa": "US",
    "u.s.a.": "US",
    "uk": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "great britain": "GB",
    "holland": "NL",
    "norge": "NO",
    "suomi": "FI",
    "sverige": "SE",
    "danmark": "DK",
}


def e164(text: str, region: str = "") -> str:
    """`+493023125077` of any way to write it, with `;ext=5` where it has an extension; empty where
    it is none.

    `region` is the two-letter country that a number without a country code belongs to.
    """
    number = _read(text, region)
    if number is None:
        return ""
    from phonenumbers import PhoneNumberFormat, format_number

    plain = str(format_number(number, PhoneNumberFormat.E164))
    return f"{plain};ext={number.extension}" if number.extension else plain


def international(text: str, region: str = "") -> str:
    """`+49 30 23125077`: the one form in which numbers are written; empty where it is not sure
    which number is meant: without a country code it has to be one that its region has given out."""
    number = _read(text, region)
    if number is None:
        return ""
    from phonenumbers import PhoneNumberFormat, format_number, is_valid_number

    if not text.strip().startswith("+") and not is_valid_number(number):
        return ""
    return str(format_number(number, PhoneNumberFormat.INTERNATIONAL))


def is_region(code: str) -> bool:
    """Whether `code` is a country in two capital letters that has phone numbers: `NO`."""
    from phonenumbers import SUPPORTED_REGIONS

    return code in SUPPORTED_REGIONS


def region_named(name: str) -> str:
    """The code of the country that `name` is in some language: `NO` of Norway, Norwegen, Norvège;
    else empty.
    """
    wanted = name.strip().casefold()
    return _SPOKEN.get(wanted) or _by_name().get(wanted, "")


def region_names() -> list[str]:
    """The English names of all countries."""
    from phonenumbers.geodata.locale import LOCALE_DATA

    return sorted(name for code in LOCALE_DATA if (name := region_name(code)))


def region_name(code: str, language: str = "en") -> str:
    """The name of a country in `language`, else in English; empty for a code that is no
    country's.
    """
    from phonenumbers.geodata.locale import LOCALE_DATA

    names = LOCALE_DATA.get(code, {})
    found = names.get(language, "*aa")
    return str(names.get(found[1:], "") if found.startswith("*") else found)


@cache
def _by_name() -> dict[str, str]:
    """The countries by their names in any language; without those names that two countries have."""
    from phonenumbers.geodata.locale import LOCALE_DATA

    found: dict[str, set[str]] = {}
    for code, names in LOCALE_DATA.items():
        for name in names.values():
            if not name.startswith("*"):
                found.setdefault(name.casefold(), set()).add(code)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


@lru_cache(maxsize=65536)
def _read(text: str, region: str) -> PhoneNumber | None:
    """The number, if it has the length of one; made-up numbers, as films and examples have, are
    numbers too.
    """
    from phonenumbers import NumberParseException, is_possible_number, parse

    try:
        number = parse(text, region.upper() or None)
    except NumberParseException:
        return None
    return number if is_possible_number(number) else None
