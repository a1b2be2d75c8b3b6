"""The nodes of a YAML text: what each holds and exactly where, so that an edit can touch it
alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from plaincrm.core.values.raw import Raw

Kind = Literal["scalar", "list", "map", "alias"]


class Node:
    """`start` and `end` are offsets into the whole text, `line` and `column` count from 1.

    `style` of a scalar is its YAML indicator (empty for plain), of a list or map "flow" or "block".
    """

    __slots__ = (
        "anchor",
        "column",
        "end",
        "items",
        "kind",
        "line",
        "pairs",
        "start",
        "style",
        "tag",
        "text",
    )

    def __init__(
        self,
        kind: Kind,
        start: int,
        end: int,
        line: int,
        column: int,
        text: str = "",
        style: str = "",
        anchor: str = "",
        tag: str = "",
    ) -> None:
        self.kind, self.start, self.end, self.line, self.column = kind, start, end, line, column
        self.text, self.style, self.anchor, self.tag = text, style, anchor, tag
        self.items: list[Node] = []
        self.pairs: list[tuple[Node, Node]] = []

    @property
    def raw(self) -> Raw:
        """The value; of keys that stand twice the first counts."""
        if self.kind == "list":
            return [item.raw for item in self.items]
        if self.kind == "map":
            fields: dict[str, Raw] = {}
            for key, value in self.pairs:
                if key.kind == "scalar" and key.text not in fields:
                    fields[key.text] = value.raw
            return fields
        return self.text

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in the order of the text."""
        yield self
        for item in self.items:
            yield from item.walk()
        for key, value in self.pairs:
            yield from key.walk()
            yield from value.walk()
