"""Files that are no tables, read for the import: vCards, calendars, mail, lines for the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from os import SEEK_END
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from plaincrm.book.spool import Spool
from plaincrm.crm.importing.source import (
    LONGEST_TEXT,
    Item,
    Progress,
    ReceivedMail,
    SourceFile,
    UnplacedText,
)
from plaincrm.errors import Refused
from plaincrm.interchange import log_lines
from plaincrm.interchange.csv.draft import Draft, Outcome, Reject, SkippedRow
from plaincrm.interchange.log_lines import LogLine
from plaincrm.interchange.mail import folders
from plaincrm.interchange.mail.inbound import draft
from plaincrm.interchange.mail.mail_stream import LONGEST_MAIL, RawMail, of_mbox, of_pipe
from plaincrm.interchange.recognise import Form

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

LARGEST = 1 << 28
"""Bytes of JSON, of a calendar, or of typed lines, that are read: they are held whole."""


def cards(stream: BinaryIO, path: str, book: BookData, progress: Progress[Any]) -> SourceFile:
    """The cards of a vCard file."""
    from plaincrm.interchange.vcard.read import ContactFile

    file = ContactFile(stream, book.schema)
    found: list[Item] = []
    cells = {}
    for card, outcome in progress(file.cards(), f"Reading {path}"):
        found.append(outcome)
        cells[outcome.line] = (card.text,)
    left = ", ".join(f"{count} of {name}" for name, count in file.left_out.items())
    notes = [f"Left out: {left}."] if left else []
    notes += [f"line {number} could not be read: {text[:80]}" for number, text in file.unread[:20]]
    unplaced = [UnplacedText(path, 0, name, count=count) for name, count in file.left_out.items()]
    unplaced += [
        UnplacedText(path, number, "an unreadable line", text[:LONGEST_TEXT])
        for number, text in file.unread
    ]
    return SourceFile(
        path,
        (),
        found,
        len(found),
        cells,
        notes=tuple(notes),
        form="vcf",
        unplaced=tuple(unplaced),
    )


def calendar(stream: BinaryIO, path: str, book: BookData) -> SourceFile:
    """The dates of a calendar that are past, as entries for logs."""
    from plaincrm.interchange.calendar.entries import CalendarFile

    settings, file = book.settings, CalendarFile(whole(stream))
    found: list[Item] = list(file.outcomes(settings.me.email, book.now, settings.zone))
    notes = tuple(
        dict.fromkeys(note for each in found if isinstance(each, Draft) for note in each.notes)
    )
    left = tuple(
        UnplacedText(path, line, name, text[:LONGEST_TEXT])
        for (line, name, _), text in file.left_out.items()
    )
    return SourceFile(
        path,
        ("uid", "summary"),
        found,
        len(found),
        _cells(found),
        notes=notes,
        form="ics",
        unplaced=left,
    )


def letters(
    stream: BinaryIO, path: str, form: Form, book: BookData, progress: Progress[Any]
) -> SourceFile:
    """One mail, or those of an mbox, or those that a pipe gives one after the other."""
    if form == "mbox":
        every = of_mbox(stream)
    elif path == "-":
        every = of_pipe(whole(stream))
    else:
        every = iter([RawMail(stream.read(LONGEST_MAIL))])
    return of_mails(progress(every, f"Reading {path}"), path, form, book)


def of_mails(
    data: Iterable[RawMail],
    path: str,
    form: Form,
    book: BookData,
    parts: Mapping[int, str] | None = None,
) -> SourceFile:
    """Mails as bytes, numbered from 1; `parts` are their own files."""
    me, zone, files = book.settings.me.email, book.settings.zone, parts or {}
    found: list[Item] = []
    cells = _KeptMails(book.private)
    for number, each in enumerate(data, 1):
        mail = draft(each.data, me, zone, each.received)
        aside = mail.aside or folders.of_path(files.get(number, ""))
        if aside:
            found.append(SkippedRow(number, f"{aside}, no correspondence"))
            continue
        found.append(ReceivedMail(number, mail))
        cells.keep(number, each.data)
    notes = () if me else ("The book has no `me: {email: …}`, so all mail is taken for incoming.",)
    return SourceFile(path, (), found, len(found), cells, notes=notes, form=form, parts=files)


class _KeptMails(Mapping[int, tuple[str, ...]]):
    """The mails as they came, put aside on disk: one that is rejected goes back as a mail."""

    def __init__(self, folder: Path) -> None:
        self._spool = Spool(folder)
        self._places: dict[int, int] = {}

    def keep(self, number: int, data: bytes) -> None:
        self._places[number] = self._spool.keep(data)

    def __getitem__(self, number: int) -> tuple[str, ...]:
        return (self._spool[self._places[number]].decode("utf-8", "surrogateescape"),)

    def __iter__(self) -> Iterator[int]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def lines(stream: BinaryIO, path: str, book: BookData) -> SourceFile:
    """Lines in the grammar of the log, each with a reference."""
    try:
        text = whole(stream).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("it is not UTF-8", "save it as UTF-8 text") from None
    found: list[Item] = list(log_lines.read(text, book.settings.log_types))
    raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return SourceFile(
        path, ("line",), found, len(found), {**_typed(found, raw), **_cells(found)}, form="txt"
    )


def people_of_org(stream: BinaryIO, path: str, book: BookData) -> SourceFile:
    """The people of an Org file, as org-contacts keeps them."""
    from plaincrm.interchange import org_contacts

    text = whole(stream).decode("utf-8-sig", "replace")
    sheet = _of_program(path, "org", "org-contacts", org_contacts.drafts(text, book.schema))
    left = (
        UnplacedText(path, number, "a line above the first heading", line[:LONGEST_TEXT])
        for number, line in org_contacts.before_headings(text)
    )
    return replace(sheet, unplaced=tuple(left))


def todo_list(stream: BinaryIO, path: str) -> SourceFile:
    """The lines of a todo.txt."""
    from plaincrm.interchange import task_lists

    text = whole(stream).decode("utf-8-sig", "replace")
    return _of_program(path, "todo", "todo.txt", task_lists.todo(text))


def program_json(data: bytes, path: str) -> SourceFile | None:
    """The JSON of another program: Taskwarrior's export, Monica's; None for any other."""
    from plaincrm.interchange import monica, task_lists

    if task_lists.is_taskwarrior(data):
        return _of_program(path, "jsonl", "taskwarrior", task_lists.taskwarrior(data))
    if not monica.is_export(data):
        return None
    export = monica.MonicaExport(data)
    sheet = _of_program(path, "json", "monica", export.drafts())
    left = (UnplacedText(path, 0, name, count=count) for name, count in export.left_out.items())
    return replace(sheet, unplaced=tuple(left))


def _of_program(
    path: str, form: Form, program: str, read: Iterable[tuple[Outcome, tuple[str, ...]]]
) -> SourceFile:
    found = list(read)
    cells = {outcome.line: each for outcome, each in found}
    outcomes: list[Item] = [outcome for outcome, _ in found]
    return SourceFile(path, (), outcomes, len(found), cells, form=form, program=program)


def _typed(found: Iterable[Item], raw: list[str]) -> dict[int, tuple[str, ...]]:
    return {
        each.line: ("\n".join(_entry(raw, each.line - 1)),)
        for each in found
        if isinstance(each, LogLine)
    }


def _entry(raw: list[str], at: int) -> Iterator[str]:
    """A line and the indented ones below it."""
    yield raw[at]
    for line in raw[at + 1 :]:
        if line[:1] not in (" ", "\t"):
            return
        yield line


def whole(stream: BinaryIO, hint: str = "split it") -> bytes:
    """All of a seekable stream. Raises Refused for more than LARGEST bytes, before it reads
    them.
    """
    if stream.seek(0, SEEK_END) > LARGEST:
        raise Refused(f"it is larger than {LARGEST >> 20} MiB", hint)
    stream.seek(0)
    return stream.read()


def _cells(found: Iterable[Item]) -> dict[int, tuple[str, ...]]:
    """What is shown of an outcome if it is rejected later."""
    return {each.line: _shown(each) for each in found if isinstance(each, Draft | Reject)}


def _shown(outcome: Outcome) -> tuple[str, ...]:
    if isinstance(outcome, Reject):
        return outcome.cells
    if isinstance(outcome, Draft):
        return outcome.key, str(next(iter(outcome.fields.values()), ""))
    return ()
