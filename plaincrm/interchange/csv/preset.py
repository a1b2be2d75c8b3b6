"""A preset: what is known of one program's export. The modules under `presets/` hold nothing but
these.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from plaincrm.errors import UsageError, did_you_mean
from plaincrm.interchange.csv import names
from plaincrm.interchange.csv.names import fold

_FAMILIES = ("salesforce", "hubspot", "pipedrive", "zoho", "google", "outlook", "linkedin")


@dataclass(frozen=True, slots=True)
class Preset:
    """Headers are compared folded; `#` in one stands for any number.

    signatures  the file is this program's if it has every header of any one of them columns
    header to target word (`target.py`); an empty one drops the column key         the field of the
    external id, and its header (several, parted by `|`: the first there is) labels      header to
    the header of the column that labels it values      field to foreign word to ours; what isn't
    there is kept in an own field closed, won headers of flags; `outcome` of a column that says
    open, won or lost stages      foreign stage to open, won or lost, where no flag says it skip
    header to the value that marks a row as not there (deleted) verified    whether a real export of
    the program has been read with it
    """

    name: str
    title: str
    kind: str
    signatures: tuple[tuple[str, ...], ...]
    columns: Mapping[str, str]
    key: tuple[str, str] = ("", "")
    labels: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    closed: str = ""
    won: str = ""
    outcome: str = ""
    stages: Mapping[str, str] = field(default_factory=dict)
    skip: Mapping[str, str] = field(default_factory=dict)
    verified: bool = False

    def fit(self, header: Sequence[str]) -> int:
        """The length of the longest signature that the header has whole; 0 for none."""
        have = {_spelled(name) for name in header}
        return max(
            (len(s) for s in self.signatures if all(_spelled(name) in have for name in s)),
            default=0,
        )

    def target(self, header: str) -> str | None:
        """The target word of a column; None if the preset doesn't know it. `#` in the word is the
        number in the header."""
        word = _lookup(self.columns, header)
        if not word:
            return word
        number = re.search(r"\d+", header)
        return word.replace("#", number.group() if number else "")

    def label(self, header: str) -> str:
        """The header of the column that labels this one, with the same number in it."""
        found = _lookup(self.labels, header) or ""
        number = re.search(r"\d+", header)
        return found.replace("#", number.group()) if number else found


def _spelled(header: str) -> str:
    """As `fold`, but `activity_type` is not `Activity type`: a database wrote it, no program."""
    return fold(header) if "_" not in header.strip("_") else header.strip().casefold()


def _lookup(table: Mapping[str, str], header: str) -> str | None:
    folded = _folded(tuple(table.items()))
    name = fold(header)
    return folded.get(name, folded.get(re.sub(r"\d+", "#", name)))


def table(*texts: str) -> dict[str, str]:
    """Columns from lines `HEADER | HEADER -> target`; an empty target drops them."""
    columns: dict[str, str] = {}
    for line in "\n".join(texts).splitlines():
        headers, _, word = line.strip().rpartition("->")
        columns |= dict.fromkeys(
            (header.strip() for header in headers.split("|") if header.strip()), word.strip()
        )
    return columns


@cache
def _folded(items: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {_fold(name): word for name, word in items}


def _fold(name: str) -> str:
    """`#` is no letter, so it has to outlive the folding."""
    return fold(name.replace("#", "0")).replace("0", "#") if "#" in name else fold(name)


@cache
def presets() -> tuple[Preset, ...]:
    """All that ship."""
    modules = (import_module(f"plaincrm.interchange.csv.presets.{name}") for name in _FAMILIES)
    return tuple(preset for module in modules for preset in module.PRESETS)


def detect(header: Sequence[str]) -> Preset | None:
    """The preset whose longest signature is all in the header."""
    fits = [(preset.fit(header), -at, preset) for at, preset in enumerate(presets())]
    best = max(fits, key=lambda fit: fit[:2])
    return best[2] if best[0] else None


def spelled(header: Sequence[str]) -> bool:
    """Whether a header has a whole signature to the letter: then a program wrote it, and no other
    that calls its columns alike."""
    have = set(header)
    return any(have.issuperset(each) for preset in presets() for each in preset.signatures)


def named(name: str, header: Sequence[str]) -> Preset:
    """The preset of that name; of a family's name (`hubspot`) the one that fits best. Raises
    UsageError.
    """
    family = [p for p in presets() if p.name == name or p.name.startswith(f"{name}-")]
    if not family:
        names = [p.name for p in presets()]
        hint = did_you_mean(name, names) or f"presets: {', '.join(names)}"
        raise UsageError(f'there is no preset "{name}"', hint)
    return max(family, key=lambda p: (p.fit(header), sum(p.target(h) is not None for h in header)))


@cache
def _names() -> frozenset[str]:
    columns = (
        name for preset in presets() for name in (*preset.columns, *preset.key[1].split("|"))
    )
    return names.every() | {fold(name) for name in columns} - {""}


def known(cells: Sequence[str]) -> int:
    """How many of the cells are names of columns that mean something here."""
    return sum(fold(cell) in _names() for cell in cells)
