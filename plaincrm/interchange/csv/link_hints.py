"""The cells that name other records, as hints at them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence

from plaincrm.core.schema.kinds import Field
from plaincrm.interchange.csv import values
from plaincrm.interchange.csv.draft import LinkHint

_NAMES = ("name", "domain")
_ADDRESSED = re.compile(r"(?P<name>[^<>()]*?)\s*[<(](?P<email>[^\s<>()@]+@[^\s<>()@]+)[>)]")
_PAGE = re.compile(r"\s*\(https?://[^\s()]*\)")
"""A relation of Notion carries the address of its page."""


def names_of(text: str, field: Field) -> list[str]:
    """The names in a cell: `"Erb, Inc.",Nord GmbH` are two, `Bach Studio (https://…)` is one."""
    if _PAGE.search(text):
        return [part.strip(" ,") for part in _PAGE.split(text) if part.strip(" ,")]
    if text.lstrip().startswith("http") and "," in text:
        return [part.strip() for part in text.split(",") if part.strip()]
    if field.many and text.lstrip().startswith('"'):
        return [part for part in next(csv.reader([" ".join(text.split())]), []) if part.strip()]
    return values.split(text, field)


def of_cell(text: str, field: Field, by: str) -> list[LinkHint]:
    """The hints of one cell; a name with an address in brackets is known by both."""
    named = (
        [one for part in values.split(text, field) for one in values.addresses(part)]
        if by == "email"
        else names_of(text, field)
    )
    parts = (values.trimmed(part) for part in named)
    return [_hint(part, field, by or "id") for part in parts if part]


def _hint(part: str, field: Field, by: str) -> LinkHint:
    found = _ADDRESSED.fullmatch(part) if by in ("name", "id") else None
    if not found:
        return LinkHint(field.to, by, part)
    by_email = LinkHint(field.to, "email", found["email"])
    if not found["name"]:
        return by_email
    return LinkHint(field.to, "email", found["email"], (LinkHint(field.to, by, found["name"]),))


def merged(columns: Sequence[Sequence[LinkHint]]) -> tuple[LinkHint, ...]:
    """The hints of several columns about one field.

    An id and a name of as many records each speak of the same ones, in turn: `51;52` beside `Lena;
    Marc`. Two columns of one sort speak of different records."""
    filled = sorted((hints for hints in columns if hints), key=lambda hints: hints[0].by in _NAMES)
    if not filled:
        return ()
    if len({hints[0].by for hints in filled}) < len(filled):
        return tuple(hint for hints in filled for hint in hints)
    best = max(filled, key=len)
    paired = [hints for hints in filled if len(hints) == len(best)]
    return tuple(_of_one(hints) for hints in zip(*paired, strict=True))


def _of_one(hints: Sequence[LinkHint]) -> LinkHint:
    head, *others = hints
    further = [each for other in others for each in (other, *other.others)]
    return LinkHint(head.kind, head.by, head.value, (*head.others, *further))


def of_columns(
    cells: Iterator[tuple[str, Field, str, str]],
) -> dict[str, tuple[LinkHint, ...]]:
    """Hints by field, from the field's name, the field, how the cell names it, and the cell."""
    found: dict[str, list[list[LinkHint]]] = {}
    for name, field, by, cell in cells:
        found.setdefault(name, []).append(of_cell(cell, field, by))
    return {name: merged(lists) for name, lists in found.items() if any(lists)}


def first_name(links: Mapping[str, tuple[LinkHint, ...]], field: str) -> str:
    """The first name by which a row calls a record that it links to."""
    for hint in links.get(field, ()):
        for each in (hint, *hint.others):
            if each.by == "name":
                return each.value
    return ""
