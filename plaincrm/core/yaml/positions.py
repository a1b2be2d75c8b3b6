"""Where the values of a record's fields stand in its file, for what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from plaincrm.core.yaml.fences import find_fences
from plaincrm.core.yaml.front_matter import read_tree
from plaincrm.core.yaml.nodes import Node
from plaincrm.core.yaml.properties import find

Place = tuple[int, int]


class FieldPlaces:
    """Lines and columns, both from 1, of the keys and values in a record file's front matter.

    `key_of` gives the key under which the file has a field, where that is not the field's name.
    """

    def __init__(self, text: str, key_of: Callable[[str], str] = str) -> None:
        self._key_of = key_of
        fences = find_fences(text)
        self._fields: dict[str, tuple[Node, Node]] = {}
        self._properties = find(text) if fences is None else None
        if fences is not None:
            for key, value in read_tree(text, fences).root.pairs:
                self._fields.setdefault(key.text, (key, value))

    def key(self, name: str) -> Place:
        """Where the field's name stands; the first character of the file where it is missing."""
        name = self._key_of(name)
        if self._properties:
            return self._properties.place_of(name)[0]
        if name not in self._fields:
            return 1, 1
        key, _ = self._fields[name]
        return key.line, key.column

    def values(self, name: str) -> list[Place]:
        """The place of each scalar of the field that is not empty, in the order of
        `record.items`.
        """
        name = self._key_of(name)
        if self._properties:
            return self._properties.place_of(name)[1:]
        if name not in self._fields:
            return []
        return [(node.line, node.column) for node in _scalars(self._fields[name][1])]

    def value(self, name: str, n: int = 0) -> Place:
        """The place of the field's scalar number `n`, that of its key where there is none."""
        found = self.values(name)
        return found[n] if n < len(found) else self.key(name)


def _scalars(node: Node) -> Iterator[Node]:
    if node.kind == "scalar" and node.text:
        yield node
    for item in node.items:
        yield from _scalars(item)
    seen: set[str] = set()
    for key, value in node.pairs:
        if key.text not in seen:
            seen.add(key.text)
            yield from _scalars(value)
