"""The formats in which every reading command answers, in one table.

A format is one entry of `FORMATS`: its name, which is its option (`--csv`), a line of help, and the
function that writes a listing (`Rows`). A document (`Doc`) is written table by table unless the
format has a function of its own for it. `register` adds a format, and every reading command has it.

This module is loaded by `--help`; what a format needs is imported when it writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plaincrm.views.doc import Doc
    from plaincrm.views.layout import Layout
    from plaincrm.views.rows import Rows

TABLE = "table"


class Format:
    """One way to write an answer, with its last line end.

    `takes`: what the option's argument is called, empty for a flag. `names`: it names records
    (`--ids`, `--paths`), so that `-0` goes with it.
    """

    def __init__(
        self,
        name: str,
        help: str,
        rows: Callable[[Rows, Layout], str],
        doc: Callable[[Doc, Layout], str] | None = None,
        *,
        takes: str = "",
        names: bool = False,
    ) -> None:
        self.name, self.help, self.takes, self.names = name, help, takes, names
        self.rows, self._doc = rows, doc

    def doc(self, doc: Doc, layout: Layout) -> str:
        """The document; its tables one after the other where the format knows tables only."""
        if self._doc is not None:
            return self._doc(doc, layout)
        return "\n".join(self.rows(table, layout) for table in doc.tables)


FORMATS: dict[str, Format] = {}


def register(*formats: Format) -> None:
    """Give every reading command further formats."""
    FORMATS.update({each.name: each for each in formats})


def options() -> list[Format]:
    """The formats that have an option: all but the table, which is the default."""
    return [each for name, each in FORMATS.items() if name != TABLE]


def write(shown: Rows | Doc, name: str, layout: Layout) -> str:
    """A listing or a document in the format of that name. Raises UsageError where the format
    has nothing to say of it.
    """
    from plaincrm.views.rows import Rows

    chosen = FORMATS[name]
    if isinstance(shown, Rows):
        return chosen.rows(shown, layout)
    return chosen.doc(shown, layout)


def _table(rows: Rows, layout: Layout) -> str:
    from plaincrm.views.narrow import listing_table

    if rows.screen is not None:
        return rows.screen(rows, layout)
    return listing_table(rows, layout)


def _doc_text(doc: Doc, layout: Layout) -> str:
    from plaincrm.views.doc_text import doc_text

    return doc.screen(layout) if doc.screen is not None else doc_text(doc, layout)


def _markdown(rows: Rows, _: Layout) -> str:
    from plaincrm.views.table import markdown

    cells = [[column.text(row) for column in rows.columns] for row in rows.records]
    return markdown(rows.names, cells, rows.right) + "\n"


def _doc_markdown(doc: Doc, layout: Layout) -> str:
    from plaincrm.views.doc_text import doc_markdown

    return doc_markdown(doc, layout)


def _json(rows: Rows, _: Layout) -> str:
    from plaincrm.views.json_text import MANY, EncodedLines, dumps, envelope

    if rows.lines is not None and len(rows.records) > MANY:
        encoded = EncodedLines(rows.lines(rows.records))
        return dumps(envelope(rows.kind, rows.total, encoded, **rows.more))
    results = [rows.as_json(row) for row in rows.records]
    return dumps(envelope(rows.kind, rows.total, results, **rows.more))


def _doc_json(doc: Doc, _: Layout) -> str:
    from plaincrm.views.json_text import dumps

    return dumps(doc.as_json())


def _json_lines(rows: Rows, _: Layout) -> str:
    if rows.lines is not None:
        return "".join(f"{line}\n" for line in rows.lines(rows.records))
    return _lines_of(map(rows.as_json, rows.records))


def _doc_json_lines(doc: Doc, _: Layout) -> str:
    return _lines_of(doc.as_json()["results"])


def _lines_of(results: Iterable[Any]) -> str:
    import json

    encode = json.JSONEncoder(ensure_ascii=False).encode
    return "".join(encode(result) + "\n" for result in results)


def _csv(rows: Rows, _: Layout) -> str:
    from plaincrm.interchange.cells import line

    return _separated(rows, line)


def _tsv(rows: Rows, _: Layout) -> str:
    from plaincrm.interchange.cells import tabbed

    return _separated(rows, tabbed)


def _separated(rows: Rows, line: Callable[[Iterable[str]], str]) -> str:
    from plaincrm.interchange.cells import neutralise

    lines = [line(rows.names)]
    for row in rows.records:
        lines.append(line(neutralise(column.for_programs(row)) for column in rows.columns))
    return "".join(lines)


def _ids(rows: Rows, layout: Layout) -> str:
    if rows.refs is not None:
        return _names(rows.refs(rows.records), str, layout)
    return _names(rows.records, _namer(rows.ref, "ids"), layout)


def _paths(rows: Rows, layout: Layout) -> str:
    path = _namer(rows.path, "paths")
    return _names(rows.records, lambda row: layout.place(path(row)), layout)


def _doc_ids(doc: Doc, layout: Layout) -> str:
    return _ids(doc.behind("ids"), layout)


def _doc_paths(doc: Doc, layout: Layout) -> str:
    return _paths(doc.behind("paths"), layout)


def _namer(name: Callable[[Any], str] | None, option: str) -> Callable[[Any], str]:
    from plaincrm.errors import UsageError

    if name is None:
        raise UsageError(f"--{option}: these lines are about no records")
    return name


def _names(records: Iterable[Any], name: Callable[[Any], str], layout: Layout) -> str:
    """Each name once, in order. Where a line is a name, a line end in one is spelled out: half of
    it may be the name of another record.
    """
    end = "\0" if layout.null else "\n"
    names = [each for each in dict.fromkeys(map(name, records)) if each]
    if not layout.null:
        names = [each.replace("\n", "\\n").replace("\r", "\\r") for each in names]
    return "".join(each + end for each in names)


def _template(rows: Rows, layout: Layout) -> str:
    from plaincrm.errors import UsageError
    from plaincrm.views.template import lines

    if not layout.argument:
        raise UsageError("--template needs a template", "--template '{{ id }} {{ fields.name }}'")
    return lines(layout.argument, [rows.as_json(row) for row in rows.records])


def _doc_template(doc: Doc, layout: Layout) -> str:
    """The rows of its first table: the figures of a report, the stages of a pipeline."""
    return "".join(_template(table, layout) for table in doc.tables[:1])


def _count(rows: Rows, _: Layout) -> str:
    return f"{rows.total}\n"


def _doc_count(doc: Doc, _: Layout) -> str:
    return f"{doc.total}\n"


register(
    Format(TABLE, "A table.", _table, _doc_text),
    Format("json", "One JSON object.", _json, _doc_json),
    Format("jsonl", "A JSON object a line.", _json_lines, _doc_json_lines),
    Format("csv", "Comma-separated values.", _csv),
    Format("tsv", "Tab-separated values, one line a row.", _tsv),
    Format("md", "A Markdown table.", _markdown, _doc_markdown),
    Format("ids", "kind/id, a line each.", _ids, _doc_ids, names=True),
    Format("paths", "File paths, a line each.", _paths, _doc_paths, names=True),
    Format("count", "Only how many.", _count, _doc_count),
    Format(
        "template", "A line each, as this template says.", _template, _doc_template, takes="JINJA"
    ),
)
