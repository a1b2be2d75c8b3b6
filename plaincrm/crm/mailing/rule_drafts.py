"""The mails that rules of the book draft: files in the outbox, written once the change is.

They are for a person to read and to send. A mail that can't be made is told of; the change stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.crm.mailing.render import Letter, LetterWriter, recipient
from plaincrm.crm.mailing.template_files import Templates
from plaincrm.crm.mailing.write import to_outbox
from plaincrm.errors import PlaincrmError

if TYPE_CHECKING:
    from plaincrm.crm.automations.rule_steps import Fired
    from plaincrm.crm.book_data import BookData


def write_drafts(book: BookData, fired: Iterable[Fired]) -> list[str]:
    """Draft what the rules want drafted; a line for each mail, made or not."""
    templates = Templates(book)
    return [
        f"rule {each.rule.name}: {_draft(book, templates, name, each.record)}"
        for each in fired
        for name in each.drafts
    ]


def _draft(book: BookData, templates: Templates, name: str, record: Record) -> str:
    current = book.store.get(record.kind.name, record.id) or record
    try:
        letter = LetterWriter(book, templates, name).letters([recipient(book, current)])[0]
        to_outbox(book, [letter])
    except PlaincrmError as error:
        return f"{record.ref}: no draft of {name}: {error.message}"
    return _said(letter, name)


def _said(letter: Letter, name: str) -> str:
    if letter.status == "written":
        return f"{letter.ref}: {letter.path} waits for you: plaincrm outbox show"
    return f"{letter.ref}: no draft of {name}: {letter.reason}"
