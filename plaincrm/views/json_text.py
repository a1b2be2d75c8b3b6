"""JSON as plaincrm writes it: the envelope that every answer has, and values as JSON has them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from plaincrm.core.values.types import type_of

Json = Any  # a value that JSON can hold

# Results beyond which nobody reads them, and indenting them takes longer than finding them.
MANY = 100
_AS_THEY_ARE = frozenset({str, int})
_LONG = ("results", "rows")


class EncodedLines(list[str]):
    """Results that are JSON already, each in one line; more than `MANY` of them."""


def envelope(kind: str, total: int, results: list[Any], **more: Any) -> dict[str, Any]:
    """`{"schemaVersion": 1, "kind": …, "total": …, "results": […]}`; `total` is before any
    limit.
    """
    return {"schemaVersion": 1, "kind": kind, **more, "total": total, "results": results}


def dumps(value: Any) -> str:
    """JSON for people and programs: indented (of many results or rows each a line), no escapes for
    umlauts, a line end.
    """
    lists: list[list[Any]] = []
    around = json.dumps(_without_long(value, lists), indent=2, ensure_ascii=False) + "\n"
    # `json.dumps` would make an encoder for each result.
    encode = json.JSONEncoder(ensure_ascii=False).encode
    for place, each in enumerate(lists):
        head, mark, tail = around.partition(json.dumps(_mark(place)))
        indent = head[head.rfind("\n") :]
        lines = each if isinstance(each, EncodedLines) else map(encode, each)
        around = head + f",{indent}".join(lines) + tail if mark else around
    return around


def _without_long(value: Any, lists: list[list[Any]]) -> Any:
    """The value with a mark in place of what its long lists hold, which `lists` then has."""
    if not isinstance(value, dict):
        return value
    tables = value.get("tables")
    short = {name: _shortened(name, each, lists) for name, each in value.items()}
    if isinstance(tables, list):
        short["tables"] = [_without_long(each, lists) for each in tables]
    return short


def _shortened(name: str, value: Any, lists: list[list[Any]]) -> Any:
    if name not in _LONG or not isinstance(value, list) or len(value) <= MANY:
        return value
    lists.append(value)
    return [_mark(len(lists) - 1)]


def _mark(place: int) -> str:
    """A text that no file has, since nobody can guess it."""
    return f"list {place} {_secret()}"


@cache
def _secret() -> str:
    return os.urandom(16).hex()


def plain(value: Any) -> Json:
    """A typed value as JSON: ISO dates, numbers as numbers, money as amount, currency, per."""
    if value is None or type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return type_of(value).json(value)
