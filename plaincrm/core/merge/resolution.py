"""Which of several candidates a contested field shows. The others stay in `_conflicts`.

The shipped schema's types decide, never the book's settings: of stages the one it had if that is
open, else the first open one; of dates the later; of numbers the one it had, else the smaller; of
anything else the larger bytes. A flag that one side raised is raised, and that is the end of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Hashable
from datetime import date, datetime
from typing import Any, TypeAlias

from plaincrm.core.schema.kinds import Field
from plaincrm.core.values.dated import Action
from plaincrm.core.values.number_types import FALSE
from plaincrm.core.values.raw import Raw
from plaincrm.core.values.value_type import Type

Frozen: TypeAlias = Hashable
"""A raw value that can be an element of a set: text as it is, lists and maps as tuples."""

_CLOSED = frozenset({"won", "lost"})


def freeze(raw: Raw) -> Frozen:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, list):
        return ("list", *map(freeze, raw))
    return ("map", *((name, freeze(each)) for name, each in raw.items()))


def thaw(value: Any) -> Raw:
    if isinstance(value, str):
        return value
    if value[0] == "list":
        return [thaw(each) for each in value[1:]]
    return {name: thaw(each) for name, each in value[1:]}


def size(value: Frozen) -> bytes:
    """By what values are ordered where nothing else tells them apart."""
    text = value if isinstance(value, str) else json.dumps(thaw(value), ensure_ascii=False)
    return text.encode("utf-8", "surrogateescape")


def choose(
    field: Field | None, base: Frozen | None, values: Collection[Frozen]
) -> tuple[Frozen, list[Frozen]]:
    """The value to show of two or more, and the others in their order."""
    ordered = sorted(values, key=size)
    plain = [value for value in ordered if isinstance(value, str)]
    kind = field.value_type if field is not None and len(plain) == len(ordered) else None
    if kind is not None and kind.flag:
        raised = [value for value in plain if _is_raised(value)]
        return (raised or plain)[-1], []
    if field is not None and kind is not None and kind.choice and field.name == "stage":
        shown = _stage(base, plain)
    elif kind is not None and kind.dated:
        shown = _later(kind, plain)
    elif kind is not None and kind.sized:
        shown = _smaller(kind, base, plain)
    else:
        shown = ordered[-1]
    return shown, [value for value in ordered if value != shown]


def _is_raised(text: str) -> bool:
    return text.strip().casefold() not in FALSE


def _stage(base: Frozen | None, stages: list[str]) -> Frozen:
    if isinstance(base, str) and base.casefold() not in _CLOSED:
        return base
    is_open = [stage for stage in stages if stage.casefold() not in _CLOSED]
    return is_open[0] if is_open else base or stages[-1]


def _later(kind: Type, texts: list[str]) -> str:
    read = [(day, text) for text in texts if (day := _day(kind, text)) is not None]
    return max(read)[1] if len(read) == len(texts) else texts[-1]


def _day(kind: Type, text: str) -> str | None:
    """A key that sorts as time does; a day without a time is before all of its times."""
    try:
        value = kind.read(text)
    except ValueError:
        return None
    if isinstance(value, Action):
        value = value.due
    return value.isoformat() if isinstance(value, date | datetime) else None


def _smaller(kind: Type, base: Frozen | None, texts: list[str]) -> Frozen:
    if base is not None:
        return base
    try:
        read = [(_amount(kind.read(text, "XXX")), text) for text in texts]
    except (ValueError, TypeError):
        return texts[0]
    return min(read)[1]


def _amount(value: Any) -> Any:
    return getattr(value, "amount", value)
