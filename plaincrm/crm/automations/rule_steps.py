"""What a rule that fires writes: edits of the record itself, and steps beside it.

Everything is a function of the record, the rule and the day, so that two machines write the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime, time

from plaincrm.core.records.edits import AddEntry, AddItem, AddTask, DeleteField, Edit, SetField
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.days_off import days_off
from plaincrm.core.text.fold import fold
from plaincrm.core.timeline import tasks
from plaincrm.core.timeline.log import Entry
from plaincrm.core.value_class import value
from plaincrm.core.values import dates
from plaincrm.core.values.date_types import ActionType
from plaincrm.core.values.dated import Action
from plaincrm.core.values.duration import DaysOff
from plaincrm.crm.automations.cause import TYPE, rule_text
from plaincrm.crm.automations.rule import Rule
from plaincrm.errors import Refused
from plaincrm.marketing import sequences

_FIELD = re.compile(r"\{([^\W\d][\w.-]*)\}")
_ABOUT = ("deal", "ticket")  # what a sequence may be about
_DATED_KEY = re.compile(r"(?<!\S)(due|t):(\S+)")


@value
class Fired:
    """A rule that fires for a record: why, on which day, and what it writes.

    `edits` are of the record itself, its `rule` entry the last; `others` of other records; `added`
    are new records (kind, fields); `drafts` names the templates of mails to draft.
    """

    rule: Rule
    record: Record
    cause: str
    day: date
    edits: tuple[Edit, ...] = ()
    others: tuple[tuple[Record, tuple[Edit, ...]], ...] = ()
    added: tuple[tuple[str, dict[str, str]], ...] = ()
    drafts: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The rule and what it does, on one line."""
        did = ", ".join(self.rule.actions.words)
        return f"rule {self.rule.name}: {self.record.ref}: {did} ({self.cause})"


def fired(rule: Rule, record: Record, cause: str, day: date, context: Context) -> Fired:
    """What the rule writes. Raises Refused for words of it that can't be read."""
    did = rule.actions
    enrolled = _enrolled(did.enrol, record, day, context) if did.enrol else None
    left = _left(did.leave, rule.name, record, day, context) if did.leave else None
    moves = [each for each in (left, enrolled) if each is not None]
    own = [edit for who, edit in moves if who.ref == record.ref]
    others = tuple((who, (edit,)) for who, edit in moves if who.ref != record.ref)
    entry = AddEntry(Entry(day, TYPE, rule_text(rule.name, cause)))
    added = tuple(
        (kind, {name: dated(context, kind, name, filled(text, record), day) for name, text in row})
        for kind, row in did.add
    )
    return Fired(
        rule,
        record,
        cause,
        day,
        (*_edits(rule, record, day, context), *own, entry),
        others,
        added,
        (did.draft,) if did.draft else (),
    )


def _edits(rule: Rule, record: Record, day: date, context: Context) -> Iterator[Edit]:
    did, kind = rule.actions, record.kind.name
    off = days_off(context.settings)
    for name, text in did.set:
        wanted = dated(context, kind, name, filled(text, record), day)
        if wanted != record.text(name):
            yield SetField(name, wanted) if wanted else DeleteField(name)
    if did.assign and not record.text("owner"):
        yield SetField("owner", shared_out(did.assign, record.id))
    have = {fold(item.text) for item in record.items("tags")}
    yield from (AddItem("tags", tag) for tag in did.tag if fold(tag) not in have)
    if did.next:
        yield SetField("next", _action(filled(did.next, record), day, off))
    for text in did.task:
        yield AddTask(_task(filled(text, record), day, off))
    if did.log:
        yield AddEntry(Entry(day, "note", filled(did.log, record)))


def filled(text: str, record: Record) -> str:
    """The text with the record's values for `{field}`, on one line; `{title}` and `{id}` are of
    every record. A field that it has not is left out.
    """

    def value_of(match: re.Match[str]) -> str:
        name = match[1]
        if name == "id":
            return record.id
        return " ".join((record.title if name == "title" else record.text(name)).split())

    return _FIELD.sub(value_of, text)


def shared_out(owners: tuple[str, ...], id: str) -> str:
    """One of the owners, by the id of the record: every machine takes the same one, and each gets
    about as many.
    """
    digest = hashlib.sha256(fold(id).encode()).digest()
    return owners[int.from_bytes(digest[:4], "big") % len(owners)]


def dated(context: Context, kind: str, name: str, text: str, day: date) -> str:
    """The value of a field as a file stores it; date words are counted from `day`."""
    field = context.store.schema.kinds[kind].fields.get(name)
    if field is None or not field.value_type.dated or not text:
        return text
    if isinstance(field.value_type, ActionType):
        return _action(text, day, days_off(context.settings))
    return _day(text, day, days_off(context.settings)).isoformat()


def _action(text: str, day: date, off: DaysOff) -> str:
    word, _, rest = text.partition(" ")
    return str(Action(_day(word, day, off), rest.strip()))


def _task(text: str, day: date, off: DaysOff) -> tasks.Task:
    spelled = _DATED_KEY.sub(lambda key: f"{key[1]}:{_day(key[2], day, off)}", text)
    try:
        return tasks.parse_text(spelled)
    except ValueError as error:
        raise Refused(f'the task "{text}": {error}') from None


def _day(word: str, day: date, off: DaysOff) -> date:
    try:
        return dates.parse_date(word, day, off=off)
    except dates.DateError as error:
        raise Refused(f'"{word}": {error}', error.hint) from None


def _enrolled(
    sequence: str, record: Record, day: date, context: Context
) -> tuple[Record, Edit] | None:
    """The contact to enrol, and the entry; None where there is none or it is enrolled already."""
    contact = contact_of(record, context)
    if contact is None:
        return None
    standing = sequences.enrolments(contact.log).get(sequence)
    if standing is not None and not standing.left:
        return None
    text = sequences.enrolled_text(sequence, record.ref if record.kind.name in _ABOUT else "")
    # At the end of the day: what was said earlier on it is no answer to the sequence.
    entry = Entry(day, sequences.TYPE, text, time(23, 59))
    return contact, AddEntry(entry)


def _left(
    sequence: str, rule: str, record: Record, day: date, context: Context
) -> tuple[Record, Edit] | None:
    """The contact to take out, and the entry; None where there is none or it is in it no more."""
    contact = contact_of(record, context)
    standing = sequences.enrolments(contact.log).get(sequence) if contact else None
    if contact is None or standing is None or standing.left:
        return None
    text = sequences.left_text(sequence, f"rule {rule}")
    return contact, AddEntry(Entry(day, sequences.TYPE, text, time(23, 59)))


def contact_of(record: Record, context: Context) -> Record | None:
    """The record itself, or its main contact."""
    if record.kind.name == "contact":
        return record
    found = sorted(record.items("contact"), key=lambda item: item.label.casefold() != "main")
    people = (context.store.get("contact", item.text) for item in found)
    return next((person for person in people if person is not None), None)


def moment_of(day: date, context: Context) -> datetime:
    """The evening of a day, as `now` of queries that are asked of the past."""
    return datetime.combine(day, time(23, 59), context.now.tzinfo)
