"""Whole records as JSON and JSON lines."""

from __future__ import annotations

import json
from collections.abc import Sequence

from plaincrm.core.facts import World
from plaincrm.core.record import Record
from plaincrm.views.output import dumps
from plaincrm.views.record_json import envelope, whole


def to_json(kind: str, records: Sequence[Record], world: World) -> bytes:
    """One object; `kind` is what was asked for."""
    return _bytes(dumps(envelope(kind, len(records), [whole(record, world) for record in records])))


def to_jsonl(records: Sequence[Record], world: World) -> bytes:
    """An object a line."""
    return _bytes("".join(json.dumps(whole(record, world), ensure_ascii=False) + "\n" for record in records))


def _bytes(text: str) -> bytes:
    """Bytes of a file that are no UTF-8 stand as escapes, which JSON reads back."""
    return text.encode("utf-8", "backslashreplace")
