"""Which lines of a text belong to a node, and which among them are comments and blank lines."""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.core.text.pattern import pattern
from plaincrm.core.text.text_file import LINE_END
from plaincrm.core.yaml.nodes import Node

BLOCK_HEADER = pattern(r"[|>][0-9+-]*")
_BLANK_ENDING = pattern(r"\n[ \t]+\n*\Z")


def line_start(text: str, offset: int) -> int:
    """Where the line of `offset` begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """Where the line after that of `offset` begins."""
    found = LINE_END.search(text, offset)
    return found.end() if found else len(text)


def content_end(text: str, offset: int) -> int:
    """Where the line of `offset` ends, before its line end."""
    found = LINE_END.search(text, offset)
    return found.start() if found else len(text)


def last(text: str, node: Node) -> int:
    """The offset behind the last character of a node, without the comments and blank lines a parser
    adds.
    """
    if node.kind == "scalar" and node.style in ("|", ">"):
        return node.start + len(text[node.start : node.end].rstrip(" \t\r\n"))
    if node.style == "block":
        if node.items:
            return max(node.start + 1, last(text, node.items[-1]))
        if node.pairs:
            key, value = node.pairs[-1]
            return max(key.end, last(text, value))
    return node.end


def lines_end(text: str, node: Node) -> int:
    """Where the lines of a node end."""
    keeper = node
    while keeper.style == "block" and (keeper.items or keeper.pairs):
        keeper = keeper.items[-1] if keeper.items else keeper.pairs[-1][1]
    if keeper.style in ("|", ">") and _owns_blanks(text, keeper):
        return keeper.end if text[keeper.end - 1] in "\r\n" else line_end(text, keeper.end)
    return line_end(text, last(text, node))


def kept_lines(text: str, start: int, node: Node) -> list[tuple[int, int]]:
    """The comment lines and blank lines between `start`, where a line begins, and the end of the
    node.
    """
    end = lines_end(text, node)
    solid = list(_texts_over_lines(text, node))
    kept = []
    at = start
    while at < end:
        after = line_end(text, at)
        words = text[at:after].strip()
        in_text = any(first < after and at < stop for first, stop in solid)
        if not in_text and (not words or words.startswith("#")):
            kept.append((at, after))
        at = after
    return kept


def join(text: str, spans: list[tuple[int, int]]) -> str:
    """Those parts of the text, joined."""
    return "".join(text[start:end] for start, end in spans)


def _owns_blanks(text: str, node: Node) -> bool:
    """Whether the blank lines below a block text are part of it."""
    header = BLOCK_HEADER.match(text, node.start)
    return (header is not None and "+" in header.group()) or _BLANK_ENDING.search(
        node.text
    ) is not None


def _texts_over_lines(text: str, node: Node) -> Iterator[tuple[int, int]]:
    for each in node.walk():
        if each.kind == "scalar" and LINE_END.search(text, each.start, each.end):
            yield each.start, lines_end(text, each)
