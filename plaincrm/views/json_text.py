"""JSON as plaincrm writes it: the envelope that every answer has, and values as JSON has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from plaincrm.core.values.types import type_of

Json = Any  # a value that JSON can hold

# Results beyond which nobody reads them, and indenting them takes longer than finding them.
MANY = 100


def envelope(kind: str, total: int, results: list[Any], **more: Any) -> dict[str, Any]:
    """`{"schemaVersion": 1, "kind": …, "total": …, "results": […]}`; `total` is before any
    limit.
    """
    return {"schemaVersion": 1, "kind": kind, **more, "total": total, "results": results}


def dumps(value: Any) -> str:
    """JSON for people and programs: indented (of many results each a line), no escapes for umlauts,
    a line end.
    """
    results = value.get("results") if isinstance(value, dict) else None
    if not isinstance(results, list) or len(results) <= MANY:
        return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    mark = "\0results\0"
    around = json.dumps({**value, "results": [mark]}, indent=2, ensure_ascii=False) + "\n"
    # `json.dumps` would make an encoder for each result.
    encode = json.JSONEncoder(ensure_ascii=False).encode
    return around.replace(json.dumps(mark), ",\n    ".join(map(encode, results)))


def plain(value: Any) -> Json:
    """A typed value as JSON: ISO dates, numbers as numbers, money as amount, currency, per."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return type_of(value).json(value)
