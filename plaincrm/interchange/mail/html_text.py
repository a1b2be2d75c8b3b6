"""The text of an HTML mail: paragraphs as lines, no markup, nothing that is not shown."""

from __future__ import annotations

import re
from contextlib import suppress
from html.parser import HTMLParser

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_UNSEEN = frozenset({"script", "style", "head", "template", "title"})
LONGEST = 1 << 21
"""Characters that are looked at; what a mail has beyond them is left out."""


def to_text(html: str) -> str:
    """The words of `html`, one paragraph a line; quoted mail has `> ` before each line of it."""
    reader = _Reader()
    with suppress(
        AssertionError, ValueError
    ):  # the parser's own, on markup that no program should write
        reader.feed(html[:LONGEST])
        reader.close()
    lines = [
        " ".join(line.split()) for line in "".join(reader.parts).replace("\xa0", " ").split("\n")
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0
        self.quotes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        if tag == "blockquote":
            self.quotes += 1
        if tag in _BLOCKS:
            self._line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        if tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        if tag in _BLOCKS and tag != "br":
            self._line()

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(re.sub(r"\s+", " ", data))

    def _line(self) -> None:
        self.parts.append("\n" + "> " * min(self.quotes, 3))
