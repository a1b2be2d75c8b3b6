"""A note that is itself an entry of a log: a call or a meeting, with the people whom it names.

`meetings/2026-01-08 call Ada.md` with `contacts: ["[[Ada Byron]]"]` is read where it lies: its
record has one entry, on its date, with Ada. So it counts as a touch of hers, and `list log` has it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Protocol

from plaincrm.core.schema.kinds import Kind
from plaincrm.core.timeline.log import TYPES, Entry
from plaincrm.core.timeline.parse import Timeline
from plaincrm.core.values.raw import RawItem
from plaincrm.core.values.record_link import link_id

_DAY = re.compile(r"(?<!\d)(\d{4}-\d\d-\d\d)(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_OTHER_WORDS = {
    "phone": "call",
    "telefonat": "call",
    "anruf": "call",
    "appel": "call",
    "llamada": "call",
    "mail": "email",
    "besprechung": "meeting",
    "treffen": "meeting",
    "termin": "meeting",
    "réunion": "meeting",
    "reunión": "meeting",
    "riunione": "meeting",
    "meet": "meeting",
    "lunch": "meeting",
    "coffee": "meeting",
    "visit": "meeting",
    "chat": "message",
}
"""Words that people write for a type of entry."""


class EntryNote(Protocol):
    """A record, as far as it is needed here."""

    @property
    def kind(self) -> Kind: ...
    @property
    def id(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def title(self) -> str: ...
    def text(self, name: str) -> str: ...
    def items(self, name: str) -> list[RawItem]: ...
    def value(self, name: str) -> Any: ...


def with_entry(note: EntryNote, found: Timeline) -> Timeline:
    """The timeline of a note that is an entry, with that entry first; as it is without a date."""
    day = _day(note)
    if day is None:
        return found
    entry = Entry(day, _type(note), _text(note), people=tuple(_people(note)), line=1)
    return Timeline((entry, *found.entries), found.tasks, found.problems)


def _day(note: EntryNote) -> dt.date | None:
    """The day in its first date, else in the name of its file."""
    for name, field in note.kind.fields.items():
        if field.value_type.dated and name != "created":
            value = note.value(name)
            if isinstance(value, dt.datetime):
                return value.date()
            if isinstance(value, dt.date):
                return value
    named = _DAY.search(note.id)
    try:
        return dt.date.fromisoformat(named[1]) if named else None
    except ValueError:
        return None


def _type(note: EntryNote) -> str:
    """By `type:`, a tag, a word in its name, or one in its folder's name: `Meeting notes`."""
    said = [note.text("type"), *(item.text for item in note.items("tags"))]
    named = _WORD.findall(note.id) + _WORD.findall(note.path.rpartition("/")[0])
    for word in (*map(link_id, said), *named):
        folded = word.casefold()
        for each in (folded, folded.removesuffix("s")):
            if each in TYPES - {"note"} or each in _OTHER_WORDS:
                return str(_OTHER_WORDS.get(each, each))
    return "note"


def _text(note: EntryNote) -> str:
    return " ".join(_DAY.sub("", note.title).split()).strip(" -–—_") or note.id


def _people(note: EntryNote) -> dict[str, None]:
    links = (field.name for field in note.kind.refs if field.to == "contact")
    every = (item.text for name in links for item in note.items(name))
    return dict.fromkeys(map(link_id, every))
