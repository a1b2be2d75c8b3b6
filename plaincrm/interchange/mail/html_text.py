"""The text of an HTML mail: paragraphs as lines, no markup, nothing that is not shown."""

from __future__ import annotations

import re
from html import unescape

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
_UNSEEN = frozenset({"head", "template", "title"})
LONGEST = 1 << 21
"""Characters that are looked at; what a mail has beyond them is left out."""
_LONGEST_QUOTE = 4000
"""Characters that an attribute's value may have; a quote that is not closed by then is none."""
_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9:-]*)")
_MARK = re.compile("[<>\"']")
_RAW = ("script", "style")


def to_text(html: str) -> str:
    """The words of `html`, one paragraph a line; quoted mail has `> ` before each line of it. Takes
    time in proportion to its length, whatever it holds."""
    reader = _Reader(html[:LONGEST])
    reader.read()
    lines = [
        " ".join(line.split()) for line in "".join(reader.parts).replace("\xa0", " ").split("\n")
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader:
    """One walk through the markup, never back: the standard library's parser looks for the end of a
    tag anew at each `<`."""

    def __init__(self, html: str) -> None:
        self.html, self.folded = html, html.lower()
        self.parts: list[str] = []
        self.unseen = 0
        self.quotes = 0

    def read(self) -> None:
        at = 0
        while (start := self.html.find("<", at)) >= 0:
            self._words(self.html[at:start])
            at = self._markup(start)
        self._words(self.html[at:])

    def _markup(self, start: int) -> int:
        """What begins with a `<`: a comment, a tag, or a word; where reading goes on."""
        if self.html.startswith("<!--", start):
            end = self.html.find("-->", start + 4)
            return len(self.html) if end < 0 else end + 3
        name = _NAME.match(self.html, start + 1)
        if not name and self.html[start + 1 : start + 2] not in ("!", "?"):
            self._words("<")
            return start + 1
        end = self._end(start + 1)
        if end < 0:
            return start + 1 if not name else name.end()
        return self._tag(name[0], end) if name else end + 1

    def _end(self, at: int) -> int:
        """Where the tag ends; -1 for one that another `<`, or the text's end, breaks off."""
        while mark := _MARK.search(self.html, at):
            if mark[0] == ">":
                return mark.start()
            if mark[0] == "<":
                return -1
            limit = mark.end() + _LONGEST_QUOTE
            close = self.html.find(mark[0], mark.end(), limit)
            at = close + 1 if close >= 0 else mark.end()
        return -1

    def _tag(self, name: str, end: int) -> int:
        """Opens or closes; of a script or a style all is passed over."""
        tag = name.lower()
        if tag.startswith("/"):
            self._close(tag[1:])
            return end + 1
        if tag in _RAW:
            close = self.folded.find(f"</{tag}", end)
            return len(self.html) if close < 0 else close
        self._open(tag)
        return end + 1

    def _open(self, tag: str) -> None:
        if tag == "body":
            self.unseen = 0
        if tag in _UNSEEN:
            self.unseen += 1
        if tag == "blockquote":
            self.quotes += 1
        if tag in _BLOCKS:
            self._line()

    def _close(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        if tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        if tag in _BLOCKS and tag != "br":
            self._line()

    def _words(self, text: str) -> None:
        if text and not self.unseen:
            self.parts.append(re.sub(r"\s+", " ", unescape(text)))

    def _line(self) -> None:
        self.parts.append("\n" + "> " * min(self.quotes, 3))
