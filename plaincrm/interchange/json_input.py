"""JSON that another program wrote, or that somebody made: of few levels, and read without trust in
its shape.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

LEVELS = 32  # exports of the programs that we read have eight


def load_json(text: str) -> Any:
    """What the text says. Raises ValueError for what is no JSON, or has more than LEVELS levels."""
    try:
        whole = json.loads(text)
    except RecursionError:
        raise ValueError("too many levels") from None
    rest, level = [whole], 0
    while rest:
        if level > LEVELS:
            raise ValueError("too many levels")
        level += 1
        rest = [inner for each in rest for inner in _inside(each)]
    return whole


def listed(value: object) -> list[Any]:
    """A list as it is; of anything else, nothing."""
    return value if isinstance(value, list) else []


def objects(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list; of anything else, none."""
    return [each for each in listed(value) if isinstance(each, dict)]


def _inside(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return listed(value)
