"""The pieces that a row gave, put together: names of parts, lists with labels, money with its
currency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from plaincrm.core.schema.kinds import Field, Kind
from plaincrm.core.values.raw import Raw
from plaincrm.interchange.csv import names
from plaincrm.interchange.csv.target import BODY, LOG

_NAME_ORDER = ("prefix", "given", "middle", "family", "suffix")
_IDLE_LABELS = frozenset({"", "*", "obsolete", "type"})


class FoundCell(NamedTuple):
    """A value for a field, or a part of it, and the header of the column it came from."""

    field: str
    part: str
    text: str
    header: str


def assemble(kind: Kind, found: Sequence[FoundCell]) -> dict[str, Raw]:
    """Raw values by field. What a single field can't hold beside its first value goes to an own
    field.
    """
    grouped: dict[str, list[FoundCell]] = {}
    for piece in found:
        if piece.text and piece.field != BODY:
            grouped.setdefault(piece.field, []).append(piece)
    fields: dict[str, Raw] = {}
    over: list[FoundCell] = []
    for name, pieces in grouped.items():
        schema_field = kind.fields.get(name)
        if len(pieces) == 1 and not pieces[0].part:
            fields[name] = _on_one_line(schema_field, pieces[0].text)
        elif schema_field and schema_field.many:
            fields[name] = _many(schema_field, pieces)
        elif text := _single(schema_field, pieces, over):
            fields[name] = text
    for piece in over:
        fields[_free(piece.header, kind, fields)] = piece.text
    return fields


def _single(schema_field: Field | None, pieces: Sequence[FoundCell], over: list[FoundCell]) -> str:
    whole = [piece for piece in pieces if not piece.part]
    parts = sorted((piece for piece in pieces if piece.part), key=_part_order)
    if schema_field and schema_field.value_type.yearly and parts and not whole:
        day = _birthday(parts)
        over.extend(parts if not day else [])
        return day
    if schema_field and schema_field.value_type.monetary:
        over.extend(_others(whole))
        return " ".join(dict.fromkeys(piece.text for piece in whole[:1] + _currency(whole, parts)))
    if whole and ((parts and parts[0].part.isdigit()) or _keeps_lines(schema_field)):
        whole, parts = [], whole + parts
    if whole:
        over.extend(_others(whole))
        said = whole[0].text.casefold()
        over.extend(part for part in parts if part.text.casefold() not in said)
        return _on_one_line(schema_field, whole[0].text)
    return _joined(schema_field, parts)


def _others(whole: Sequence[FoundCell]) -> list[FoundCell]:
    """The further values of a field that holds one."""
    return [piece for piece in whole[1:] if piece.text != whole[0].text]


def _birthday(parts: Sequence[FoundCell]) -> str:
    """Year, month and day of three columns; without a year the day of any year."""
    said = {piece.part: piece.text for piece in parts}
    numbers = [said.get(name, "") for name in ("year", "month", "day")]
    if not all(each.isdigit() for each in numbers[1:]):
        return ""
    month, day = f"{int(numbers[1]):02}", f"{int(numbers[2]):02}"
    year = f"{numbers[0]}-" if re.fullmatch(r"\d{4}", numbers[0]) else ""
    return f"{year}{month}-{day}"


def _joined(schema_field: Field | None, parts: Sequence[FoundCell]) -> str:
    numbered = any(not piece.part or piece.part.isdigit() for piece in parts)
    glue = ", " if numbered else " "
    if _keeps_lines(schema_field):
        glue = "\n"
    return _on_one_line(schema_field, glue.join(piece.text for piece in parts))


def _part_order(piece: FoundCell) -> tuple[int, str]:
    part = piece.part
    return (_NAME_ORDER.index(part) if part in _NAME_ORDER else 0, part)


def _currency(whole: Sequence[FoundCell], parts: Sequence[FoundCell]) -> list[FoundCell]:
    """The currency's own column, unless the amount names one."""
    return list(parts[:1]) if whole and not re.search(r"[A-Z]{3}$", whole[0].text) else []


def _on_one_line(schema_field: Field | None, text: str) -> str:
    if "\n" not in text or _keeps_lines(schema_field):
        return text
    return (", " if schema_field and schema_field.name == "address" else " ").join(
        line.strip() for line in text.split("\n") if line
    )


def _keeps_lines(schema_field: Field | None) -> bool:
    """Fields of the schema are one line each; an own field and the text of a log entry keep their
    lines.
    """
    return schema_field is None or schema_field is LOG.fields["text"]


def _many(schema_field: Field, pieces: Sequence[FoundCell]) -> Raw:
    """One text, a list, or a map if every value has a label of its own."""
    values: dict[str, str] = {}
    for piece in pieces:
        if piece.text not in values or not values[piece.text]:
            values[piece.text] = _label(piece.part)
    if len(values) == 1:
        ((text, label),) = values.items()
        return {label: text} if label and schema_field.value_type.keeps_label else text
    if all(values.values()) or (schema_field.value_type.keeps_label and any(values.values())):
        return dict(_labelled(values))
    return list(values)


def _labelled(values: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Doubled labels are numbered: mobile, mobile_2."""
    seen: dict[str, int] = {}
    for text, label in values.items():
        name = label or "web"
        seen[name] = seen.get(name, 0) + 1
        yield (name if seen[name] == 1 else f"{name}_{seen[name]}"), text


def _label(part: str) -> str:
    """`* Work` is Google's mark for the first of all; `work` is the label."""
    label = names.key_of(part.lstrip("* ")) if part.lstrip("* ").strip() else ""
    return "" if label in _IDLE_LABELS else label


def _free(header: str, kind: Kind, fields: dict[str, Raw]) -> str:
    key = names.key_of(header)
    names_for_it = (key, f"{key}_imported", *(f"{key}_{n}" for n in range(2, len(fields) + 4)))
    return next(name for name in names_for_it if name not in fields and name not in kind.fields)
