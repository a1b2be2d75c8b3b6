"""The whole text of a record rewritten in an editor: what is wrong with it, and what it brings with
it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plaincrm.core.merge import merge
from plaincrm.core.records.edits import apply
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.text_file import decode
from plaincrm.core.yaml.unquoted import quoted
from plaincrm.crm.checking.fix import sure_values
from plaincrm.crm.checking.records import RecordCheck
from plaincrm.crm.history.differences import compare
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import Problem, Refused

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


def new_problems(book: Book, kind: Kind, text: str) -> list[str]:
    """What is wrong with the text of a record that is not there yet."""
    read = _read(book, kind, "new", f"new-{kind.name}.md", text)
    return [_with_hint(problem) for problem in _errors(book, read)]


def problems(book: Book, record: Record, text: str) -> list[str]:
    """What is wrong with a new text of `record` that was not wrong with it before."""
    known = {(each.code, each.message) for each in _errors(book, record)}
    after = _read(book, record.kind, record.id, record.path, text)
    found = [each for each in _errors(book, after) if (each.code, each.message) not in known]
    return [_with_hint(each) for each in found]


def mended(
    book: Book, kind: Kind, text: str, before: Record | None = None
) -> tuple[str, list[str]]:
    """The text with the values that were typed in a form that files don't hold, but that is sure,
    such as `20.01.2027`; and a line for each. Fields that stand as they did `before` stay.
    """
    record = _read(book, kind, "new", "", text)
    if record.damaged:
        whole = quoted(text)
        if whole is None:
            return text, []
        text, told = mended(book, kind, whole, before)
        return text, ["a value that holds a colon is put between quotes", *told]
    was = before.fields if before is not None else {}
    edits = [
        edit for edit in sure_values(record) if was.get(edit.field) != record.fields[edit.field]
    ]
    told = [f"{edit.field}: {record.fields[edit.field]} is {edit.value}" for edit in edits]
    try:
        return apply(text, edits, kind.order), told
    except Refused:
        return text, []


def rewrite(book: Book, record: Record, before: bytes, text: str) -> Staged:
    """Stage a new text of the file of `record`, that held `before` when the editor was opened.

    A stage or status changed by hand gets its log entry. Where another command or machine changed
    the file meanwhile, both changes are merged; what can't be is for the caller's Conflict.
    """
    present = book.source.file(record.path)
    if present is not None and present != before:
        base, theirs = (decode(data, record.path)[0] for data in (before, present))
        merged = merge(base, theirs, text, record.path)
        if not merged.contested and not merged.report:
            before, text = present, merged.text
    old = _read(book, record.kind, record.id, record.path, decode(before, record.path)[0])
    new = _read(book, record.kind, record.id, record.path, text)
    what = ", ".join(compare(old, new).words())
    change = book.change("", "edit")
    after = change.rewrite(record, before, text)
    return staged(change, f"Edit {record.ref}: {what}" if what else f"Edit {record.ref}", [after])


def _with_hint(problem: Problem) -> str:
    return f"{problem}; {problem.hint}" if problem.hint else str(problem)


def _read(book: Book, kind: Kind, id: str, path: str, text: str) -> Record:
    return Record.read(kind, id, path, text, book.settings.log_settings)


def _errors(book: Book, record: Record) -> list[Problem]:
    return [each for each in RecordCheck(record, book.context).problems() if each.level == "error"]
