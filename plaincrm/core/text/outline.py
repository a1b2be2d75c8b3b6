"""What of a Markdown body is prose and what is code: lines, headings, and the lines hidden from us.

Hidden are fenced code (``` and ~~~, by CommonMark's rules of length, info string and container),
indented code, HTML comments, and <pre>, <script>, <style>, <textarea>. Headings count when they are
written `## so` and begin in column one. No Markdown parser runs: one pass over the lines, and none
over a body without code.
"""

from __future__ import annotations

import re

from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value

_SUSPECT = pattern(
    r"```|~~~|<(?:!--|pre|script|style|textarea)|^(?: {4}| {0,3}\t)", re.MULTILINE | re.IGNORECASE
)
_SIGNS = (
    "`",
    "~",
    "<",
    "    ",
    "\t",
)  # one of which stands in all that is suspect; to look for them takes no time
_HEADING = pattern(r"(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t\r]*")
_MARKER = pattern(r"([-*+]|[0-9]{1,9}[.)])(?:([ \t]+)|$)")
_RULE = pattern(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_FENCE = pattern(r"(`{3,})[^`]*|(~{3,}).*")
_HTML = pattern(r"<(?:(!--)|(?:pre|script|style|textarea)(?=[\s>]|$))", re.IGNORECASE)
_HTML_END = pattern(r"</(?:pre|script|style|textarea)>", re.IGNORECASE)
_COMMENT_END = pattern("-->")
_STARTER = pattern(
    r"(?:[-*+]|[0-9]{1,9}[.)]|#{1,6})(?:["
    rf" \t]|$)|>|`{{3,}}[^`]*$|~~~|<[!?/a-zA-Z]|{_RULE.pattern}$"
)
_BLANKS = " \t\r"


@value
class Heading:
    """`index` is the line's place in `Outline.lines`, from 0."""

    index: int
    level: int
    title: str


@value
class Outline:
    """`lines` keep no line end; `hidden` are the indexes of those that are code or comment."""

    lines: list[str]
    hidden: frozenset[int]
    headings: tuple[Heading, ...]

    def sections(self, title: str) -> list[tuple[int, int]]:
        """`(heading's index, index after the last line)` of each `## TITLE`, whatever the case."""
        found = []
        for place, heading in enumerate(self.headings):
            if heading.level == 2 and heading.title.casefold() == title.casefold():
                later = (h.index for h in self.headings[place + 1 :] if h.level <= 2)
                found.append((heading.index, next(later, len(self.lines))))
        return found


def read(body: str) -> Outline:
    """The outline of a body whose lines end with LF."""
    lines = body.split("\n")
    if lines[-1] == "":
        lines.pop()
    suspect = any(sign in body for sign in _SIGNS) and _SUSPECT.search(body)
    hidden = _Scanner().scan(lines) if suspect else frozenset()
    headings = tuple(
        Heading(index, len(match[1]), match[2] or "")
        for index, line in enumerate(lines)
        if line.startswith("#") and index not in hidden and (match := _HEADING.fullmatch(line))
    )
    return Outline(lines, hidden, headings)


@value
class _Block:
    """An open stretch of code that ends at a line matching `end`, or with the list item it lies
    in.
    """

    end: re.Pattern[str]
    offset: int
    fence: bool


class _Scanner:
    """Follows list items (the column where each one's content begins) and the code block that is
    open.
    """

    def __init__(self) -> None:
        self.items: list[int] = []
        self.block: _Block | None = None
        self.paragraph = False

    def scan(self, lines: list[str]) -> frozenset[int]:
        return frozenset(index for index, line in enumerate(lines) if self._hides(line))

    def _hides(self, line: str) -> bool:
        text = line.strip(_BLANKS)
        if not text:
            self.paragraph = False
            return self.block is not None
        indent = _column(line)
        if self.block is not None:
            if indent >= self.block.offset:
                self._close(text, indent)
                return True
            self.block = None
        if self.paragraph and not _STARTER.match(text):
            return False  # goes on with the paragraph, however it is indented
        while self.items and indent < self.items[-1]:
            self.items.pop()
        if indent - self._offset() >= 4:
            return not self.paragraph
        return self._open(text, indent)

    def _offset(self) -> int:
        return self.items[-1] if self.items else 0

    def _close(self, text: str, indent: int) -> None:
        assert self.block is not None
        if self.block.fence:
            ended = bool(self.block.end.fullmatch(text)) and indent - self.block.offset < 4
        else:
            ended = bool(self.block.end.search(text))
        if ended:
            self.block = None

    def _open(self, text: str, indent: int) -> bool:
        """Enters the list items that the line begins, then the code that it opens; says whether it
        did.
        """
        text = self._enter_items(text, indent)
        fence = _FENCE.fullmatch(text)
        html = _HTML.match(text)
        self.paragraph = bool(text) and not (
            fence or html or _RULE.fullmatch(text) or text[0] == "#"
        )
        if fence:
            run = fence[1] or fence[2]
            self.block = _Block(
                re.compile(re.escape(run[0]) + f"{{{len(run)},}}"), self._offset(), True
            )
        elif html:
            end = _COMMENT_END if html[1] else _HTML_END
            if not end.search(text, html.end()):
                self.block = _Block(end, self._offset(), False)
        return bool(fence or html)

    def _enter_items(self, text: str, indent: int) -> str:
        while (marker := _MARKER.match(text)) and not _RULE.fullmatch(text):
            gap = len((marker[2] or " ").expandtabs(4))
            indent += len(marker[1]) + (gap if gap < 5 else 1)
            self.items.append(indent)
            text = text[marker.end() :]
            if gap >= 5:
                break
        return text


def _column(line: str) -> int:
    bare = line.lstrip(" \t")
    return len(line[: len(line) - len(bare)].expandtabs(4))
