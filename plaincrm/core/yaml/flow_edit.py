"""Edits of a list or map between brackets: one entry in, one entry out, the rest as it is."""

from __future__ import annotations

from plaincrm.core.text.pattern import pattern
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml import write
from plaincrm.core.yaml.document import FrontMatterPage
from plaincrm.core.yaml.extents import line_end, line_start
from plaincrm.core.yaml.nodes import Node

_COMMA = pattern(r"(?:\s|(?<=\s)#[^\n\r]*)*,")
_ONLY_COMMA = pattern(r"[ \t]*,[ \t]*")
_REST_OF_LINE = pattern(r"[ \t]*(,?)[ \t]*(?:#[^\n\r]*)?(?=[\n\r])")


def insert(page: FrontMatterPage, node: Node, number: int, name: str | None, value: Raw) -> str:
    """The text with a new entry before that number; `name` for a map."""
    new = write.flow(value) if name is None else write.flow_pair(name, value)
    text, entries = page.text, _entries(node)
    if not entries:
        return text[: node.start + 1] + new + text[node.start + 1 :]
    if number < len(entries):
        start = entries[number][0]
        separator = f",{page.eol}{_indent(text, start)}" if _alone(text, entries[number]) else ", "
        return text[:start] + new + separator + text[start:]
    start, end = entries[-1]
    if not _alone(text, entries[-1]):
        return f"{text[:end]}, {new}{text[end:]}"
    comma = "," if _COMMA.match(text, end) else ""
    after = line_end(text, end)
    line = _indent(text, start) + new + comma + page.eol
    return text[:end] + ("" if comma else ",") + text[end:after] + line + text[after:]


def delete(page: FrontMatterPage, node: Node, number: int) -> str:
    """The text without that entry; a line of its own goes with it."""
    text, entries = page.text, _entries(node)
    start, end = entries[number]
    if _alone(text, entries[number]):
        return text[: line_start(text, start)] + text[line_end(text, end) :]
    following = _ONLY_COMMA.match(text, end)
    if number + 1 < len(entries) and following:
        return text[:start] + text[following.end() :]
    if number > 0 and _ONLY_COMMA.fullmatch(text, entries[number - 1][1], start):
        return text[: entries[number - 1][1]] + text[end:]
    return text[:start] + text[following.end() if following else end :]


def _entries(node: Node) -> list[tuple[int, int]]:
    if node.kind == "list":
        return [(item.start, item.end) for item in node.items]
    return [(key.start, max(key.end, value.end)) for key, value in node.pairs]


def _indent(text: str, offset: int) -> str:
    return text[line_start(text, offset) : offset]


def _alone(text: str, entry: tuple[int, int]) -> bool:
    """Whether nothing but a comma and a comment shares the lines of the entry."""
    return not _indent(text, entry[0]).strip() and _REST_OF_LINE.match(text, entry[1]) is not None
