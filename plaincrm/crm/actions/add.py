"""New records: what is written of them, and whether somebody like that is there already."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.values.raw import Raw
from plaincrm.crm.assignments import Assignment
from plaincrm.crm.similarity import evidence
from plaincrm.crm.staged import Done, assigner, fields_of, subject
from plaincrm.errors import Ambiguous, Refused
from plaincrm.support.tickets import opening

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_ADDRESSED = re.compile(r"\s*\"?(?P<name>[^<>]*?)\"?\s*<(?P<address>[^<>\s]+@[^<>\s]+)>\s*")


def draft(
    book: Book, kind: Kind, name: str, assignments: Sequence[Assignment], *, own: bool = False
) -> tuple[Done, dict[str, Raw]]:
    """A change that holds what the new record needs beside it (`company=+NAME`), and the record's
    fields.

    `Ada Lovelace <ada@x.org>` is a name and an e-mail. Raises UsageError, Refused, NotFound,
    Ambiguous.
    """
    change = book.change("", "add")
    assigning = assigner(book, change, own=own)
    fields: dict[str, Raw] = {**_named(kind, name), **fields_of(assigning.edits(kind, assignments))}
    if kind.name == "ticket":
        fields = opening(book.context, **fields)
    fields.setdefault("created", book.now.date().isoformat())
    return Done(change, "", echo=assigning.echo), fields


def refuse_double(book: Book, kind: Kind, fields: dict[str, Raw]) -> None:
    """Raises Ambiguous, with the evidence, if somebody or something like that is there already."""
    found = evidence(fields, kind, book.store.records(kind.name))
    if found:
        shown = [f"{record.ref}  {record.title} ({why})" for record, why in found]
        raise Ambiguous(
            f"a {kind.name} like that is there already:", shown, "--new adds another one"
        )


def put(done: Done, kind: Kind, text: str) -> Record:
    """Stage the new record with that text, and name the change after it."""
    record = done.change.adopt(kind, text)
    done.records = [record]
    done.summary = subject(f"Add {record.ref}: {record.title}")
    done.change.retitle(done.summary)
    return record


def _named(kind: Kind, words: str) -> dict[str, Raw]:
    match = _ADDRESSED.fullmatch(words)
    if match is None or "email" not in kind.fields:
        return {kind.title: words.strip()}
    if not match["name"]:
        raise Refused(
            f"<{match['address']}> has no name",
            f'plaincrm add {kind.name} "Ada Lovelace {words.strip()}"',
        )
    return {kind.title: match["name"], "email": match["address"]}
