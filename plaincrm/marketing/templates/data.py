"""What a template may see: a deep copy made of plain text, numbers, dates, lists and maps, nothing
else.

A live object would put its methods within a template's reach (`record.path.unlink()`), so it is
refused. Absent, empty and None are one thing, a missing value: a letter never says "Dear None".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from plaincrm.marketing.templates import wording

# Printed in place of a whole record, the first that it has: {{ deal.company }} reads as the
# company's name.
SHOWN = ("name", "title", "subject", "value")
_DEPTH = 12
_MARKUP = re.compile(r"[\\`*{}\[\]()<>&|~!\"]|(?<![^\W_])_|_(?![^\W_])")
_BLOCK = re.compile(r"(?m)^([ \t]*)(?:([#+=:-])|(\d{1,9})([.)]))")
_MARGIN = re.compile(r"(?m)^[ \t]+")


def copied(value: Any, path: str, paths: dict[int, str], depth: int = 0) -> Any:
    """A deep copy of plain data; `paths` learns the dotted name of each map and list by its
    identity.

    Raises TypeError that names the place where there is anything else.
    """
    if depth > _DEPTH:
        raise TypeError(f"{path} is nested too deeply")
    if isinstance(value, str):
        # An exact str: markup classes lose their trusted status here. With one kind of line end: a
        # bare carriage return is one for Markdown, so that a value could begin a heading.
        return str.__str__(value).replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, bool | int | float | Decimal | datetime | date | timedelta):
        return value
    if isinstance(value, Mapping):
        pairs = [(str(key), one) for key, one in value.items() if one is not None and one != ""]
        at = f"{path}." if path else ""
        copy: Any = {key: copied(one, at + key, paths, depth + 1) for key, one in pairs}
    elif isinstance(value, list | tuple):
        items = [one for one in value if one is not None]
        copy = [copied(one, f"{path}[{n}]", paths, depth + 1) for n, one in enumerate(items)]
    else:
        raise TypeError(f"{path} is a {type(value).__name__}, no plain value")
    paths[id(copy)] = path
    return copy


def printed(value: Any, language: str) -> str:
    """A value as it reads in a letter. Raises TypeError for a map that has no text of its own."""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return wording.long_date(value, language)
    if isinstance(value, dict):
        if "amount" in value and "currency" in value:
            return wording.amount(value, language)
        shown = next((value[key] for key in SHOWN if key in value), None)
        if shown is None:
            keys = ", ".join(list(value)[:4])
            raise TypeError(f"a group of values ({keys}) can't be printed; name one of them")
        return printed(shown, language)
    if isinstance(value, list | tuple):
        if any(
            isinstance(one, list | tuple) for one in value
        ):  # nested by a template, it could be endless
            raise TypeError("a list of lists can't be printed")
        return ", ".join(printed(one, language) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    raise TypeError(f"a {type(value).__name__} can't be printed")


def escaped(text: str) -> str:
    """`text` for a place inside Markdown, where it reads as it stands: no emphasis, link, heading
    or list.
    """
    inline = _MARKUP.sub(r"\\\g<0>", text)
    blocks = _BLOCK.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", inline)
    return _MARGIN.sub(" ", blocks)
