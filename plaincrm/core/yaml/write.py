"""Values to YAML text, as a person would write it, safe for every reader.

A scalar stands plain only if no reader, YAML 1.1 or 1.2, can take it for syntax, nor for a type
whose value it would write back differently. So `lead`, `4200`, `4200 EUR`, `2026-12-01`, `true` and
`+44 20 7946 0018` are plain; `NO`, `yes`, `null`, `02142`, `1.10`, `+4915112345678` (a number that
loses its plus) and `12:30` (750 in YAML 1.1) stand between double quotes. So does what holds
invisible or control characters, escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from plaincrm.core.text.pattern import pattern
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml.front_matter import parse
from plaincrm.errors import Refused

FLOW_WIDTH = 72  # a longer list gets a line for each item

_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"}
_CANONICAL = pattern(r"true|false|0|-?[1-9][0-9]{0,14}|-?(?:0|[1-9][0-9]{0,9})\.[0-9]{0,4}[1-9]")
_NUMBER = pattern(r"[-+]?(?:[0-9_.:]+(?:[eE][-+]?[0-9]*)?|0[xXoObB][0-9a-fA-F_]*)")
_DATE = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMESTAMP = pattern(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*")
_SYNTAX = pattern(r":(?:\s|\Z)|\s#")
_IN_FLOW = pattern(r"[,\[\]{}:?#]")
_FIRST = "_+/($€£"
_PROSE = pattern(
    r"[^\W\d_](?:[\w .@()/&'-]*[\w.@()/&'-])?"
)  # what most values are: none of the above but words
# Controls, line breaks of any standard, byte order marks, invisible and direction-changing
# characters.
_ESCAPED = pattern(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\U000e0001]"
)
_SURROGATE = pattern("[\ud800-\udfff]")
_LONGEST_KEY = 200
_FEW, _SHORT_TEXT = (
    200,
    6000,
)  # texts, and characters before they are escaped, far from what a reader takes
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def scalar(value: str, *, flow: bool = False, style: str = "") -> str:
    """One scalar on one line; `flow` inside brackets, `style` a quote to keep if it can hold the
    value.

    Raises Refused for what UTF-8 can't hold.
    """
    if style == "" and _PROSE.fullmatch(value) and value.casefold() not in _WORDS:
        return value
    if _SURROGATE.search(value):
        raise Refused(f"{value!r} holds bytes that are not UTF-8", "type the value again")
    escaped = _ESCAPED.search(value) is not None
    if style == "'" and not escaped:
        return "'" + value.replace("'", "''") + "'"
    if style == "" and not escaped and _is_plain(value, flow):
        return value
    return '"' + _ESCAPED.sub(_escape, value.replace("\\", "\\\\").replace('"', '\\"')) + '"'


@lru_cache(maxsize=1024)
def key(name: str) -> str:
    """A key with its colon. Raises Refused where YAML has no room for it."""
    if len(name) > _LONGEST_KEY:
        raise Refused(
            f"the key {name[:20]}… is longer than {_LONGEST_KEY} characters", "choose a shorter one"
        )
    plain = (name[:1].isalpha() or name[:1] == "_") and name.casefold() not in _WORDS
    return scalar(name, flow=True, style="" if plain else '"') + ":"


def value(raw: Raw, indent: int = 0, eol: str = "\n") -> str:
    """What stands after a key's colon: on its line, or as a block of lines below it, without the
    last end.

    `indent` is the column of the key, from 0. A short list of scalars goes between brackets.
    """
    if isinstance(raw, str) or not raw:
        return " " + inline(raw)
    if isinstance(raw, list) and all(isinstance(item, str) for item in raw):
        line = inline(raw)
        if len(line) <= FLOW_WIDTH:
            return " " + line
    return eol + eol.join(block(raw, indent + 2, eol))


def inline(raw: Raw) -> str:
    """A value on one line; lists and maps between brackets."""
    if isinstance(raw, str):
        return scalar(raw)
    return flow(raw)


def block(raw: list[Raw] | dict[str, Raw], indent: int, eol: str) -> list[str]:
    """The lines of a list or map that is not empty, without their ends."""
    entries = items(raw, indent, eol) if isinstance(raw, list) else pairs(raw, indent, eol)
    return [line for entry in entries for line in entry.split(eol)]


def items(raw: list[Raw], indent: int, eol: str) -> list[str]:
    """Each item of a block list, at that column."""
    return [" " * indent + "-" + _item(item, indent, eol) for item in raw]


def pairs(raw: Mapping[str, Raw], indent: int, eol: str) -> list[str]:
    """Each pair of a block map, at that column."""
    return [" " * indent + key(name) + value(each, indent, eol) for name, each in raw.items()]


def flow(raw: Raw) -> str:
    """A value inside brackets or braces."""
    if isinstance(raw, str):
        return scalar(raw, flow=True)
    if isinstance(raw, list):
        return "[" + ", ".join(flow(item) for item in raw) + "]"
    return "{" + ", ".join(flow_pair(name, each) for name, each in raw.items()) + "}"


def flow_pair(name: str, raw: Raw) -> str:
    """A pair inside braces."""
    return f"{key(name)} {flow(raw)}"


def new_file(fields: Mapping[str, Raw], body: str = "", eol: str = "\n") -> str:
    """A whole record file that reads back as those fields and that body. Raises Refused if it would
    not.
    """
    text = "".join(["---", eol, *(line + eol for line in pairs(fields, 0, eol)), "---", eol, body])
    document = parse(text)
    if document.fields != fields or document.body != body or document.problems:
        problem = document.problems[0] if document.problems else None
        reason = problem.message if problem else "they would read back differently"
        raise Refused(f"these fields can't be a record: {reason}", problem.hint if problem else "")
    return text


def surely_fits(fields: Mapping[str, Raw]) -> bool:
    """Whether, at a look, `new_file` is sure to take `fields`: few, short, flat, and UTF-8 can hold
    them.
    """
    texts = list(fields)
    for raw in fields.values():
        if isinstance(raw, str):
            texts.append(raw)
        elif isinstance(raw, list) and all(isinstance(item, str) for item in raw):
            texts += raw  # type: ignore[arg-type]
        else:
            return False
    whole = "".join(texts)
    few = (
        len(texts) <= _FEW
        and len(whole) <= _SHORT_TEXT
        and max(map(len, fields), default=0) <= _LONGEST_KEY
    )
    return few and not _SURROGATE.search(whole)


def misleading(value: str) -> bool:
    """Whether a reader of YAML may take the text, without quotes, for another type, and write it
    back otherwise.
    """
    if _CANONICAL.fullmatch(value):
        return False
    guess = _NUMBER.fullmatch(value) or _TIMESTAMP.fullmatch(value)
    return value.casefold() in _WORDS or bool(guess)


def _is_plain(value: str, flow: bool) -> bool:
    if _CANONICAL.fullmatch(value):
        return True
    if not value or value != value.strip() or not (value[0].isalnum() or value[0] in _FIRST):
        return False
    if _SYNTAX.search(value) or (flow and _IN_FLOW.search(value)):
        return False
    if _DATE.fullmatch(value):
        return _is_date(value)
    return not misleading(value)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    if char in _SHORT:
        return _SHORT[char]
    return f"\\u{ord(char):04X}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08X}"


def _item(raw: Raw, indent: int, eol: str) -> str:
    """What stands after the dash: a scalar, or a list or map whose first line follows it."""
    if isinstance(raw, str) or not raw:
        return " " + inline(raw)
    return eol.join(block(raw, indent + 2, eol))[indent + 1 :]
