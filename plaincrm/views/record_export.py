"""Whole records as JSON and JSON lines, and as tables of Markdown."""

from __future__ import annotations

import json
from collections.abc import Sequence

from plaincrm.core import query
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.views.formats import write
from plaincrm.views.json_text import dumps, envelope
from plaincrm.views.layout import Layout
from plaincrm.views.listing import listing
from plaincrm.views.record_json import whole


def to_json(kind: str, records: Sequence[Record], context: Context) -> bytes:
    """One object; `kind` is what was asked for."""
    return _bytes(
        dumps(envelope(kind, len(records), [whole(record, context) for record in records]))
    )


def to_jsonl(records: Sequence[Record], context: Context) -> bytes:
    """An object a line."""
    return _bytes(
        "".join(json.dumps(whole(record, context), ensure_ascii=False) + "\n" for record in records)
    )


def to_md(records: Sequence[Record], context: Context) -> bytes:
    """A Markdown table of the usual columns, one for each kind there is."""
    kinds = {record.kind.name: record.kind for record in records}
    return _bytes(
        "\n".join(
            _md(kind, [r for r in records if r.kind is kind], context) for kind in kinds.values()
        )
    )


def _md(kind: Kind, records: Sequence[Record], context: Context) -> str:
    found = query.compile([], kind, context)
    return write(listing(kind, found, records, len(records), context), "md", Layout())


def _bytes(text: str) -> bytes:
    """Bytes of a file that are no UTF-8 stand as escapes, which JSON reads back."""
    return text.encode("utf-8", "backslashreplace")
