"""A record's text opened for editing: its fields with their places, or why it can't be edited
surely.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plaincrm.core.text.pattern import pattern
from plaincrm.core.text.text_file import LINE_END, place
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml.extents import join, kept_lines, line_start, lines_end
from plaincrm.core.yaml.fences import find_fences
from plaincrm.core.yaml.front_matter import Document, document_of, parse, read_tree
from plaincrm.core.yaml.nodes import Node
from plaincrm.errors import Problem, Refused

Path = tuple[str | int, ...]

_HINT = "edit the file by hand: plaincrm edit"
_COLON = pattern(r"[ \t]*:")
_INVALID = pattern("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ValuePlace:
    """One value in its collection: `start` is where its key, dash or flow item begins, `after`
    where the value may begin (behind the colon or the dash)."""

    parent: Node
    number: int
    start: int
    after: int
    value: Node

    @property
    def in_flow(self) -> bool:
        return self.parent.style == "flow"


class FrontMatterPage:
    """A text whose front matter was read in one piece. Raises Refused for any other."""

    def __init__(self, text: str) -> None:
        fences = find_fences(text)
        if fences is None:
            raise refusal("the file has no front matter", 1)
        invalid = _INVALID.search(text, 0, fences.end)
        if invalid:
            raise refusal("the front matter is not UTF-8", place(text, invalid.start())[0])
        tree = read_tree(text, fences)
        if tree.broken:
            raise _unreadable(text, tree.broken)
        if tree.root.style == "flow":
            raise refusal("the fields stand between braces", tree.root.line)
        self.text = text
        self.fences = fences
        self.tree = tree
        self.root = tree.root
        end = LINE_END.search(text)
        self.eol = end.group() if end else "\n"

    @property
    def fields(self) -> dict[str, Raw]:
        raw = self.root.raw
        return raw if isinstance(raw, dict) else {}

    def document(self) -> Document:
        """The file as `front_matter.parse` reads it, from what is read already."""
        if self.tree.problems:
            return parse(self.text)
        return document_of(self.text, self.fences, self.tree)

    def field(self, name: str) -> ValuePlace | None:
        """The field of that name. Raises Refused if it can't be edited surely."""
        pairs = enumerate(self.root.pairs)
        found = [number for number, (key, _) in pairs if key.text == name and is_key(key)]
        if not found:
            return None
        key, value = self.root.pairs[found[0]]
        if len(found) > 1:
            again = self.root.pairs[found[1]][0].line
            raise refusal(f'"{name}" stands twice, first on line {key.line}', again)
        if self.text[line_start(self.text, key.start) : key.start].strip() or key.tag or key.anchor:
            raise refusal(f'the key "{name}" is not written as "{name}: value"', key.line)
        for defect, line in _defects(value):
            raise refusal(f'"{name}" {defect}', line)
        return self.spot((name,))

    def spot(self, path: Path) -> ValuePlace:
        """The value at a path that exists. Raises Refused if its place is not sure."""
        node, spot = self.root, None
        for step in path:
            number = step if isinstance(step, int) else _index(node, step)
            spot = self.entry(node, number)
            node = spot.value
        assert spot is not None
        return spot

    def own_lines(self, name: str) -> tuple[int, int, str] | None:
        """Where the field's lines begin and end, and the comment lines and blank lines among
        them; None where there is no such field.
        """
        for key, value in self.root.pairs:
            if key.text == name and is_key(key):
                start, end = line_start(self.text, key.start), self.lines_end(key, value)
                return start, end, join(self.text, kept_lines(self.text, start, value))
        return None

    def without(self, *names: str) -> str:
        """The text without the own lines of these fields; comment lines and blank lines among them
        stay.
        """
        found = [lines for name in names if (lines := self.own_lines(name))]
        return spliced(self.text, found)

    def lines_end(self, key: Node, value: Node) -> int:
        """Where the lines of a pair end."""
        return max(lines_end(self.text, key), lines_end(self.text, value))

    def entry(self, node: Node, number: int) -> ValuePlace:
        """That entry of a list or map. Raises Refused if its place is not sure."""
        if node.kind == "map":
            key, value = node.pairs[number]
            colon = _COLON.match(self.text, key.end)
            if colon is None:
                raise refusal(f'"{key.text}" is not written as "{key.text}: value"', key.line)
            return ValuePlace(node, number, key.start, colon.end(), value)
        item = node.items[number]
        if node.style == "flow":
            return ValuePlace(node, number, item.start, item.start, item)
        dash = self._dash(node, number)
        return ValuePlace(node, number, dash, dash + 1, item)

    def _dash(self, node: Node, number: int) -> int:
        if number == 0:
            return node.start
        from_here = lines_end(self.text, node.items[number - 1]) - 1
        dash = re.compile(r"[\n\r] {%d}(?=-\s)" % (node.column - 1)).search(self.text, from_here)  # noqa: UP031
        if dash is None or dash.end() > node.items[number].start:
            raise refusal("the list is not written with one item a line", node.line)
        return dash.end()


def spliced(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    """The text with each part (start, end) replaced by other text. Raises ValueError where two
    parts overlap. What is inserted at one place keeps the order given.
    """
    parts, at = [], 0
    for start, end, new in sorted(changes, key=lambda each: each[:2]):
        if start < at:
            raise ValueError("two changes of a text overlap")
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])


def _unreadable(text: str, broken: Problem) -> Refused:
    """The refusal of front matter that YAML can't read; named is the command that mends it."""
    from plaincrm.core.yaml.unquoted import quoted

    found = refusal(f"the front matter can't be read: {broken.message}", broken.line)
    if quoted(text) is not None:
        found.hint = "plaincrm check --fix puts the value between quotes: it holds a colon"
    return found


def refusal(message: str, line: int) -> Refused:
    """An edit that can't be made surely, and where the reason stands."""
    return Refused(f"{message} (line {line})", _HINT)


def is_key(node: Node) -> bool:
    """Whether it is a key that fields can have."""
    return node.kind == "scalar"


def _index(node: Node, name: str) -> int:
    return next(
        number for number, (key, _) in enumerate(node.pairs) if is_key(key) and key.text == name
    )


def _defects(value: Node) -> Iterator[tuple[str, int]]:
    for node in value.walk():
        if node.kind == "alias":
            yield f"holds the alias {node.text}", node.line
        if node.anchor:
            yield f"holds the anchor &{node.anchor}", node.line
        if node.tag:
            yield f"holds the tag {node.tag}", node.line
        keys = [key.text for key, _ in node.pairs]
        if len(set(keys)) < len(keys) or not all(is_key(key) for key, _ in node.pairs):
            yield "holds a key twice, or one that is not text", node.line
