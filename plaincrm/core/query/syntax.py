"""The syntax tree of a query, as `grammar` builds it. Names are not resolved, values are text as typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Step:
    """One name of a path: `deals@company(is:won)` has the name, the link and the inner query."""

    name: str
    link: str = ""
    inner: Node | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One value. A quoted one is literal: no glob, no range."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """`low..high`, both ends in; an empty end is open."""

    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Compare:
    """`path op value`. Only `:` has several alternatives. `source` is the term as typed, for messages."""

    path: tuple[Step, ...]
    op: str
    values: tuple[Piece | Range, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Exists:
    """A path in parentheses alone: `deals(is:won)`, there is one."""

    path: tuple[Step, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Text:
    """A bare word or a quoted phrase, looked for in the record's text."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """`@name`: the records of a saved segment."""

    name: str


@dataclass(frozen=True, slots=True)
class Sort:
    """`sort:-value,name`: names, each with whether it descends."""

    keys: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Limit:
    count: int


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


Node: TypeAlias = Compare | Exists | Text | Saved | Sort | Limit | Not | And | Or
