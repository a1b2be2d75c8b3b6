"""Edits of a list or map with one entry a line: lines in, lines out, the rest as it is."""

from __future__ import annotations

from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml import write
from plaincrm.core.yaml.document import FrontMatterPage, refusal
from plaincrm.core.yaml.extents import join, kept_lines, line_start, lines_end
from plaincrm.core.yaml.nodes import Node


def insert(page: FrontMatterPage, node: Node, number: int, name: str | None, value: Raw) -> str:
    """The text with a new entry before that number; `name` for a map."""
    at, lines = insertion(page, node, number, name, value)
    return page.text[:at] + lines + page.text[at:]


def insertion(
    page: FrontMatterPage, node: Node, number: int, name: str | None, value: Raw
) -> tuple[int, str]:
    """Where a new entry before that number goes, and its lines."""
    entries = _entries(page, node)
    column = node.column - 1 if entries else 0
    lines = (
        write.items([value], column, page.eol)
        if name is None
        else write.pairs({name: value}, column, page.eol)
    )
    if not entries:
        at = page.fences.end
    elif number > 0:
        at = entries[number - 1][1]
    else:
        at = _above_comments(page.text, _own_line(page.text, entries[0][0], node.line))
    return at, lines[0] + page.eol


def delete(page: FrontMatterPage, node: Node, number: int) -> str:
    """The text without the lines of that entry; comment lines and blank lines among them stay."""
    start, end = _entries(page, node)[number]
    start = _own_line(page.text, start, node.line)
    value = node.items[number] if node.kind == "list" else node.pairs[number][1]
    return (
        page.text[:start] + join(page.text, kept_lines(page.text, start, value)) + page.text[end:]
    )


def _entries(page: FrontMatterPage, node: Node) -> list[tuple[int, int]]:
    """Where each entry begins, and where its lines end."""
    if node.kind == "map":
        return [(key.start, page.lines_end(key, value)) for key, value in node.pairs]
    spots = [page.entry(node, number) for number in range(len(node.items))]
    return [(spot.start, lines_end(page.text, spot.value)) for spot in spots]


def _own_line(text: str, offset: int, line: int) -> int:
    start = line_start(text, offset)
    if text[start:offset].strip(" "):
        raise refusal("the first entry shares its line", line)
    return start


def _above_comments(text: str, at: int) -> int:
    """A comment right above an entry stays with it."""
    while text[line_start(text, at - 1) : at].lstrip(" \t").startswith("#"):
        at = line_start(text, at - 1)
    return at
