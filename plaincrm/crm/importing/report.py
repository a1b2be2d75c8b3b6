"""What an import did, row by row."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from plaincrm.book.config import SETTINGS
from plaincrm.book.draft_marks import DraftMarks
from plaincrm.book.lock import writing
from plaincrm.book.spool import Spool
from plaincrm.core.records.file_names import SUPPRESSED
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.schema.settings import Pipeline
from plaincrm.crm.change import Change
from plaincrm.crm.importing.source import SourceFile, UnplacedText
from plaincrm.crm.mailing import mark_sent
from plaincrm.crm.mailing.sending_lines import note_sent
from plaincrm.crm.staged import Staged, subject
from plaincrm.interchange.csv.draft import Reject
from plaincrm.interchange.mail.mailboxes import Mailbox

Action = Literal["created", "updated", "unchanged", "skipped", "rejected"]
ACTIONS: tuple[Action, ...] = ("created", "updated", "unchanged", "skipped", "rejected")


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row of a file; `reason` where it did not go in. What `waits` can go in
    later, as it is: when its people are in the book."""

    file: str
    line: int
    action: Action
    kind: str = ""
    id: str = ""
    reason: str = ""
    waits: bool = False
    matched: str = ""  # by what the record was known: email, phone, name, or an id's field


class ResultRows:
    """What became of each row, in the order in which they ended; it lies on a spool. `ended` counts
    the rows by their end."""

    def __init__(self, folder: Path) -> None:
        self._spool = Spool(folder)
        self.ended: Counter[Action] = Counter()

    def __len__(self) -> int:
        return len(self._spool)

    def __getitem__(self, number: int) -> RowResult:
        return RowResult(*pickle.loads(self._spool[number]))

    def __iter__(self) -> Iterator[RowResult]:
        return (self[number] for number in range(len(self)))

    def append(self, row: RowResult) -> None:
        self.ended[row.action] += 1
        end = (row.file, row.line, row.action, row.kind, row.id)
        more = (row.reason, row.waits, row.matched)
        self._spool.keep(pickle.dumps((*end, *more), pickle.HIGHEST_PROTOCOL))

    def extend(self, rows: Iterable[RowResult]) -> None:
        for row in rows:
            self.append(row)


@dataclass
class Import:
    """A staged import. `beside` counts the records made because rows name them, `pipelines` are new
    ones.

    `strangers`: senders who are not in the book, and how many mails they wrote. `unplaced` is what
    was read and is nowhere in the book. `suppressed`: strangers who want no more mail. `source`
    is that of the batch, as the user named it.
    """

    change: Change
    rows: ResultRows = field(init=False)
    rejects: dict[int, list[Reject]] = field(default_factory=dict)  # by the number of the sheet
    warnings: list[str] = field(default_factory=list)
    pipelines: tuple[Pipeline, ...] = ()
    beside: int = 0
    unplaced: list[UnplacedText] = field(default_factory=list)
    settled: list[mark_sent.OutboxDraft] = field(default_factory=list)  # of the outbox, sent since
    marked: list[str] = field(default_factory=list)  # ids of mails sent by another program
    sheets: list[SourceFile] = field(default_factory=list)  # the files, as they were read
    strangers: Counter[Mailbox] = field(default_factory=Counter)
    suppressed: list[Mailbox] = field(default_factory=list)
    source: str = ""

    def __post_init__(self) -> None:
        self.rows = ResultRows(self.change.book.private)

    @property
    def staged(self) -> Staged:
        """The change as other actions return it."""
        return Staged(self.change, "")

    def finish(self) -> None:
        """Move what left the outbox to `outbox/sent/`; call it once the change is written."""
        if self.settled:
            mark_sent.StagedSending(self.change, self.settled).finish()
            note_sent(self.change.book, {one.mail.message_id for one in self.settled})
        if self.marked:
            book = self.change.book
            with writing(book.private):
                DraftMarks(book.root).drop(self.marked)

    @property
    def empty(self) -> list[str]:
        """The files that hold nothing that can be imported."""
        return [sheet.path for sheet in self.sheets if not sheet.rows]

    @property
    def matched(self) -> list[RowResult]:
        """The rows that were taken for records of the book without an id that says so."""
        looks = ("email", "domain", "phone", "name")
        return [row for row in self.rows if row.matched in looks]

    @property
    def touched(self) -> int:
        """How many records are written."""
        return len({file.path for file in self.change.files} - {SETTINGS, SUPPRESSED})

    @property
    def counts(self) -> dict[str, int]:
        """How many rows, and how many of them ended in which way; the latter add up to the
        former.
        """
        return {"rows": len(self.rows), **{each: self.rows.ended[each] for each in ACTIONS}}


def message(done: Import, sheets: Sequence[SourceFile]) -> str:
    """The import as the first line of a commit message."""
    kinds = Counter(row.kind for row in done.rows if row.action in ("created", "updated"))
    schema = done.change.book.schema.kinds
    what = ", ".join(f"{n} {_noun(k, n, schema)}" for k, n in kinds.items())
    names = ", ".join(sheet.path.rpartition("/")[2] for sheet in sheets)
    batch = f", source {done.source}," if done.source else ""
    return subject(f"Import {what or 'nothing'}{batch} from {names}")


def _noun(kind: str, count: int, kinds: Mapping[str, Kind]) -> str:
    if kind == "log":
        return "log entry" if count == 1 else "log entries"
    return kinds[kind].plural if count > 1 else kind
