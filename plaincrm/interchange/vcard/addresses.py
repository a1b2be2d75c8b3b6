"""Postal addresses: the first, or the preferred, fills our fields; each further one is a field of
its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from plaincrm.interchange.csv.assemble import FoundCell
from plaincrm.interchange.vcard import labels
from plaincrm.interchange.vcard.lines import Card, CardLine

_FIELDS = ("city", "region", "zip", "country")


def places(card: Card, named: Mapping[str, str]) -> Iterator[FoundCell]:
    """`named`: Apple's labels by group."""
    lines = [line for line in card.all("ADR") if line.text.strip(" ;")]
    lines.sort(key=lambda line: not _preferred(line))
    for number, line in enumerate(lines):
        street, *rest = _parts(line)
        if number == 0:
            yield FoundCell("address", "", street, "address")
            yield from (
                FoundCell(name, "", text, name) for name, text in zip(_FIELDS, rest, strict=True)
            )
        else:
            label = (
                labels.of_name(named.get(line.group, "")) or labels.of_types(line.types) or "other"
            )
            yield FoundCell(
                f"address_{label}", "", ", ".join(filter(None, (street, *rest))), f"address {label}"
            )


def _preferred(line: CardLine) -> bool:
    return "pref" in line.types or "PREF" in line.params


def _parts(line: CardLine) -> tuple[str, ...]:
    """Street (with box and extension), city, region, zip, country, each on one line."""
    texts = [re.sub(r"\s*\n\s*", ", ", text.strip()).strip() for text in line.texts(";")]
    box, extension, street, *rest = (texts + [""] * 7)[:7]
    return (", ".join(filter(None, (box, extension, street))), *rest)
