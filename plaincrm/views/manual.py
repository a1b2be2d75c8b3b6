"""A page of the manual for a terminal: its Markdown laid out for the width.

It knows what the pages in `docs/` are written in: headings, paragraphs, lists, tables, code. On a
terminal that is too narrow for a table each row is a paragraph of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from plaincrm.views.layout import WIDTH, Layout
from plaincrm.views.safe import line as safe_line
from plaincrm.views.safe import safe
from plaincrm.views.table import columns, padded, table, wrapped

WIDEST = 100  # columns of a page on a wide terminal; longer lines are hard to read
_LABEL = 26  # columns that the first cell of a two-column table may take beside the second
_LIST = re.compile(r"( *)([-*]|\d+\.) +")
_CELL = re.compile(r"(?<!\\)\|")
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]*)\)")
_PAGE = re.compile(r"([a-z-]+)\.md(?:#.*)?")


def rendered(text: str, layout: Layout) -> str:
    """The page, with its last line end."""
    room = min(layout.width or WIDTH, WIDEST)
    blocks = ["\n".join(block) for block in _blocks(text.splitlines(), room, layout)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _blocks(lines: Sequence[str], room: int, layout: Layout) -> Iterator[list[str]]:
    for kind, found in _grouped(lines):
        match kind:
            case "code":
                yield [layout.paint(safe(each), "quiet") if each else "" for each in found]
            case "heading":
                yield [layout.paint(_plain(found[0].lstrip("# ")), "head")]
            case "table":
                yield _table([_cells(each) for each in found], room, layout)
            case "list":
                yield [piece for item in _items(found) for piece in _item(item, room)]
            case "text":
                yield wrapped(_plain(" ".join(found)), room)


def _grouped(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The blocks of a page, each with its kind."""
    fenced, kinds, before = False, [], ""
    for each in lines:
        fence = each.lstrip().startswith("```")
        fenced ^= fence
        before = "code" if fenced else _kind(each, before)
        kinds.append("fence" if fence else before)
    number = 0
    for kind, group in groupby(kinds):
        size = len(list(group))
        found = list(lines[number : number + size])
        number += size
        if kind == "heading":
            yield from ((kind, [each]) for each in found)
        elif kind:
            yield kind, found


def _kind(text: str, before: str) -> str:
    """The kind of a line outside of a fence; empty for a blank one."""
    if not text.strip():
        return ""
    if text.startswith("#"):
        return "heading"
    if text.startswith("|"):
        return "table"
    if _LIST.match(text) or (before == "list" and text.startswith(" ")):
        return "list"
    return "code" if text.startswith("    ") else "text"


def _items(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The mark of each item with its indent, and the text."""
    head, texts = "", list[str]()
    for each in lines:
        mark = _LIST.match(each)
        if mark and texts:
            yield head, " ".join(texts)
            texts = []
        if mark:
            head = mark[0]
        texts.append(each[len(mark[0]) :] if mark else each.strip())
    yield head, " ".join(texts)


def _item(item: tuple[str, str], room: int) -> Iterator[str]:
    head, text = item
    blank = " " * len(head)
    for number, piece in enumerate(wrapped(_plain(text), room - len(head))):
        yield (blank if number else head) + piece


def _cells(text: str) -> list[str]:
    cells = _CELL.split(text.strip())[1:-1]
    return [_plain(cell.strip().replace("\\|", "|")) for cell in cells]


def _table(rows: Sequence[list[str]], room: int, layout: Layout) -> list[str]:
    header, body = rows[0], [row for row in rows[1:] if set("".join(row)) > {"-"} or any(row)]
    body = [row for row in body if set("".join(row)) - set("-: ")]
    if max(map(columns, header), default=0) and _natural([header, *body]) <= room:
        return table(header, body, paint=layout.paint).split("\n")
    label = min(max(columns(row[0]) for row in body), _LABEL) if body else 0
    return [piece for row in body for piece in _row(row, header, label, room)]


def _natural(rows: Sequence[Sequence[str]]) -> int:
    widths = [max(map(columns, cells)) for cells in zip(*rows, strict=True)]
    return sum(widths) + 2 * (len(widths) - 1)


def _row(row: Sequence[str], header: Sequence[str], label: int, room: int) -> Iterator[str]:
    """The first cell, and the others beside it or beneath it."""
    first, *rest = row
    named = [
        f"{name}: {cell}" if len(rest) > 1 and name else cell
        for name, cell in zip(header[1:], rest, strict=False)
        if cell
    ]
    lines = [piece for text in named for piece in wrapped(text, room - label - 2)]
    if columns(first) > label or not lines:
        yield from wrapped(first, room)
    else:
        yield f"{padded(first, label)}  {lines.pop(0)}"
    yield from (" " * (label + 2) + each for each in lines)


def _plain(text: str) -> str:
    """The text without the marks of emphasis and links; code keeps its marks."""
    return safe_line(_LINK.sub(_target, text).replace("**", ""))


def _target(link: re.Match[str]) -> str:
    page = _PAGE.fullmatch(link[2])
    return f"{link[1]} (plaincrm help {page[1]})" if page and page[1] not in link[1] else link[1]
