"""The syntax tree of a query, as `grammar` builds it. Names are not resolved, values are text as
typed.
"""

from __future__ import annotations

from typing import TypeAlias

from plaincrm.core.value_class import value


@value
class PathStep:
    """One name of a path: `deals@company(is:won)` has the name, the link and the inner query."""

    name: str
    link: str = ""
    inner: Node | None = None


@value
class QueryValue:
    """One value. A quoted one is literal: no glob, no range."""

    text: str
    quoted: bool = False


@value
class Range:
    """`low..high`, both ends in; an empty end is open."""

    low: str
    high: str


@value
class Compare:
    """`path op value`. Only `:` has several alternatives. `source` is the term as typed, for
    messages.
    """

    path: tuple[PathStep, ...]
    op: str
    values: tuple[QueryValue | Range, ...]
    source: str


@value
class Exists:
    """A path in parentheses alone: `deals(is:won)`, there is one."""

    path: tuple[PathStep, ...]
    source: str


@value
class SearchText:
    """A bare word or a quoted phrase, looked for in the record's text."""

    text: str
    quoted: bool = False


@value
class SavedQuery:
    """`@name`: the records of a saved segment."""

    name: str


@value
class Sort:
    """`sort:-value,name`: names, each with whether it descends."""

    keys: tuple[tuple[str, bool], ...]


@value
class Limit:
    count: int


@value
class Not:
    part: Node


@value
class And:
    parts: tuple[Node, ...]


@value
class Or:
    parts: tuple[Node, ...]


Node: TypeAlias = Compare | Exists | SearchText | SavedQuery | Sort | Limit | Not | And | Or
