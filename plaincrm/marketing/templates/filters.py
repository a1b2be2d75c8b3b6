"""The filters that templates have beside Jinja2's own, each bounded in what it may make of its
input.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from plaincrm.core.values import dates
from plaincrm.marketing.templates import wording
from plaincrm.marketing.templates.limits import TooLarge, bounded
from plaincrm.marketing.templates.salutation import salutation


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Jinja2's own that can neither reach objects nor blow up a text: no attr, format, center, tojson,
# random …
BUILTIN = _words(
    """abs capitalize count d default dictsort first float groupby int items last length list
    lower map max min reject rejectattr reverse select selectattr sort sum title trim truncate
    unique upper urlencode wordcount"""
)
# Those that read their input as one text; a list nested by a template is never spelled out for
# them.
ON_TEXT = _words("capitalize lower title trim truncate upper urlencode wordcount")


def date_(value: date | str, form: str = "", *, language: str) -> str:
    """`{{ deal.close_date | date }}`: the long date of the template's language; `date("iso")` the
    ISO one, `date("month")` the month alone, as `November 2026`, `date("weekday")` as `Saturday`.
    """
    day = dates.parse_stored(value) if isinstance(value, str) else value
    if form == "month":
        return wording.month(day, language)
    if form == "weekday":
        return wording.weekday(day, language)
    return f"{day:%Y-%m-%d}" if form == "iso" else wording.long_date(day, language)


def money_(value: Mapping[str, Any] | Decimal | int | str, *, language: str) -> str:
    """`{{ deal.value | money }}`: 4,200 EUR as the template's language writes it."""
    return wording.amount(value, language)


def plural(count: Any, one: str, many: str) -> str:
    """`{{ 3 | plural("letter", "letters") }}`: the number with the word that goes with it."""
    number = Decimal(str(count))
    return f"{number.normalize():f} {one if number == 1 else many}"


def listed(texts: Iterable[Any], *, language: str) -> str:
    """`{{ names | listed }}`: `Ada, Bo and Cy`, with the language's own word before the last."""
    parts = [str(each) for each in texts]
    bounded(sum(map(len, parts)) + 5 * len(parts))
    return wording.listed(parts, language)


def salutation_(name: str, *, language: str) -> str:
    """`{{ company.name | salutation }}`: the first line of a letter in the template's language."""
    return salutation(name, language)


def round_(value: Any, digits: int = 0) -> Decimal:
    """`{{ deal.value.amount | round(2) }}`: halves away from zero."""
    if not 0 <= digits <= 12:
        raise TooLarge("round takes 0 to 12 digits")
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def replaced(text: str, old: str, new: str) -> str:
    """Every `old` by `new`."""
    if not old:
        raise ValueError("replace needs a text to look for")
    bounded(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


def indented(text: str, width: int = 4) -> str:
    """All lines but the first moved right by `width` spaces."""
    if not 0 <= width <= 80:
        raise TooLarge("indent takes 0 to 80 spaces")
    bounded(len(text) + text.count("\n") * width)
    return text.replace("\n", "\n" + " " * width)


def wrapped(text: str, width: int = 72) -> str:
    """Paragraphs wrapped at `width` columns."""
    if not 20 <= width <= 1000:
        raise TooLarge("wordwrap takes 20 to 1000 columns")
    bounded(len(text) * 8)  # a long word is cut piece by piece, which is quadratic
    return "\n".join("\n".join(textwrap.wrap(line, width)) for line in text.split("\n"))


def joined(texts: Iterable[str], separator: str = "") -> str:
    """The texts in one, with `separator` between."""
    parts = list(texts)
    bounded(sum(map(len, parts)) + len(separator) * len(parts))
    return separator.join(parts)


def arithmetic(operator: str, apply: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """Numbers by decimal arithmetic, days added to dates, days between dates, texts and lists
    joined.
    """
    if isinstance(left, date) or isinstance(right, date):
        return _days(operator, left, right)
    if (
        isinstance(left, str)
        and isinstance(right, int)
        and operator == "*"
        and len(left) * right <= 200
    ):
        return left * right
    if operator == "+" and isinstance(left, list) and isinstance(right, list):
        bounded(len(left) + len(right))
        return left + right
    if not (isinstance(left, int | float | Decimal) and isinstance(right, int | float | Decimal)):
        raise TypeError(f"{operator} can't take {_noun(left)} and {_noun(right)}")
    result = apply(*_same(left, right)) if operator != "**" else None
    if result is None or abs(result) > 10**30:
        raise TooLarge("a number of the template is too large")
    return result


def _same(left: Any, right: Any) -> tuple[Any, Any]:
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return Decimal(str(left)), Decimal(str(right))
    return left, right


def _days(operator: str, left: Any, right: Any) -> Any:
    if operator == "-" and isinstance(left, date) and isinstance(right, date):
        return (
            date(left.year, left.month, left.day) - date(right.year, right.month, right.day)
        ).days
    if operator in ("+", "-") and isinstance(left, date) and isinstance(right, int):
        return date.fromordinal(left.toordinal() + (right if operator == "+" else -right))
    raise TypeError(f"{operator} can't take {_noun(left)} and {_noun(right)}")


def _noun(value: Any) -> str:
    if isinstance(value, dict):
        return "a group of values (use its .amount?)" if "amount" in value else "a group of values"
    names = {str: "a text", int: "a number", float: "a number", Decimal: "a number", list: "a list"}
    return "a date" if isinstance(value, date) else names.get(type(value), "this value")
