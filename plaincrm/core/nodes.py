"""The nodes of a YAML text: what each holds and exactly where, so that an edit can touch it alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from plaincrm.core.raw import Raw

Kind = Literal["scalar", "list", "map", "alias"]


@dataclass(slots=True)
class Node:
    """`start` and `end` are offsets into the whole text, `line` and `column` count from 1.

    `style` of a scalar is its YAML indicator (empty for plain), of a list or map "flow" or "block".
    """

    kind: Kind
    start: int
    end: int
    line: int
    column: int
    text: str = ""
    style: str = ""
    anchor: str = ""
    tag: str = ""
    items: list[Node] = field(default_factory=list)
    pairs: list[tuple[Node, Node]] = field(default_factory=list)

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
