"""The forms in which a reading command answers: table, JSON, CSV, ids and the rest, over one set of
rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from plaincrm.core.value_class import fresh, value
from plaincrm.errors import UsageError
from plaincrm.views.colour import Paint, plain

MANY = (
    100  # results beyond which nobody reads them, and indenting them takes longer than finding them
)
FORMS = ("table", "json", "jsonl", "csv", "tsv", "md", "ids", "paths", "count", "template")
Row = Any
Json = Any


@value
class Rows:
    """A listing: the records (or whatever a row shows), and how one looks in each form.

    `cells(row)` gives a text a column, for people; `values(row)` the same for programs, where it
    differs. `as_json(row)` is its JSON object; `ref(row)` and `path(row)` name the record that it
    is about. `more`: further keys of the JSON envelope.
    """

    kind: str
    total: int
    records: Sequence[Row]
    columns: Sequence[str]
    cells: Callable[[Row], list[str]]
    as_json: Callable[[Row], Any]
    right: Sequence[int] = ()
    values: Callable[[Row], list[str]] | None = None
    ref: Callable[[Row], str] = attrgetter("ref")
    path: Callable[[Row], str] = attrgetter("path")
    more: Mapping[str, Any] = fresh(factory=dict)


def render(
    rows: Rows,
    form: str,
    *,
    width: int | None = None,
    template: str = "",
    null: bool = False,
    paint: Paint = plain,
) -> str:
    """The listing in one of `FORMS`, with its last line end. `null`: ids and paths end in NUL, for
    xargs -0.
    """
    if form == "json":
        return dumps(_envelope(rows))
    if form == "jsonl":
        import json

        encode = json.JSONEncoder(ensure_ascii=False).encode
        return "".join(encode(rows.as_json(r)) + "\n" for r in rows.records)
    if form in ("ids", "paths"):
        return _names(
            map(rows.ref if form == "ids" else rows.path, rows.records), "\0" if null else "\n"
        )
    if form == "count":
        return f"{rows.total}\n"
    if form == "template":
        return _template(rows, template)
    if form in ("csv", "tsv"):
        return _separated(rows, "," if form == "csv" else "\t")
    return _table(rows, form, width, paint)


def envelope(kind: str, total: int, results: list[Json], **more: Json) -> Json:
    """`{"schemaVersion": 1, "kind": …, "total": …, "results": […]}`; `total` is before any
    limit.
    """
    return {"schemaVersion": 1, "kind": kind, **more, "total": total, "results": results}


def dumps(value: Any) -> str:
    """JSON for people and programs: indented (of many results each a line), no escapes for umlauts,
    a line end.
    """
    import json

    results = value.get("results") if isinstance(value, dict) else None
    if not isinstance(results, list) or len(results) <= MANY:
        return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    mark = "\0results\0"
    around = json.dumps({**value, "results": [mark]}, indent=2, ensure_ascii=False) + "\n"
    encode = json.JSONEncoder(
        ensure_ascii=False
    ).encode  # `json.dumps` would make an encoder for each
    return around.replace(json.dumps(mark), ",\n    ".join(map(encode, results)))


def _envelope(rows: Rows) -> Any:
    return envelope(
        rows.kind, rows.total, [rows.as_json(record) for record in rows.records], **rows.more
    )


def _names(names: Iterable[str], end: str) -> str:
    """Each name once, in order."""
    return "".join(name + end for name in dict.fromkeys(names) if name)


def _separated(rows: Rows, delimiter: str) -> str:
    from plaincrm.interchange.cells import line, neutralise

    cells = (map(neutralise, (rows.values or rows.cells)(record)) for record in rows.records)
    return "".join([line(rows.columns, delimiter), *(line(each, delimiter) for each in cells)])


def _template(rows: Rows, template: str) -> str:
    from plaincrm.views.template import lines

    if not template:
        raise UsageError("--template needs a template", "--template '{{ id }} {{ fields.name }}'")
    return lines(template, [rows.as_json(record) for record in rows.records])


def _table(rows: Rows, form: str, width: int | None, paint: Paint) -> str:
    from plaincrm.views.table import markdown, table

    cells = [rows.cells(record) for record in rows.records]
    if form == "md":
        return markdown(rows.columns, cells, rows.right) + "\n"
    return (
        table([name.upper() for name in rows.columns], cells, width, rows.right, paint) + "\n"
        if cells
        else ""
    )
