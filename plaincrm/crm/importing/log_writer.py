"""Rows of activities and messages: entries in the logs of the records that they are linked to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from plaincrm.core.records.edits import AddEntry, AddTask
from plaincrm.core.text.fold import fold
from plaincrm.core.timeline import document, line_edit, log
from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.values.raw import Raw
from plaincrm.crm.importing.entry_rows import HOURS, TASKS, EntryRow
from plaincrm.crm.importing.identity_map import KnownRecord
from plaincrm.crm.importing.links import Linker
from plaincrm.crm.importing.record_writer import RecordWriter
from plaincrm.errors import Refused
from plaincrm.interchange.csv.draft import Draft, LinkHint, first
from plaincrm.interchange.mail.inbound import NO_ID

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

_OF_CUSTOMERS = frozenset({"order", "invoice", "task", HOURS})
"""Rows of these make the customer whom they name; one activity makes nobody."""
_FIRM = re.compile(
    r"\b(?:gmbh|ag|kg|ohg|ug|gbr|e\.? ?v|inc|ltd|llc|plc|corp|co|company|ab|as|asa|oy|a/s|aps|bv"
    r"|nv|sa|sas"
    r"|sarl|srl|spa|s\.l|s\.a|lda|ltda|sp\. z o\.o|s\.r\.l|s\.p\.a|sons|söhne|group|studio)\b",
    re.IGNORECASE,
)
_ID = re.compile(r"<[^<>\s@]+@[^<>\s]+>")


class UnknownPeople(Refused):
    """An entry for people who are not in the book."""


class LogWriter:
    """Adds entries, each once. They are written together at the end (`write_all`), so that a log
    is read once, however many mails belong to it."""

    def __init__(self, book: BookData, linker: Linker, writer: RecordWriter) -> None:
        self._book, self.linker, self._writer = book, linker, writer
        self._known: dict[KnownRecord, set[tuple[str, ...]]] = {}
        self._waiting: dict[KnownRecord, list[Entry]] = {}
        self.missed: list[tuple[str, str]] = []  # links of the last row that lead nowhere
        self._heads: dict[KnownRecord, dict[tuple[str, ...], set[str]]] = {}

    def add(self, draft: Draft, goods: Sequence[str] = ()) -> tuple[KnownRecord, bool]:
        """Log what the row says: on its deal, else on its person, else on the company. The record,
        and whether that is new there. Raises Nobody where nobody is known, Refused for what is no
        entry. `goods` are the items of an order that stand elsewhere."""
        self.missed = []
        people = self._targets("contact", draft)
        found = [*self._targets("deal", draft), *people, *self._targets("company", draft)]
        row = EntryRow.of(draft.fields)
        kind = row.type
        if not found and kind in _OF_CUSTOMERS:
            found = self._customer(draft)
        if not found:
            names = ", ".join(
                dict.fromkeys(hint.value for hints in draft.links.values() for hint in hints)
            )
            raise UnknownPeople(
                f"nobody here is {names}" if names else "the row names nobody",
                "import the people first",
            )
        target = found[0]
        if kind in TASKS or row.ahead:
            task = EntryRow.of(draft.fields, self._book.settings.currency).task()
            return target, self.write_task(target, task)
        others = [person.id for person in people if person is not target]
        entry = self._entry(draft, target, others, goods)
        return target, self.write(target, entry)

    def _customer(self, draft: Draft) -> list[KnownRecord]:
        """Who bought, where nobody of that name is here: a company if the name says so."""
        hints = [*draft.links.get("contact", ()), *draft.links.get("company", ())]
        names = [each for hint in hints for each in (hint, *hint.others)]
        name = next((each.value for each in names if each.by in ("name", "id")), "")
        email = next((each.value for each in names if each.by == "email"), "")
        firm = any(each.by in ("name", "id") and each.kind == "company" for each in names)
        if not name and not email:
            return []
        schema = self._book.schema.kinds
        if not email and (firm or _FIRM.search(name)):
            made = self._writer.make(schema["company"], {"name": name})
        else:
            known: dict[str, Raw] = {"name": name or email}
            made = self._writer.make(schema["contact"], known | ({"email": email} if email else {}))
        return [made] if made else []

    def said_by(self, target: KnownRecord, draft: Draft) -> bool:
        """Log what somebody wrote in a form; on the day of the import where it names none."""
        fields = {"at": self._book.now.date().isoformat(), **draft.fields}
        return self.write(target, self._entry(replace(draft, fields=fields), target, []))

    def has(self, message_id: str) -> bool:
        """Whether some record of the book, or of this import, has the message in its log."""
        return message_id in self._ids

    def remember(self, message_id: str) -> None:
        """That a message is in a log from now on."""
        self._ids.add(message_id)

    def forget(self, message_id: str) -> None:
        """Let a message into one more log: that of somebody else whom it is about."""
        self._ids.discard(message_id)

    @cached_property
    def _ids(self) -> set[str]:
        return {id for record in self._book.store.all() for id in _ID.findall(record.body)}

    def _targets(self, name: str, draft: Draft) -> list[KnownRecord]:
        """Whom the row is linked to; what fits nobody (oneself, for one) or several is passed
        over.
        """
        schema = self._book.schema.kinds
        kind = schema[name]
        found: dict[KnownRecord, None] = {}
        for hint in draft.links.get(name, self._named(draft) if name == "contact" else ()):
            for each in (hint, *hint.others):
                fits = self.linker.index.find(kind, each.by, each.value)
                if not fits and name == "contact" and each.by == "name":
                    fits = self.linker.index.find(schema["company"], "name", each.value)
                if len(fits) == 1 and not self._mine(fits[0]):
                    found[fits[0]] = None
                    break
            else:
                if hint.by not in ("ref", "email") and name in draft.links:
                    self.missed.append((name, hint.value))
        return list(found)

    def _named(self, draft: Draft) -> tuple[LinkHint, ...]:
        cells = (first(draft.fields.get(name, "")) for name in ("from", "to"))
        names = (name.strip() for cell in cells for name in cell.split(","))
        return tuple(
            LinkHint("contact", "name", name) for name in names if name and not self._is_me(name)
        )

    def _mine(self, target: KnownRecord) -> bool:
        own = {fold(address) for address in self._book.settings.me.email}
        return bool(own & {fold(text) for text in target.texts("email")})

    def _is_me(self, name: str) -> bool:
        return bool(name) and fold(name) == fold(self._book.settings.me.name)

    def _entry(
        self, draft: Draft, target: KnownRecord, people: list[str], goods: Sequence[str] = ()
    ) -> Entry:
        row = EntryRow.of(draft.fields, self._book.settings.currency, goods)
        sender, receiver = row.get("from"), row.get("to")
        direction = row.direction or self._direction(target, sender, receiver)
        return row.entry(direction, people, self._book.settings.log_types)

    def _direction(self, target: KnownRecord, sender: str, receiver: str) -> str:
        names = {fold(name) for name in target.texts(target.kind.title)}
        if self._is_me(sender) or (receiver and fold(receiver) in names):
            return "out"
        return "in" if self._is_me(receiver) or (sender and fold(sender) in names) else ""

    def write(self, target: KnownRecord, entry: Entry) -> bool:
        """Add an entry, unless it is there: the same message anywhere, or the same words in this
        log.
        """
        if entry.message_id and self.has(entry.message_id):
            return False
        entry = line_edit.writable_entry(entry)
        known = self._known.get(target)
        if known is None:
            known = self._known[target] = self._opened(target, entry)
        key = log.in_zone(entry, self._book.settings.zone).key
        if key in known or self._twin(target, entry):
            return False
        self._waiting.setdefault(target, []).append(entry)
        known.add(key)
        if entry.message_id:
            self._ids.add(entry.message_id)
        return True

    def _opened(self, target: KnownRecord, entry: Entry) -> set[tuple[str, ...]]:
        """What the log has already. Raises Refused for a file that can't take the entry surely."""
        text = self._writer.text(target)
        line_edit.add_entry(text, entry)
        zone = self._book.settings.zone
        entries = [log.in_zone(each, zone) for each in document.read(text).timeline.entries]
        self._heads[target] = {}
        for each in entries:
            self._heads[target].setdefault(_head(each), set()).add(each.message_id)
        return {each.key for each in entries}

    def _twin(self, target: KnownRecord, entry: Entry) -> bool:
        """Whether the same mail is there already, once with its id and once without: a mail program
        may leave the id out of what it pipes."""
        if entry.type != "email":
            return False
        head = _head(log.in_zone(entry, self._book.settings.zone))
        there = self._heads[target].setdefault(head, set())
        made_up = {id for id in there if id.endswith(NO_ID)}
        found = bool(made_up) or (bool(there) and entry.message_id.endswith(NO_ID))
        there.add(entry.message_id)
        return found

    def write_task(self, target: KnownRecord, task: Task) -> bool:
        """Add a task, unless the record has one of that text, also with the marks of an export."""
        text = self._writer.text(target)
        there = {" ".join(each.text.split()) for each in document.read(text).timeline.tasks}
        if {task.text, _without_marks(task.text, target)} & there:
            return False
        self._writer.write_lines(target, [AddTask(task)])
        return True

    def write_all(self) -> None:
        """Stage what was logged."""
        for target, entries in self._waiting.items():
            self._writer.write_lines(target, [AddEntry(entry) for entry in entries])
        self._waiting = {}


def _without_marks(text: str, target: KnownRecord) -> str:
    """A task's text as it was before `export todotxt` or `taskwarrior` named its record in it."""
    title = target.record.title if target.record else ""
    return text.removesuffix(f" @{target.id}").removeprefix(f"{title}: ")


def _head(entry: Entry) -> tuple[str, ...]:
    """What two copies of one mail have in common: moment, direction, subject."""
    subject = entry.text.split("\n", 1)[0].removesuffix(entry.message_id).strip()
    return (*entry.key[:2], entry.type, entry.direction, subject)
