"""What an edit of a record brings with it: a change of stage or status writes its log entry and its
day, a close date that is put off its entry, a contested field settles.

An effect looks at an edit before it is written and answers with more edits. `Change` applies all of
them together, so that no caller has to know the rules. `EFFECTS` holds the built-in ones; whoever
wants to see every edit of a change appends a function to `Change.effects`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from plaincrm.core.records.edits import (
    AddEntry,
    AddItem,
    DeleteField,
    Edit,
    RemoveItem,
    SetField,
    apply,
    logged,
    new_values,
)
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import PUT_OFF, contested_fields
from plaincrm.core.text.fold import fold
from plaincrm.core.timeline.log import Entry
from plaincrm.sales import stages
from plaincrm.support import tickets

CONFLICTS = "_conflicts"  # the field in which a merge keeps what two machines set differently
FIELD_EDITS = (SetField, DeleteField, AddItem, RemoveItem)
CONSENT = "consent"  # the type of the log entries that keep account of it
CONSENT_FIELDS = ("unsubscribed", "do_not_email", "consent")
HISTORIED = {
    "deal": "stage",
    "ticket": "status",
}  # kind to the field whose changes stand in the log


@dataclass(frozen=True)
class RecordEdit:
    """One edit of one record, not yet written.

    `before` is None for a new record. `edits` are those asked for and those that effects added;
    `after` is the record once they are applied, read from its text only where somebody asks for the
    body or the log. `command` is the word of the command that edits, empty for a script.
    """

    before: Record | None
    after: Record
    context: Context
    edits: tuple[Edit, ...] = ()
    command: str = ""

    @classmethod
    def of(
        cls, before: Record, edits: Iterable[Edit], context: Context, command: str = ""
    ) -> RecordEdit:
        """The edit that turns `before` into what these edits say."""
        every = tuple(edits)
        return cls(before, _edited(before, every), context, every, command)

    def with_edits(self, more: Sequence[Edit]) -> RecordEdit:
        """The same with more edits behind its own."""
        if not more:
            return self
        after = _edited(self.after, more)
        return replace(self, after=after, edits=(*self.edits, *more))

    @cached_property
    def changed(self) -> frozenset[str]:
        """The fields that somebody set, or that differ: no effect sets them again."""
        named = {edit.field for edit in self.edits if isinstance(edit, FIELD_EDITS)}
        before = self.before.fields if self.before else {}
        after = self.after.fields
        differ = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        return frozenset(named | differ)

    def tells(self, to: str) -> bool:
        """Whether an entry of a change to `to` is written along with it."""
        return any(entry.change and fold(entry.change[1]) == fold(to) for entry in self._entries())

    def told(self, type: str) -> bool:
        """Whether an entry of that type is written along with it."""
        return any(entry.type == type for entry in self._entries())

    def _entries(self) -> Iterable[Entry]:
        if self.edits or self.before is None:
            return [edit.entry for edit in self.edits if isinstance(edit, AddEntry)]
        known = {entry.key for entry in self.before.log}
        return [entry for entry in self.after.log if entry.key not in known]


Effect: TypeAlias = Callable[[RecordEdit], Sequence[Edit]]


def with_effects(edit: RecordEdit, effects: Iterable[Effect]) -> RecordEdit:
    """The edit with what follows from it. Each effect sees what those before it added.

    Effects that are not built in may set fields with rules of their own, so the built-in ones look
    at the result again.
    """
    built_in = edit
    for effect in EFFECTS:
        built_in = built_in.with_edits(effect(built_in))
    found = built_in
    for effect in effects:
        if effect not in EFFECTS:
            found = found.with_edits(effect(found))
    return found if found is built_in else with_effects(found, ())


def settle_contested(edit: RecordEdit) -> list[Edit]:
    """Setting a contested field decides it."""
    if edit.before is None or CONFLICTS not in edit.before.fields:
        return []
    from plaincrm.crm.contested import settled  # hardly any record has a contested field

    return settled(edit.before, edit.edits)


def log_change(edit: RecordEdit) -> list[Edit]:
    """The log entry of a change of stage or status, and the fields that go with it: `closed`,
    `lost_reason`, `solved`.

    Raises Refused for an unknown stage or status.
    """
    record = edit.before or edit.after
    name = HISTORIED.get(record.kind.name)
    if name is None or name not in edit.changed:
        return []
    new = edit.after.text(name)
    if edit.before is None:
        return _unless_set(_beginning(edit.after, name, edit.context), edit)
    if not new or fold(edit.before.text(name)) == fold(new) or edit.tells(new):
        return []
    found = _unless_set(_moving(edit, edit.before, name, new), edit)
    if name in contested_fields(edit.before) and last_change(edit.after) is None:
        # Who made that change on another machine has logged it there.
        return [each for each in found if not isinstance(each, AddEntry)]
    return found


def log_consent(edit: RecordEdit) -> list[Edit]:
    """The log entry of who took back a consent, gave one, or wants no mail: the ledger of it.

    A new record gets none: its fields say it all.
    """
    before, after = edit.before, edit.after
    if before is None or before.kind.name != "contact":
        return []
    if all(before.fields.get(name) == after.fields.get(name) for name in CONSENT_FIELDS):
        return []
    if edit.told(CONSENT):
        return []
    from plaincrm.marketing.consent import changes  # hardly any edit changes a consent

    return [
        logged(edit.context.now, CONSENT, words) for words in changes(before.fields, after.fields)
    ]


def log_push(edit: RecordEdit) -> list[Edit]:
    """The log entry of an open deal whose close date moves to a later day. Where a sync left the
    date to decide on, the machine that moved it has logged it.
    """
    before, after = edit.before, edit.after
    if before is None or after.kind.name != "deal" or "close_date" not in edit.changed:
        return []
    if "close_date" in contested_fields(before):
        return []
    from plaincrm.sales import close_dates, deals  # few edits move a date

    text = close_dates.put_off(before, after)
    status = deals.stage_status(after, edit.context)
    if not text or status != "open" or edit.told(PUT_OFF):
        return []
    return [logged(edit.context.now, PUT_OFF, text)]


def company_of_contact(edit: RecordEdit) -> list[Edit]:
    """The company of a deal's contact, where the deal gets one and names no company itself.

    It is written down, since people move on and a deal stays with those who bought. What is
    imported stays as it came.
    """
    deal = edit.after
    is_asked = edit.before is None or "contact" in edit.changed
    if deal.kind.name != "deal" or not is_asked or edit.command == "import":
        return []
    if "company" in edit.changed or deal.fields.get("company"):
        return []
    store = edit.context.store
    contact = next(iter(store.follow(deal, "contact")), None)
    companies = store.follow(contact, "company") if contact is not None else []
    return [SetField("company", companies[0].id)] if len(companies) == 1 else []


EFFECTS: tuple[Effect, ...] = (
    settle_contested,
    log_change,
    log_consent,
    log_push,
    company_of_contact,
)


def last_change(record: Record) -> tuple[str, str, str] | None:
    """(field, what the log says last, what the field says) where a deal's stage or a ticket's
    status and its log disagree; None where they agree, the log says nothing, or a sync left the
    field to decide on: its log then tells of both."""
    name = HISTORIED.get(record.kind.name)
    changes = [entry for entry in record.log if entry.type == name and entry.change]
    now = record.text(name) if name else ""
    if not name or not changes or not now or name in contested_fields(record):
        return None
    newest = changes[0] if record.timeline.newest_first else changes[-1]
    last = max(changes, key=lambda entry: (entry.at, entry is newest))
    logged = last.change[1] if last.change else ""
    same = logged.casefold().rstrip(".") == now.casefold() or logged.casefold().startswith(
        f"{now.casefold()} "
    )
    return None if same else (name, logged, now)


def hand_made(
    record: Record,
    edits: Iterable[Edit],
    committed: Callable[[], str],
    by_hand: Callable[[], bool],
    context: Context,
) -> list[Edit]:
    """The log entry of a stage or status that was changed in an editor, and is committed along with
    `edits`. It goes before what the edits log.

    `committed` gives the record's text as git has it; it is asked only where the log lags behind
    the field, or says nothing of it in a file that was edited `by_hand`.
    """
    name = HISTORIED.get(record.kind.name, "")
    now = record.text(name)
    if not now or any(_leads(edit, name, now) for edit in edits):
        return []
    behind = last_change(record)
    silent = not any(entry.type == name and entry.change for entry in record.log)
    if behind is None and not (silent and by_hand()):
        return []
    text = committed()
    before = now
    if text:
        was = Record.read(record.kind, record.id, record.path, text, record.log_settings)
        before = was.text(name)
    if fold(before) == fold(now):
        return []
    return [logged(context.now, name, f"{behind[1] if behind else before} -> {now}")]


def _leads(edit: Edit, type: str, to: str) -> bool:
    if not isinstance(edit, AddEntry) or edit.entry.type != type:
        return False
    return edit.entry.change is not None and fold(edit.entry.change[1]) == fold(to)


def _moving(edit: RecordEdit, before: Record, name: str, new: str) -> list[Edit]:
    """What a change from the stage or status of `before` to `new` writes."""
    if name == "status":
        return tickets.set_status(before, new, edit.context)
    if "pipeline" in edit.changed:
        return [logged(edit.context.now, "stage", f"{before.text(name)} -> {new}")]
    return stages.move(before, new, edit.context)


def _beginning(record: Record, name: str, context: Context) -> list[Edit]:
    """What a record that is new in its stage or status gets: no entry, since nothing moved, but the
    day on which it ended.
    """
    if name == "stage":
        return stages.closing(record, context)
    return tickets.solving(record, context)


def _unless_set(edits: Sequence[Edit], edit: RecordEdit) -> list[Edit]:
    return [
        each
        for each in edits
        if not (isinstance(each, SetField | DeleteField) and each.field in edit.changed)
    ]


def _edited(record: Record, edits: Sequence[Edit]) -> Record:
    """The record after the edits; the file's text is edited only where its body is asked for."""
    named = [edit for edit in edits if isinstance(edit, FIELD_EDITS)]
    values = new_values(record.fields, named)
    kept = {name: raw for name, raw in record.fields.items() if name not in values}
    set_to = {name: raw for name, raw in values.items() if raw is not None}

    def load() -> str:
        zone = record.log_settings.zone
        return apply(record.load(), edits, record.kind.order, record.kind.keys, zone)

    return Record(record.kind, record.id, record.path, kept | set_to, load, record.log_settings)
