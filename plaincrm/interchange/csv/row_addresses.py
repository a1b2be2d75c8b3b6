"""The addresses of a row whose columns have several: the first fills our fields, the others stay
whole, each in a field of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from plaincrm.interchange.csv import names
from plaincrm.interchange.csv.assemble import FoundCell
from plaincrm.interchange.csv.place_columns import MEMBERS

SEVERAL = ":::"
"""Google's mark between values of one cell."""
_IDLE = frozenset({"", "*", "other"})


class PlaceCell(NamedTuple):
    """A filled cell of an address: the group of its column, its member, its part, its text."""

    group: str
    field: str
    part: str
    text: str


def found(cells: Sequence[PlaceCell], labels: Mapping[str, str]) -> Iterator[FoundCell]:
    """The fields of the first address and of the others; `labels` by group, from the file."""
    groups: dict[str, list[PlaceCell]] = {}
    for cell in cells:
        groups.setdefault(cell.group, []).append(cell)
    addresses = [
        (labels.get(group, "") or group, each)
        for group, members in groups.items()
        for each in _apart(members)
    ]
    for number, (label, members) in enumerate(addresses):
        if number == 0:
            yield from (FoundCell(m.field, m.part, m.text, m.field) for m in members)
        else:
            yield from _whole(label, number, members)


def _apart(members: Sequence[PlaceCell]) -> list[list[PlaceCell]]:
    """The addresses of one group: the n-th value of each cell belongs to the n-th."""
    columns = [[part.strip() for part in member.text.split(SEVERAL)] for member in members]
    longest = max(map(len, columns))
    return [
        [
            m._replace(text=c[n])
            for m, c in zip(members, columns, strict=True)
            if n < len(c) and c[n]
        ]
        for n in range(longest)
    ]


def _whole(label: str, number: int, members: Sequence[PlaceCell]) -> Iterator[FoundCell]:
    """An address as one text: street, postal code and city, region, country."""
    said = {field: ", ".join(m.text for m in members if m.field == field) for field in MEMBERS}
    town = " ".join(filter(None, (said["zip"], said["city"])))
    parts = (said["address"], town, said["region"], said["country"])
    text = ", ".join(" ".join(part.split()) for part in parts if part)
    key = names.key_of(label.strip("* ")) if label.strip("* ").casefold() not in _IDLE else "other"
    key = f"{number + 1}" if key.lstrip("n").isdigit() else key
    yield FoundCell(f"address_{key}", "", text, f"address {key}")
