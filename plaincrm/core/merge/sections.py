"""The body of a record in pieces: sections by their headings, and in each its log entries, tasks
and prose.

Pieces have an identity: an entry the whole of it, a task its words, a paragraph or list item its
text; equal ones are numbered. The text of a piece has all its line ends; blank lines behind it are
its gap, those at the end of a section the section's tail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from plaincrm.core.merge.weave import Id, Token
from plaincrm.core.timeline.document import TimelinePage

LOG, TASK, ITEM, PROSE = "log", "task", "item", "prose"


@dataclass(slots=True)
class Section:
    """`id` is (level, title, number); the part above the first heading is (0, "", 0)."""

    id: Id
    head: str = ""
    tokens: list[Token] = field(default_factory=list)
    tail: str = ""

    @property
    def text(self) -> str:
        return self.head + "".join(token.text + token.gap for token in self.tokens) + self.tail


def read(page: TimelinePage) -> list[Section]:
    """The sections of a file's body, each of whose lines has its end."""
    return _Reader(page).sections()


class _Reader:
    def __init__(self, page: TimelinePage) -> None:
        self.page = page
        self.lines = [page.text[a:b] for a, b in zip(page.starts, page.starts[1:], strict=False)]
        self.headings = {heading.index: heading for heading in page.outline.headings}
        self.entries = {page.index(entry.line): entry for entry in page.timeline.entries}
        self.tasks = {page.index(task.line): task for task in page.timeline.tasks}
        self.seen: Counter[Id] = Counter()

    def sections(self) -> list[Section]:
        found = [Section((0, "", 0))]
        titles: Counter[Id] = Counter()
        for kind, start, end in self._pieces():
            text = "".join(self.lines[start:end])
            section = found[-1]
            if kind == "heading":
                heading = self.headings[start]
                name = (heading.level, heading.title.casefold())
                found.append(Section((*name, titles[name]), text))
                titles[name] += 1
                self.seen.clear()  # equal pieces are numbered within their section, which may move
            elif kind != "blank":
                section.tokens.append(Token(self._id(kind, start, end), text))
            elif section.tokens:
                last = section.tokens[-1]
                section.tokens[-1] = Token(last.id, last.text, last.gap + text)
            else:
                section.tail += text
        for section in found:
            _settle(section)
        return found

    def _id(self, kind: str, start: int, end: int) -> Id:
        name: Id
        if kind == LOG:
            name = (LOG, *self.entries[start].key)
        elif kind == TASK:
            name = (TASK, self.tasks[start].text)
        else:
            name = (kind, "\n".join(line.rstrip() for line in self.lines[start:end]))
        self.seen[name] += 1
        return (*name, self.seen[name])

    def _pieces(self) -> Iterator[tuple[str, int, int]]:
        """(kind, first line, line after the last) of every piece, in order."""
        at, count = 0, len(self.lines)
        while at < count:
            kind = self._kind(at)
            end = self._end(kind, at)
            if kind in (PROSE, ITEM, "code"):
                while end < count and self._goes_on(kind, end):
                    end += 1
            yield (PROSE if kind == "code" else kind), at, end
            at = end

    def _end(self, kind: str, at: int) -> int:
        """The line after an entry or a task; after the first line of any other piece."""
        if kind == LOG:
            return self.page.index(self.entries[at].end_line) + 1
        return self.page.index(self.tasks[at].end_line) + 1 if kind == TASK else at + 1

    def _kind(self, at: int) -> str:
        if at in self.headings:
            return "heading"
        if at in self.entries:
            return LOG
        if at in self.page.outline.hidden:
            return "code"
        if at in self.tasks:
            return TASK
        if self.page.blank(at):
            return "blank"
        return (
            ITEM if self.page.outline.lines[at].lstrip(" \t")[:2] in ("- ", "* ", "+ ") else PROSE
        )

    def _goes_on(self, kind: str, at: int) -> bool:
        return self._kind(at) == ("code" if kind == "code" else PROSE)


def _settle(section: Section) -> None:
    """Blank lines that end a section are the section's, not the last piece's: more may be put in
    between.
    """
    if section.tokens:
        last = section.tokens[-1]
        section.tokens[-1] = Token(last.id, last.text)
        section.head, section.tail = section.head + section.tail, last.gap
