"""Rows of activities and messages: entries in the logs of the records that they are linked to."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from plaincrm.core.records.edits import AddEntry
from plaincrm.core.text.fold import fold
from plaincrm.core.timeline import document, line_edit, log
from plaincrm.core.timeline.log import Entry
from plaincrm.core.values.types import read
from plaincrm.crm.importing.identity_map import Target
from plaincrm.crm.importing.links import Linker
from plaincrm.crm.importing.record_writer import RecordWriter
from plaincrm.errors import Refused
from plaincrm.interchange.csv.draft import Draft, LinkHint, first
from plaincrm.interchange.mail.inbound import NO_ID

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_ZONE = re.compile(r"(?:Z|[+-]\d\d:\d\d)$")
_ID = re.compile(r"<[^<>\s@]+@[^<>\s]+>")


class Nobody(Refused):
    """An entry for people who are not in the book."""


class Diary:
    """Adds entries, each once. They are written together at the end (`write_all`), so that a log
    is read once, however many mails belong to it."""

    def __init__(self, book: Book, linker: Linker, writer: RecordWriter) -> None:
        self._book, self._linker, self._writer = book, linker, writer
        self._known: dict[Target, set[tuple[str, ...]]] = {}
        self._waiting: dict[Target, list[Entry]] = {}
        self._heads: dict[Target, dict[tuple[str, ...], set[str]]] = {}

    def add(self, draft: Draft) -> tuple[Target, bool]:
        """Log what the row says: on its deal, else on its person, else on the company. The record,
        and whether that is new there. Raises Nobody where nobody is known, Refused for what is no
        entry."""
        people = self._targets("contact", draft)
        found = [*self._targets("deal", draft), *people, *self._targets("company", draft)]
        if not found:
            names = ", ".join(
                dict.fromkeys(hint.value for hints in draft.links.values() for hint in hints)
            )
            raise Nobody(
                f"nobody here is {names}" if names else "the row names nobody",
                "import the people first",
            )
        target = found[0]
        entry = self._entry(draft, target, [person.id for person in people if person is not target])
        return target, self.write(target, entry)

    def said_by(self, target: Target, draft: Draft) -> bool:
        """Log what somebody wrote in a form; on the day of the import where it names none."""
        fields = {"at": self._book.now.date().isoformat(), **draft.fields}
        return self.write(target, self._entry(replace(draft, fields=fields), target, []))

    def has(self, message_id: str) -> bool:
        """Whether some record of the book, or of this import, has the message in its log."""
        return message_id in self._ids

    def remember(self, message_id: str) -> None:
        """That a message is in a log from now on."""
        self._ids.add(message_id)

    @cached_property
    def _ids(self) -> set[str]:
        return {id for record in self._book.store.all() for id in _ID.findall(record.body)}

    def _targets(self, name: str, draft: Draft) -> list[Target]:
        """Whom the row is linked to; what fits nobody (oneself, for one) or several is passed
        over.
        """
        kind = self._book.schema.kinds[name]
        found: dict[Target, None] = {}
        for hint in draft.links.get(name, self._named(draft) if name == "contact" else ()):
            for each in (hint, *hint.others):
                fits = self._linker.index.find(kind, each.by, each.value)
                if len(fits) == 1 and not self._mine(fits[0]):
                    found[fits[0]] = None
                    break
        return list(found)

    def _named(self, draft: Draft) -> tuple[LinkHint, ...]:
        names = (first(draft.fields.get(name, "")) for name in ("from", "to"))
        return tuple(
            LinkHint("contact", "name", name) for name in names if name and not self._is_me(name)
        )

    def _mine(self, target: Target) -> bool:
        own = {fold(address) for address in self._book.settings.me.email}
        return bool(own & {fold(text) for text in target.texts("email")})

    def _is_me(self, name: str) -> bool:
        return bool(name) and fold(name) == fold(self._book.settings.me.name)

    def _entry(self, draft: Draft, target: Target, people: list[str]) -> Entry:
        said = {
            name: first(draft.fields.get(name, ""))
            for name in ("at", "type", "direction", "text", "from", "to")
        }
        try:
            moment = read("datetime", said["at"])
        except ValueError as error:
            raise Refused(f"at: {error}") from None
        day, clock = (
            (moment.date(), moment.time()) if isinstance(moment, datetime) else (moment, None)
        )
        kind, text = said["type"].casefold() or "note", said["text"]
        if kind not in log.TYPES | self._book.settings.log_types:
            kind, text = "note", f"{said['type']}: {text}"
        direction = said["direction"] or self._direction(target, said["from"], said["to"])
        zone = _ZONE.search(said["at"]) if clock else None
        entry = Entry(day, kind, text, clock, zone[0] if zone else "", direction, tuple(people))
        return log.normal(entry)

    def _direction(self, target: Target, sender: str, receiver: str) -> str:
        names = {fold(name) for name in target.texts(target.kind.title)}
        if self._is_me(sender) or (receiver and fold(receiver) in names):
            return "out"
        return "in" if self._is_me(receiver) or (sender and fold(sender) in names) else ""

    def write(self, target: Target, entry: Entry) -> bool:
        """Add an entry, unless it is there: the same message anywhere, or the same words in this
        log.
        """
        if entry.message_id and self.has(entry.message_id):
            return False
        entry = line_edit.writable_entry(entry)
        known = self._known.get(target)
        if known is None:
            known = self._known[target] = self._opened(target, entry)
        if entry.key in known or self._twin(target, entry):
            return False
        self._waiting.setdefault(target, []).append(entry)
        known.add(entry.key)
        if entry.message_id:
            self._ids.add(entry.message_id)
        return True

    def _opened(self, target: Target, entry: Entry) -> set[tuple[str, ...]]:
        """What the log has already. Raises Refused for a file that can't take the entry surely."""
        text = self._writer.text(target)
        line_edit.add_entry(text, entry)
        entries = document.read(text).timeline.entries
        self._heads[target] = {}
        for each in entries:
            self._heads[target].setdefault(_head(each), set()).add(each.message_id)
        return {each.key for each in entries}

    def _twin(self, target: Target, entry: Entry) -> bool:
        """Whether the same mail is there already, once with its id and once without: a mail program
        may leave the id out of what it pipes."""
        if entry.type != "email":
            return False
        there = self._heads[target].setdefault(_head(entry), set())
        made_up = {id for id in there if id.endswith(NO_ID)}
        found = bool(made_up) or (bool(there) and entry.message_id.endswith(NO_ID))
        there.add(entry.message_id)
        return found

    def write_all(self) -> None:
        """Stage what was logged."""
        for target, entries in self._waiting.items():
            self._writer.write_lines(target, [AddEntry(entry) for entry in entries])
        self._waiting = {}


def _head(entry: Entry) -> tuple[str, ...]:
    """What two copies of one mail have in common: moment, direction, subject."""
    subject = entry.text.split("\n", 1)[0].removesuffix(entry.message_id).strip()
    return (*entry.key[:2], entry.type, entry.direction, subject)
