"""What a row of a foreign file says, as values: fields as raw text, links as hints, or a reason why
not.

Pure and without a store: who is meant by a link, and whether the record is there already, is
decided above.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass

from plaincrm.core.values.raw import Raw


@dataclass(frozen=True, slots=True)
class LinkHint:
    """A record that a link leads to: of `kind`, known `by` name, email, domain, id or an external
    id's field.

    `by="id"` may be a name too. `others` name the same record, next best: the first that resolves
    wins.
    """

    kind: str
    by: str
    value: str
    others: tuple[LinkHint, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What a row says. `key` is its external id (empty: none), under `key_field` in `fields` too.

    `outcome` of a deal: open, won, lost, or empty where the file doesn't say. `beside` are records
    that the row holds beside its own (a person's company); `cells` what the row holds, to be given
    back if it is rejected later; `notes` are sentences on what was taken for granted in it.
    """

    kind: str
    line: int
    key: str
    key_field: str
    fields: Map[str, Raw]
    links: Map[str, tuple[LinkHint, ...]]
    body: str = ""
    outcome: str = ""
    beside: tuple[Draft, ...] = ()
    cells: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that can't be imported as it stands."""

    line: int
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no record: one that the file itself calls deleted, a footer, a row of sums."""

    line: int
    reason: str


Outcome = Draft | Reject | SkippedRow


def first(raw: Raw) -> str:
    """The first text of a value."""
    if isinstance(raw, str):
        return raw
    inner = list(raw.values()) if isinstance(raw, dict) else raw
    return first(inner[0]) if inner else ""
