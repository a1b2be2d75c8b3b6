"""The forms in which a reading command answers: table, JSON, CSV, ids and the rest, over one set of rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from plaincrm.core.record import Record
from plaincrm.errors import UsageError

FORMS = ("table", "json", "jsonl", "csv", "tsv", "md", "ids", "paths", "count", "template")


@dataclass(frozen=True, slots=True)
class Rows:
    """A listing: the records, what to show of each, and how it looks as JSON.

    `cells(record)` gives a text a column; `as_json(record)` the JSON object of a row.
    """

    kind: str
    total: int
    records: Sequence[Record]
    columns: Sequence[str]
    cells: Callable[[Record], list[str]]
    as_json: Callable[[Record], Any]
    right: Sequence[int] = ()


def render(rows: Rows, form: str, *, width: int | None = None, template: str = "", null: bool = False) -> str:
    """The listing in one of `FORMS`, with its last line end. `null`: ids and paths end in NUL, for xargs -0."""
    if form == "json":
        return dumps(_envelope(rows))
    if form == "jsonl":
        return "".join(json.dumps(rows.as_json(r), ensure_ascii=False) + "\n" for r in rows.records)
    if form in ("ids", "paths"):
        end = "\0" if null else "\n"
        return "".join((r.ref if form == "ids" else r.path) + end for r in rows.records)
    if form == "count":
        return f"{rows.total}\n"
    if form == "template":
        return _template(rows, template)
    if form in ("csv", "tsv"):
        return _separated(rows, "," if form == "csv" else "\t")
    return _table(rows, form, width)


def dumps(value: Any) -> str:
    """JSON for people and programs: indented, no escapes for umlauts, a final line end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _envelope(rows: Rows) -> Any:
    from plaincrm.views.record_json import envelope

    return envelope(rows.kind, rows.total, [rows.as_json(record) for record in rows.records])


def _separated(rows: Rows, delimiter: str) -> str:
    from plaincrm.interchange.cells import neutralise

    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(rows.columns)
    for record in rows.records:
        writer.writerow([neutralise(cell) for cell in rows.cells(record)])
    return out.getvalue()


def _template(rows: Rows, template: str) -> str:
    from plaincrm.views.template import lines

    if not template:
        raise UsageError("--template needs a template", "--template '{{ id }} {{ fields.name }}'")
    return lines(template, [rows.as_json(record) for record in rows.records])


def _table(rows: Rows, form: str, width: int | None) -> str:
    from plaincrm.views.table import markdown, table

    cells = [rows.cells(record) for record in rows.records]
    if not cells:
        return ""
    if form == "md":
        return markdown(rows.columns, cells) + "\n"
    return table([name.upper() for name in rows.columns], cells, width, rows.right) + "\n"
