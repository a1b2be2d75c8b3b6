"""A record file opened for an edit of its timeline, and the proof that the edit did what it
should.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plaincrm.core.text import outline
from plaincrm.core.text.outline import Outline
from plaincrm.core.text.text_file import LINE_END
from plaincrm.core.timeline import parse as timeline
from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.parse import Timeline
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.yaml import front_matter
from plaincrm.core.yaml.front_matter import Document
from plaincrm.errors import Refused


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """`starts` holds the offset in `text` of each line of the body, and at last that of the text's
    end.
    """

    text: str
    document: Document
    outline: Outline
    timeline: Timeline
    starts: list[int]

    @property
    def eol(self) -> str:
        """The file's first line end."""
        match = LINE_END.search(self.text)
        return match[0] if match else "\n"

    def index(self, line: int) -> int:
        """The place in `outline.lines` of a line of the file."""
        return line - self.document.body_line

    def blank(self, index: int) -> bool:
        """Whether a line of the body is blank; what lies before or after the body counts as blank
        too.
        """
        lines = self.outline.lines
        return not 0 <= index < len(lines) or not lines[index].strip(" \t")

    def insert(self, index: int, lines: Iterable[str]) -> str:
        """The text with `lines` before line `index` of the body; a missing last line end stays
        missing.
        """
        at, block = self.starts[index], self.eol.join(lines)
        before = self.text[:at]
        unfinished = bool(before) and before[-1] not in "\r\n\ufeff"
        return before + (self.eol + block if unfinished else block + self.eol) + self.text[at:]

    def put(self, start: int, end: int, lines: Sequence[str]) -> str:
        """The text with the lines of the body from `start` to before `end` replaced. Lines that
        stay keep their own end.
        """
        old = self.outline.lines[start:end]
        while lines and old and lines[-1] == old[-1]:
            lines, old = lines[:-1], old[:-1]
        first = self.starts[start]
        last = start + len(old) - 1
        after = self.starts[last] + len(old[-1]) if old else first
        return self.text[:first] + self.eol.join(lines) + self.text[after:]

    def verify(self, text: str, entries: Iterable[Entry], tasks: Iterable[Task]) -> str:
        """`text`, if it reads as this page with these entries and tasks; raises Refused
        otherwise.
        """
        page = read(text, front_matter.parse_body(text, self.document, self.text))
        if (
            page.document.fields == self.document.fields
            and [entry.key for entry in page.timeline.entries] == [entry.key for entry in entries]
            and [task.placeless for task in page.timeline.tasks]
            == [task.placeless for task in tasks]
            and not _problems(page) - _problems(self)
        ):
            return text
        raise Refused(
            "the file can't be edited surely: the change would not read back as it was meant",
            "look for an open code fence or comment in the file, or edit it by hand",
        )


def read(text: str, document: Document | None = None) -> TimelinePage:
    """Opens the text of a whole file, front matter and all, which may have been read before as
    `document`.

    Entries of any type are read as such.
    """
    document = document or front_matter.parse(text)
    start = len(text) - len(document.body)
    starts = [start, *(match.end() for match in LINE_END.finditer(text, start))]
    body = document.body.replace("\r\n", "\n").replace("\r", "\n")
    plain = outline.read(body)
    if len(starts) == len(plain.lines):
        starts.append(len(text))
    worth = timeline.worth_reading(body)
    found = timeline.of_outline(plain, document.body_line, types=None) if worth else timeline.EMPTY
    return TimelinePage(text, document, plain, found, starts)


def _problems(page: TimelinePage) -> Counter[tuple[str, str]]:
    found = (*page.document.problems, *page.timeline.problems)
    return Counter((problem.code, problem.message) for problem in found)
