"""What a writing action returns: a change that is prepared and not yet written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plaincrm.book.index import cache
from plaincrm.core.records import erasure
from plaincrm.core.records.record import Record

if TYPE_CHECKING:
    from plaincrm.book.file_change import Versions
    from plaincrm.book.transaction import WrittenChange
    from plaincrm.crm.change import Change

SUBJECT = 100  # characters of a commit message's first line
TOLD = 1000  # characters of what is told: all of a morning's lines, and still no screenful


@dataclass
class Staged:
    """A staged change. `summary` says it in one line, `records` are those it is about, as they
    will be, and `echo` says what was understood of date words and references. `after` is told once
    it is written.
    """

    change: Change
    summary: str
    records: list[Record] = field(default_factory=list)
    echo: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)

    @property
    def files(self) -> tuple[Versions, ...]:
        """The files that will be written, sorted by path."""
        return self.change.files

    @property
    def count(self) -> int:
        """How many of `records` change; without any, how many files."""
        touched = {file.path for file in self.files}
        if not self.records:
            return len(touched)
        return len(touched & {record.path for record in self.records})

    @property
    def ruled(self) -> list[str]:
        """What the rules of the book did beside it, in lines for people."""
        return self.change.rules.told if self.change.rules is not None else []

    def diff(self) -> str:
        """A unified diff of all that will be written."""
        return self.change.diff()

    def commit(self, *, no_commit: bool = False) -> WrittenChange:
        """Write it and commit it; see `Change.commit`. The mails that rules draft follow."""
        erases = any(file.path == erasure.PATH for file in self.files)
        written = self.change.commit(no_commit=no_commit)
        if erases:  # the cache has what they were until it is made anew
            cache.clear(self.change.book.private)
        rules = self.change.rules
        if rules is not None and any(each.drafts for each in rules.fired):
            from plaincrm.crm.mailing.rule_drafts import write_drafts

            self.after += write_drafts(self.change.book, rules.fired)
        return written


def staged(
    change: Change, summary: str, records: Iterable[Record] = (), echo: Iterable[str] = ()
) -> Staged:
    """The change named after its summary; lines of `echo` stand once. What is told is not cut as
    short as the commit's first line.
    """
    change.retitle(subject(summary))
    return Staged(change, _line(summary, TOLD), list(records), list(dict.fromkeys(echo)))


def subject(text: str) -> str:
    """The text as the first line of a commit message: one line, not too long."""
    return _line(text, SUBJECT)


def _line(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
