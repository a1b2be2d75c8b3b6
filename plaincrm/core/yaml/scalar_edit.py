"""Edits of one value: a scalar in the style it has, or a whole value where its kind changes."""

from __future__ import annotations

import re

from plaincrm.core.text.pattern import pattern
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml import write
from plaincrm.core.yaml.document import FrontMatterPage, ValuePlace
from plaincrm.core.yaml.extents import (
    BLOCK_HEADER,
    content_end,
    join,
    kept_lines,
    last,
    line_end,
    line_start,
    lines_end,
)

_NOT_IN_BLOCK = pattern(
    r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_BLANKS = pattern(r"(?m)^[ ]+$|\A[ \n]|\n\n\Z|\A\Z")


def set_scalar(page: FrontMatterPage, spot: ValuePlace, value: str) -> str:
    """The text with another scalar in the place of one; quotes, block style and comments stay if
    they can.
    """
    text, node = page.text, spot.value
    if node.style in ("|", ">"):
        return _set_block(page, spot, value)
    new = write.scalar(value, flow=spot.in_flow, style=node.style)
    if node.start == node.end:
        return f"{text[: spot.after]} {new}{text[spot.after :]}"
    return text[: node.start] + new + text[node.end :]


def rewrite(page: FrontMatterPage, spot: ValuePlace, value: Raw) -> str:
    """The text with any value in the place of any other; comment lines and the comment behind it
    stay.
    """
    text, node = page.text, spot.value
    if spot.in_flow:
        lead = " " if node.start == node.end else ""
        start = spot.after if node.start == node.end else node.start
        return text[:start] + lead + write.flow(value) + text[node.end :]
    first_line = line_end(text, spot.after)
    end = max(lines_end(text, node), first_line)
    kept = join(text, kept_lines(text, first_line, node)) if end > first_line else ""
    column = spot.start - line_start(text, spot.start)
    if spot.parent.kind == "list":
        emitted = write.items([value], column, page.eol)[0][column + 1 :]
    else:
        emitted = write.value(value, column, page.eol)
    new, _, block = emitted.partition(page.eol)
    ending = text[content_end(text, spot.after) : first_line]
    block += page.eol if block else ""
    return text[: spot.after] + new + _tail(text, spot) + ending + block + kept + text[end:]


def _tail(text: str, spot: ValuePlace) -> str:
    """The comment, or the blanks, behind the value or behind its key."""
    node = spot.value
    first_end = content_end(text, spot.after)
    if node.start == node.end or node.start > first_end:
        return text[spot.after : first_end]
    if node.style in ("|", ">"):
        header = BLOCK_HEADER.match(text, node.start)
        return text[header.end() : first_end] if header else ""
    behind = last(text, node)
    return text[behind : content_end(text, behind)]


def _set_block(page: FrontMatterPage, spot: ValuePlace, value: str) -> str:
    text, node = page.text, spot.value
    body = value.removesuffix("\n")
    folded_lines = node.style == ">" and "\n" in body
    if folded_lines or _NOT_IN_BLOCK.search(value) or _BLANKS.search(value):
        return rewrite(page, spot, value)
    header_end = content_end(text, node.start)
    header = BLOCK_HEADER.match(text, node.start)
    comment = text[header.end() : header_end] if header else ""
    column = spot.start - line_start(text, spot.start)
    indent = _indent_of_block(text, node.start) or " " * (column + 2)
    chomp = "" if value.endswith("\n") else "-"
    lines = "".join((indent + line if line else "") + page.eol for line in body.split("\n"))
    start = (
        text[: node.start]
        + node.style
        + chomp
        + comment
        + text[header_end : line_end(text, header_end)]
    )
    return start + lines + text[lines_end(text, node) :]


def _indent_of_block(text: str, start: int) -> str:
    """The blanks before the first line of content."""
    found = re.compile(r"[^\n\r]*(?:\r\n|\n|\r)(?:[ \t]*(?:\r\n|\n|\r))*([ ]+)[^\s]").match(
        text, start
    )
    return found.group(1) if found else ""
