"""Records as CSV and back: a row a record, a column a field, and nothing lost.

    kind,id,name,email,tags,…,body

Money stands in two columns, so that a spreadsheet adds it up: `value` has the number,
`value_currency` what follows it (`EUR`, `EUR/month`). An amount that is written in any other way
stands in the first as it is.

A cell holds the field's text. A list stands as `vip; newsletter` where the schema knows the field
to be one, else as JSON, and so do maps of labels (`{"work": "ada@x.org"}`). Text that would read as
one of these, or that a CSV can't hold (NUL), is a JSON string. Cells are neutralised against
formulas, and restored.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import BinaryIO

from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Field, Kind, Schema
from plaincrm.core.values.raw import Raw
from plaincrm.interchange.cells import line, neutralise, restore
from plaincrm.interchange.csv.draft import Draft, Outcome, Reject
from plaincrm.interchange.csv.encoding import sniff
from plaincrm.interchange.csv.names import IGNORED
from plaincrm.interchange.csv.rows import CsvRow, read_rows

HEAD = ("kind", "id")
BODY = "body"
_GLUE = "; "
_JSON = '["{'
CURRENCY = "_currency"
_MONEY = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?) ([A-Z]{3}(?:/(?:month|quarter|year))?)")
_AMOUNT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def columns(records: Iterable[Record], kinds: Iterable[Kind]) -> list[str]:
    """The header: kind, id, the fields of the kinds in their order, the records' own fields,
    body.
    """
    known = dict.fromkeys(name for kind in kinds for name in kind.fields)
    own = dict.fromkeys(name for record in records for name in record.fields if name not in known)
    return [*HEAD, *known, *own, BODY]


def write(records: Sequence[Record], kinds: Iterable[Kind]) -> Iterator[str]:
    """The lines of the file."""
    kinds = list(kinds)
    names = columns(records, kinds)[len(HEAD) : -1]
    money = {name for kind in kinds for name, field in kind.fields.items() if _is_money(field)}
    header: list[str] = []
    for name in names:
        header += [_marked(name), *([name + CURRENCY] if name in money else [])]
    yield line([neutralise(name) for name in (*HEAD, *header, BODY)])
    for record in records:
        yield line(_cells(record, names, money))


def _is_money(field: Field | None) -> bool:
    return field is not None and field.value_type.monetary and not field.many


def _cells(record: Record, names: Iterable[str], money: Container[str]) -> Iterator[str]:
    yield from map(neutralise, (record.kind.name, record.id))
    for name in names:
        raw, field = record.fields.get(name, ""), record.kind.fields.get(name)
        split = _MONEY.fullmatch(raw) if isinstance(raw, str) and _is_money(field) else None
        yield split[1] if split else neutralise(encode(raw, field))  # a minus begins no formula
        if name in money:
            yield split[2] if split else ""
    yield neutralise(encode(record.body, None))


def _marked(name: str) -> str:
    """A field that is called as one of the columns that are no fields gets a dot in front."""
    bare = name.lstrip(".")
    return f".{name}" if bare in (*HEAD, BODY, *IGNORED) or bare.endswith(CURRENCY) else name


def _unmarked(name: str) -> str:
    return name[1:] if name.startswith(".") and _marked(name[1:]) == name else name


def encode(raw: Raw, field: Field | None) -> str:
    """The cell of a value; `decode(encode(raw, f), f) == raw` but for empty values."""
    if not raw:
        return ""
    if isinstance(raw, list) and field and field.many:
        joined = _GLUE.join(each for each in raw if isinstance(each, str))
        if _printable(joined) and decode(joined, field) == raw:
            return joined
    plain = isinstance(raw, str) and _printable(raw) and decode(raw, field) == raw
    return str(raw) if plain else json.dumps(raw, ensure_ascii=not plain and _odd(raw))


def decode(cell: str, field: Field | None) -> Raw:
    """The value of a cell."""
    if cell[:1] and cell[0] in _JSON:
        try:
            return _raw(json.loads(cell))
        except (ValueError, RecursionError):
            pass
    if field and field.many and _GLUE in cell:
        return list[Raw](cell.split(_GLUE))
    return cell


def _raw(value: object) -> Raw:
    if isinstance(value, dict):
        return {str(key): _raw(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_raw(each) for each in value]
    if not isinstance(value, str):
        raise ValueError("only texts are written here")
    return value


def _printable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _odd(raw: Raw) -> bool:
    """Whether JSON has to escape all but ASCII: UTF-8 can't hold half of a pair."""
    return not _printable(json.dumps(raw, ensure_ascii=False))


def recognise(head: bytes) -> bool:
    """Whether a file that begins so was written here, or saved again by a spreadsheet."""
    line = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].replace(b'"', b"").rstrip()
    mark = line[4:5]
    return (
        mark in (b",", b";", b"\t")
        and line.startswith(mark.join((b"kind", b"id", b"")))
        and (BODY.encode() in line.split(mark))
    )


def read(
    stream: BinaryIO, schema: Schema
) -> tuple[tuple[str, ...], list[tuple[Outcome, tuple[str, ...]]]]:
    """The header; a draft or a reject for each row, with its cells. Raises Refused for a file that
    can't be read.
    """
    encoding = sniff(stream)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding.name, newline="")
    first = text.read(20).removeprefix("\ufeff").replace('"', "")
    stream.seek(0)
    text = io.TextIOWrapper(text.detach(), encoding=encoding.name, newline="")
    rows = read_rows(text, first[4:5])
    header = tuple(restore(cell.removeprefix("\ufeff")) for cell in next(rows).cells)
    outcomes = [(_outcome(row, header, schema), row.cells) for row in rows if not row.blank]
    text.detach()
    return header, outcomes


def _joined(cells: dict[str, str], kind: Kind) -> dict[str, str]:
    """The cells with each amount and its currency in one."""
    joined = dict(cells)
    for name, field in kind.fields.items():
        code = cells.get(name + CURRENCY, "").strip()
        if code and _is_money(field) and _AMOUNT.fullmatch(cells.get(_marked(name), "").strip()):
            joined[_marked(name)] = f"{cells[_marked(name)].strip()} {code}"
            del joined[name + CURRENCY]
    return joined


def _outcome(row: CsvRow, header: Sequence[str], schema: Schema) -> Outcome:
    if row.problem or len(row.cells) != len(header):
        return Reject(
            row.line,
            row.problem or f"{len(row.cells)} cells, but the header names {len(header)}",
            row.cells,
        )
    cells = {
        name: restore(cell)
        for name, cell in zip(header, row.cells, strict=True)
        if name not in IGNORED
    }
    kind = schema.find(cells.pop("kind", ""))
    if kind is None:
        return Reject(row.line, "the column `kind` names no kind of this book", row.cells)
    id, body = cells.pop("id", ""), cells.pop(BODY, "")
    named = {_unmarked(name): cell for name, cell in _joined(cells, kind).items() if cell}
    fields = {name: decode(cell, kind.fields.get(name)) for name, cell in named.items()}
    return Draft(kind.name, row.line, id, "id", fields, {}, str(decode(body, None)))
