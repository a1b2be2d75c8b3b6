"""The whole text of a record rewritten in an editor: what is wrong with it, and what it brings with
it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plaincrm.core.merge import merge
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.yaml.front_matter import decode
from plaincrm.crm.checking.records import RecordCheck
from plaincrm.crm.history.differences import compare
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import Problem

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


def new_problems(book: Book, kind: Kind, text: str) -> list[str]:
    """What is wrong with the text of a record that is not there yet."""
    return [
        str(problem)
        for problem in _errors(book, _read(book, kind, "new", f"new-{kind.name}.md", text))
    ]


def problems(book: Book, record: Record, text: str) -> list[str]:
    """What is wrong with a new text of `record` that was not wrong with it before."""
    known = {(each.code, each.message) for each in _errors(book, record)}
    after = _read(book, record.kind, record.id, record.path, text)
    return [str(each) for each in _errors(book, after) if (each.code, each.message) not in known]


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


def _read(book: Book, kind: Kind, id: str, path: str, text: str) -> Record:
    return Record.read(kind, id, path, text, book.settings.log_types)


def _errors(book: Book, record: Record) -> list[Problem]:
    return [each for each in RecordCheck(record, book.context).problems() if each.level == "error"]
