"""New records: what is written of them, and whether somebody like that is there already."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plaincrm.core.schema.kinds import Kind
from plaincrm.core.values.raw import Raw
from plaincrm.crm.assignments import Assignment, assigner, fields_of
from plaincrm.crm.similarity import evidence
from plaincrm.crm.staged import Staged, staged
from plaincrm.crm.suppressed_addresses import BACK, suppressed
from plaincrm.errors import Ambiguous, Refused
from plaincrm.support.tickets import opening

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.crm.change import Change

_ADDRESSED = re.compile(r"\s*\"?(?P<name>[^<>]*?)\"?\s*<(?P<address>[^<>\s]+@[^<>\s]+)>\s*")

_BARE = re.compile(
    r"(?P<before>(?:[^<>]*\s)?)(?P<address>[^<>\s]+@[^<>\s]+\.\w+)(?P<after>(?:\s[^<>]*)?)"
)


@dataclass
class NewRecord:
    """A record to be added: `change` holds what it needs beside it (`company=+NAME`), `echo` what
    was understood. Nothing of the record itself is staged yet.
    """

    change: Change
    kind: Kind
    fields: dict[str, Raw]
    echo: list[str]

    @property
    def text(self) -> str:
        """The file that it will be. Raises Refused for fields that the schema does not allow."""
        return self.change.draft(self.kind, self.fields)


def add(
    book: Book,
    kind: Kind,
    name: str,
    assignments: Sequence[Assignment] = (),
    *,
    own: bool = False,
    double: bool = False,
) -> Staged:
    """Stage a new record. Raises Ambiguous if somebody like that is there, unless a `double` is
    wanted; else as `draft` and `put`.
    """
    new = draft(book, kind, name, assignments, own=own)
    if not double:
        refuse_double(book, kind, new.fields)
    return put(new, new.text)


def draft(
    book: Book,
    kind: Kind,
    name: str,
    assignments: Sequence[Assignment],
    *,
    own: bool = False,
    again: bool = False,
) -> NewRecord:
    """A new record before it is staged, to be looked at, asked about or edited.

    `Ada Lovelace <ada@x.org>` is a name and an e-mail. Raises UsageError, Refused, NotFound,
    Ambiguous. `again`: somebody who was forgotten comes back on their own.
    """
    change = book.change("", "add")
    change.again = again
    assigning = assigner(book, change, own=own)
    fields: dict[str, Raw] = {**_named(kind, name), **fields_of(assigning.edits(kind, assignments))}
    if kind.name == "ticket":
        fields = opening(book.context, **fields)
    fields.setdefault("created", book.now.date().isoformat())
    listed = [] if again else suppressed(book.context.lists["suppressed"], fields)
    command = f"plaincrm add {kind.name} … --again"
    told = [f"{each} {BACK} {command}" for each in listed]
    return NewRecord(change, kind, fields, [*assigning.echo, *told])


def refuse_double(book: Book, kind: Kind, fields: dict[str, Raw]) -> None:
    """Raises Ambiguous, with the evidence, if somebody or something like that is there already."""
    found = evidence(fields, kind, book.store.records(kind.name))
    if found:
        shown = [f"{record.ref}  {record.title} ({why})" for record, why in found]
        raise Ambiguous(
            f"a {kind.name} like that is there already:", shown, "--new adds another one"
        )


def put(new: NewRecord, text: str) -> Staged:
    """Stage the new record with that text, which may have been edited since it was drafted."""
    record = new.change.adopt(new.kind, text)
    return staged(new.change, f"Add {record.ref}: {record.title}", [record], new.echo)


def _named(kind: Kind, words: str) -> dict[str, Raw]:
    match = _ADDRESSED.fullmatch(words)
    bare = _BARE.fullmatch(words.strip()) if "email" in kind.fields else None
    if bare is not None:
        name = " ".join((bare["before"] + bare["after"]).split()) or "Ada Lovelace"
        raise Refused(
            f"{bare['address']} is an address, not part of a name",
            f'plaincrm add {kind.name} "{name} <{bare["address"]}>"',
        )
    if match is None or "email" not in kind.fields:
        return {kind.title: words.strip()}
    if not match["name"]:
        raise Refused(
            f"<{match['address']}> has no name",
            f'plaincrm add {kind.name} "Ada Lovelace {words.strip()}"',
        )
    return {kind.title: match["name"], "email": match["address"]}
