"""Phone numbers as numbers: read in a region, compared in E.164, shown in the international form.

The home of the library phonenumbers, which is slow to load and so is imported when a number is first read.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber


def e164(text: str, region: str = "") -> str:
    """`+493023125077` of any way to write it, with `;ext=5` where it has an extension; empty where it is none.

    `region` is the two-letter country that a number without a country code belongs to.
    """
    number = _read(text, region)
    if number is None:
        return ""
    from phonenumbers import PhoneNumberFormat, format_number

    plain = str(format_number(number, PhoneNumberFormat.E164))
    return f"{plain};ext={number.extension}" if number.extension else plain


def international(text: str, region: str = "") -> str:
    """`+49 30 23125077`: the one form in which numbers are written; empty where it is not sure which number
    is meant: without a country code it has to be one that its region has given out."""
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


@lru_cache(maxsize=65536)
def _read(text: str, region: str) -> PhoneNumber | None:
    """The number, if it has the length of one; made-up numbers, as films and examples have, are numbers too."""
    from phonenumbers import NumberParseException, is_possible_number, parse

    try:
        number = parse(text, region.upper() or None)
    except NumberParseException:
        return None
    return number if is_possible_number(number) else None
