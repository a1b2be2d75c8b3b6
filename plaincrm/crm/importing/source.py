"""One file to import, as it was read: an outcome for each of its rows, cards, mails or lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from plaincrm.core.values.raw import Raw, items
from plaincrm.interchange.csv import rejects
from plaincrm.interchange.csv.draft import Draft, Outcome, Reject
from plaincrm.interchange.csv.mapping import ColumnMapping as ColumnMapping
from plaincrm.interchange.csv.rows import CsvRow
from plaincrm.interchange.csv.target import parse
from plaincrm.interchange.log_lines import LogLine
from plaincrm.interchange.mail.inbound import MailDraft
from plaincrm.interchange.recognise import Form

T = TypeVar("T")
_ENDINGS: Mapping[str, str] = {
    "json": "jsonl",
    "jsonl": "jsonl",
    "vcf": "vcf",
    "txt": "txt",
    "eml": "mbox",
    "mbox": "mbox",
    "ics": "ics",
    "org": "org",
    "todo": "todo",
}
"""The endings of files for what was rejected, by the form that it came in."""
_KNOWN_BY = frozenset({"id", "name", "email", "domain", "phone"})
_CALENDAR = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//plaincrm//plaincrm//EN")
LONGEST_TEXT = 200
"""Characters that are shown of what found no place."""
Progress = Callable[[Iterable[T], str], Iterable[T]]


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What the user says of how a file is to be read; empty where its content decides."""

    preset: str = ""
    kind: str = ""
    mapping: str = ""  # the text of a mapping file
    mapping_path: str = ""
    encoding: str = ""
    currency: str = ""

    @property
    def table(self) -> bool:
        """Whether only a table can be meant."""
        return bool(self.preset or self.mapping)


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """A mail, the `line`-th of its file."""

    line: int
    mail: MailDraft


@dataclass(frozen=True, slots=True)
class UnplacedText:
    """Something of a file that is nowhere in the book: `what` it is (a column, a line, a part), the
    text, and how often it is there. `line` is 0 where it is not of one line."""

    file: str
    line: int
    what: str = ""
    text: str = ""
    count: int = 1

    def at(self, what: str, raw: Raw) -> UnplacedText:
        """That a field of this row stayed as the book has it."""
        shown = "; ".join(item.text for item in items(raw))
        return UnplacedText(self.file, self.line, what, shown[:LONGEST_TEXT])


Item = Outcome | ReceivedMail | LogLine


@dataclass(frozen=True)
class SourceFile:
    """A file that was read. `mapping` says which column went where; without one an `own` table is
    an export of plaincrm.

    `outcomes` can be walked again and again; a table is read anew each time, so that it takes no
    memory. `rows` is how many there are, `cells` what stands at a line where the outcome itself
    does not say. `notes` are sentences on what was taken for granted, `sample` the first rows.
    `only_new` are fields that say something of new records only. `parts` are the files of a folder,
    by line. `unplaced` is what the format holds and no record takes. `plan` says how it is read
    among the other files of a dump; `program` wrote a file that is no table.
    """

    path: str
    header: tuple[str, ...]
    outcomes: Iterable[Item]
    rows: int
    cells: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    mapping: ColumnMapping | None = None
    notes: tuple[str, ...] = ()
    sample: tuple[CsvRow, ...] = ()
    form: Form = "csv"
    only_new: frozenset[str] = frozenset()
    parts: Mapping[int, str] = field(default_factory=dict)
    unplaced: tuple[UnplacedText, ...] = ()
    delimiter: str = ","
    plan: str = ""
    program: str = ""

    @property
    def named_by(self) -> frozenset[tuple[str, str]]:
        """The kinds, with the field of their external id, by which its rows name other records; and
        those of the rows themselves."""
        words = (
            [parse(word) for word in self.mapping.columns.values() if word] if self.mapping else []
        )
        found = {(each.field, each.by) for each in words if each.by and each.by not in _KNOWN_BY}
        key = self.mapping.key[0] if self.mapping else ""
        return frozenset(found | ({(self.mapping.kind, key)} if self.mapping and key else set()))

    @property
    def own(self) -> bool:
        return self.mapping is None and not self.program and self.form in ("csv", "json", "jsonl")

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds that its rows can be of, where its columns say so; else empty."""
        words = self.mapping.columns.values() if self.mapping else ()
        beside = {parse(word).kind for word in words if word}
        if self.mapping is None:
            return frozenset()
        return frozenset({self.mapping.kind, *self.mapping.row_kinds[1].values(), *beside})

    def owns(self, draft: Draft) -> bool:
        """Whether plaincrm wrote that: then it is taken word for word."""
        return self.own or (self.form == "vcf" and draft.key_field == "id")

    @property
    def source(self) -> str:
        """The program it comes from: `salesforce` of `salesforce-accounts`; empty for a plain
        table.
        """
        preset = self.mapping.preset if self.mapping else self.program
        if self.program:
            return self.program
        return "" if preset == "plain" or "." in preset else preset.partition("-")[0]

    @property
    def rejects_name(self) -> str:
        """The name of a file for what is rejected, in the form of this one."""
        ending = _ENDINGS.get(self.form, "csv")
        return "rejects.todo.txt" if ending == "todo" else f"rejects.{ending}"

    def rejected(self, refused: Sequence[Reject]) -> str:
        """The rows that did not go in, in the form of the file, to be mended and imported again."""
        texts = [each.cells[0].rstrip("\n") if each.cells else "" for each in refused]
        match _ENDINGS.get(self.form, "csv"):
            case "org" | "todo":
                return "".join(f"{text}\n" for text in texts)
            case "csv":
                return rejects.write_rejects(self.header, refused, self.delimiter)
            case "mbox":
                return "".join(map(_in_mbox, texts))
            case "ics":
                return "\r\n".join([*_CALENDAR, *texts, "END:VCALENDAR", ""])
            case "txt":  # lines that begin with # are passed over when it is imported again
                pairs = zip(refused, texts, strict=True)
                return "".join(f"# {each.reason}\n{text}\n" for each, text in pairs)
        return "".join(f"{text}\n" for text in texts)

    def cells_of(self, item: Item) -> tuple[str, ...]:
        """What the row of an outcome holds."""
        return (item.cells if isinstance(item, Draft) else ()) or self.cells.get(item.line, ())

    def file_of(self, line: int) -> str:
        """The file that a line stands in."""
        return self.parts.get(line, self.path)


def _in_mbox(text: str) -> str:
    """A mail as it stands in an mbox, lines of its own that begin with `From ` marked."""
    body = re.sub(r"^(>*From )", r">\1", text, flags=re.MULTILINE)
    return f"From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n{body}\n\n"
