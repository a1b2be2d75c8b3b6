"""Records from the JSON that `export` writes: one object with `results`, a list, or an object a
line.

Values come typed (money as amount, currency, period; addresses with labels) and go back to the text
of a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from plaincrm.core.schema.kinds import Field, Schema
from plaincrm.core.values.raw import Raw
from plaincrm.errors import Refused
from plaincrm.interchange.csv.draft import Draft, Outcome, Reject

_DEEPEST = 16


def recognise(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def read(data: bytes, schema: Schema) -> list[tuple[Outcome, tuple[str, ...]]]:
    """A draft or a reject for each record, with its only cell, the record as JSON. Raises Refused
    for what is no JSON, or no export of records."""
    rows = ((line, item, (json.dumps(item, default=float),)) for line, item in _items(data))
    return [(_outcome(line, item, cells, schema), cells) for line, item, cells in rows]


def _items(data: bytes) -> Iterator[tuple[int, Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("this JSON is not UTF-8") from None
    try:
        whole = _loads(text)
    except ValueError:
        yield from _lines(text)
        return
    found = whole.get("results", [whole]) if isinstance(whole, dict) else whole
    if not isinstance(found, list) or not all(
        isinstance(each, dict) and "kind" in each for each in found
    ):
        raise Refused(
            "this JSON holds no records of plaincrm",
            "import reads CSV, and what plaincrm export wrote",
        )
    yield from enumerate(found, 1)


def _lines(text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, _loads(line)
            except ValueError as error:
                hint = "import reads CSV, and plaincrm's own JSON"
                raise Refused(f"line {number} is no JSON: {error}", hint) from None


def _loads(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _outcome(line: int, item: Any, cells: tuple[str, ...], schema: Schema) -> Outcome:
    if not isinstance(item, dict) or not isinstance(item.get("fields"), dict):
        return Reject(line, "no record: it has no `fields`", cells)
    kind = schema.find(str(item.get("kind")))
    if kind is None:
        return Reject(line, f'"{item.get("kind")}" is no kind of this book', cells)
    try:
        pairs = [(name, raw(each, kind.fields.get(name))) for name, each in item["fields"].items()]
    except ValueError as error:
        return Reject(line, str(error), cells)
    fields = {name: text for name, text in pairs if text}
    return Draft(
        kind.name, line, str(item.get("id") or ""), "id", fields, {}, str(item.get("body") or "")
    )


def raw(value: Any, field: Field | None = None) -> Raw:
    """A JSON value as the text of a file. Raises ValueError for one that is nested too deeply."""
    if field and (text := field.value_type.from_json(value)) is not None:
        return text
    if field and field.value_type.labelled and isinstance(value, list):
        return _labelled(value)
    return _raw(value)


def _labelled(values: Sequence[Any]) -> Raw:
    """One text, a list, or a map where each has a label of its own; what is mixed is a list of
    both.
    """
    pairs = [(_text(each, "label"), _text(each, "value")) for each in values]
    labels = [label for label, _ in pairs]
    if all(labels) and len(set(labels)) == len(labels):
        return dict(pairs)
    if len(pairs) == 1:
        return pairs[0][1]
    return [{label: text} if label else text for label, text in pairs]


def _text(each: Any, key: str) -> str:
    alone = each if key == "value" else ""
    value = _raw(each.get(key) if isinstance(each, dict) else alone)
    return value if isinstance(value, str) else ""


def _raw(value: Any, depth: int = 0) -> Raw:
    if depth > _DEEPEST:
        raise ValueError("a value is nested too deeply")
    if isinstance(value, dict):
        return {str(key): _raw(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [_raw(each, depth + 1) for each in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)
