"""A YAML text as a tree of nodes with their places, and everything that is wrong with it.

The parser comes as a function, so that the YAML library has one home (`frontmatter`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, TypeAlias

from plaincrm.core.text.pattern import pattern
from plaincrm.core.text.text_file import place
from plaincrm.core.yaml.escape import EscapedText
from plaincrm.core.yaml.fences import MAX_CHARACTERS, MAX_DEPTH
from plaincrm.core.yaml.nodes import Kind, Node
from plaincrm.core.yaml.problems import defects
from plaincrm.errors import Problem

Parser: TypeAlias = Callable[[str], Iterator[Any]]
"""Text to PyYAML's events. Raises Unreadable."""

MAX_NODES = 1000

_CONTROL = pattern("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_CONFLICT = pattern(r"(?:(?<=[\n\r])|\A)(?:<{7}|\|{7}|={7}|>{7})(?=[ \n\r]|\Z)")
_TOP_LEVEL = pattern(r"(?:(?<=\n)|(?<=\r)(?!\n)|(?<=\ufeff)|\A)(?!-[ \n\r]|---)[^\s#\]}]")


class Unreadable(Exception):
    """The parser gave up: a message, a hint, and where, both from 0."""

    def __init__(self, message: str, hint: str, line: int, column: int) -> None:
        super().__init__(message)
        self.hint, self.line, self.column = hint, line, column


class Tree:
    """The nodes of one YAML text; `broken` is why the parser could not read all of it in one
    piece.
    """

    def __init__(self, root: Node, problems: list[Problem], broken: Problem | None = None) -> None:
        self.root, self.problems, self.broken = root, problems, broken


def conflicts(text: str, start: int, end: int, path: str) -> list[Problem]:
    """A problem for each conflict that a merge left in that part of the text."""
    if "<<<<<<<" not in text:
        return []
    hint = "choose a side and delete the lines <<<<<<<, ======= and >>>>>>>"
    return [
        Problem(
            path, *place(text, found.start()), "conflict-marker", "an unsolved merge conflict", hint
        )
        for found in _CONFLICT.finditer(text, start, end)
        if found.group().startswith("<")
    ]


def read(text: str, start: int, inner: int, end: int, path: str, parser: Parser) -> Tree:
    """The tree of `text[start:end]`; `inner` is where the first field may stand."""
    problems = conflicts(text, inner, end, path)
    if problems:
        text = _CONFLICT.sub(lambda found: "#" + found.group()[1:], text)
    if end - inner > MAX_CHARACTERS:
        end = _cut(text, inner)
        message = f"more than {MAX_CHARACTERS // 1024} Ki characters; the rest is not read"
        hint = "move long text below the front matter"
        problems.append(Problem(path, *place(text, end), "yaml-too-large", message, hint))
    builder = _Builder(text[:end], path, problems, parser)
    root = builder.build(start, end)
    broken = min(problems, default=None)
    if root is None:
        root = builder.build_fields(inner, end)
    control = _CONTROL.search(text, inner, end)
    if control:
        where = place(text, control.start())
        message = f"a control character (U+{ord(control.group()):04X})"
        problems.append(Problem(path, *where, "control-character", message, "delete it"))
    return Tree(root, [*problems, *defects(root, path)], broken)


def _cut(text: str, inner: int) -> int:
    """The end of the last whole line that is not too far."""
    limit = inner + MAX_CHARACTERS
    return max(text.rfind("\n", inner, limit), text.rfind("\r", inner, limit), inner - 1) + 1


class _TooMany(Exception):
    """More nodes than a record may have; the argument is the first too many."""


class _Builder:
    """Builds nodes from the parser's events, with their places in the whole text."""

    def __init__(self, text: str, path: str, problems: list[Problem], parser: Parser) -> None:
        self._disguise = EscapedText(text)
        self._path = path
        self._problems = problems
        self._kept = len(problems)
        self._parser = parser
        self._count = 0
        self._offset = 0
        self._line = 1

    def build(self, start: int, end: int) -> Node | None:
        """The root map of `text[start:end]`, empty if it holds none; None if the parser gives up on
        it.
        """
        self._offset = start
        self._line = place(self._disguise.text, start)[0]
        root = Node("map", start, end, self._line, 1, style="block")
        try:
            self._fill_root(root, self._parser(self._disguise.text[start:end]))
        except _TooMany as error:
            message = f"more than {MAX_NODES} values; the rest is not read"
            self._report(
                error.args[0], "yaml-too-many-nodes", message, "move long lists to the text below"
            )
        except Unreadable as error:
            # What is found at the end is shown on the last line, not on the one below.
            last = place(self._disguise.text, max(start, end - 1))[0]
            line = self._line + error.line
            where = Node(
                "scalar", start, end, min(line, last), error.column + 1 if line <= last else 1
            )
            self._report(where, "yaml-syntax", str(error), error.hint)
            return None
        return root

    def build_fields(self, start: int, end: int) -> Node:
        """A root of the fields that can be read each on its own; their problems replace that of the
        whole.
        """
        whole = self._problems.pop()
        del self._problems[self._kept :]
        self._count = 0
        root = Node("map", start, end, place(self._disguise.text, start)[0], 1, style="block")
        found = _TOP_LEVEL.finditer(self._disguise.text, start, end)
        for first, last in pairwise(sorted({start, *(match.start() for match in found), end})):
            part = self.build(first, last)
            root.pairs += part.pairs if part else []
        if len(self._problems) == self._kept:
            self._problems.append(whole)
        return root

    def _fill_root(self, root: Node, events: Iterator[Any]) -> None:
        for event in events:
            kind = type(event).__name__
            if kind == "MappingStartEvent":
                found = self._place(event, "map")
                root.start, root.line, root.column = found.start, found.line, found.column
                root.anchor = found.anchor
                root.style, root.tag = "flow" if event.flow_style else "block", event.tag or ""
                self._fill(root, events, 1)
            elif kind in ("SequenceStartEvent", "AliasEvent") or (
                kind == "ScalarEvent" and event.value
            ):
                node = self._node(event, events, 1)
                hint = "write each field as `key: value`"
                self._report(node, "yaml-not-a-mapping", "this is not a field", hint)
            elif kind == "DocumentEndEvent":
                break
        event = next(events, None)
        if event is not None and type(event).__name__ == "DocumentStartEvent":
            place_only = Node("scalar", 0, 0, self._line + event.start_mark.line, 1)
            message = "a second YAML document begins here and is not read"
            self._report(
                place_only, "yaml-several-documents", message, "a record has one front matter"
            )

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        self._count += 1
        if self._count > MAX_NODES:
            raise _TooMany(self._place(event, "scalar"))
        kind = type(event).__name__
        node = self._place(event, _KINDS[kind])
        if kind == "AliasEvent":
            node.text = "*" + node.anchor
            node.anchor = ""
            return node
        node.tag = event.tag or ""
        if kind == "ScalarEvent":
            node.text = self._disguise.reveal(event.value)
            node.style = event.style or ""
            return node
        node.style = "flow" if event.flow_style else "block"
        if depth > MAX_DEPTH:
            message = f"more than {MAX_DEPTH} levels; the rest is not read"
            self._report(node, "yaml-too-deep", message, "write fewer lists inside lists")
            _skip(events)
        else:
            self._fill(node, events, depth + 1)
        return node

    def _fill(self, node: Node, events: Iterator[Any], depth: int) -> None:
        for event in events:
            if type(event).__name__ in ("SequenceEndEvent", "MappingEndEvent"):
                node.end = self._offset + event.end_mark.index
                return
            child = self._node(event, events, depth)
            if node.kind == "list":
                node.items.append(child)
            else:
                node.pairs.append((child, self._node(next(events), events, depth)))

    def _place(self, event: Any, kind: Kind) -> Node:
        mark, end = event.start_mark, self._offset + event.end_mark.index
        line, anchor = self._line + mark.line, event.anchor or ""
        return Node(kind, self._offset + mark.index, end, line, mark.column + 1, anchor=anchor)

    def _report(self, node: Node, code: str, message: str, hint: str = "") -> None:
        self._problems.append(Problem(self._path, node.line, node.column, code, message, hint))


_KINDS: dict[str, Kind] = {
    "ScalarEvent": "scalar",
    "AliasEvent": "alias",
    "SequenceStartEvent": "list",
    "MappingStartEvent": "map",
}


def _skip(events: Iterator[Any]) -> None:
    """Pass over the rest of a list or map."""
    depth = 1
    for event in events:
        kind = type(event).__name__
        depth += kind in ("SequenceStartEvent", "MappingStartEvent")
        depth -= kind in ("SequenceEndEvent", "MappingEndEvent")
        if depth == 0:
            return
