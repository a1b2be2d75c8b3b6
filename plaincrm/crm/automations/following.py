"""The rules of a book beside one change of it: they follow each edit, and what they write goes into
the same change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Protocol

from plaincrm.core.records.edits import AddEntry, Edit
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import changed
from plaincrm.core.values import ids
from plaincrm.core.values.raw import Raw
from plaincrm.crm.automations.engine import Engine
from plaincrm.crm.automations.rule_files import Rules
from plaincrm.crm.automations.rule_steps import Fired
from plaincrm.errors import Refused
from plaincrm.interchange.web_form import SOURCE
from plaincrm.marketing import sequences

_WAITS = timedelta(days=7)  # how old a form may be to be answered; an export of forms is older
_TOLD = 3  # records of one rule that are told one by one


class Editing(Protocol):
    """What rules need of a change."""

    command: str

    def edit(self, record: Record, edits: Iterable[Edit]) -> Record: ...
    def create(self, kind: Kind, fields: Mapping[str, Raw]) -> Record: ...


class RuleFollower:
    """Follows the edits of a change. `fired` are the rules that did something; `busy` is true while
    one writes, since what it writes starts no other.
    """

    def __init__(self, rules: Rules, context: Context, change: Editing) -> None:
        self.engine = Engine(rules, context)
        self.change = change
        self.fired: list[Fired] = []
        self.busy = False

    def follow(self, before: Record | None, after: Record) -> Record:
        """The record once the rules have followed its change."""
        if self.busy:
            return after
        for rule, cause in self.engine.after_change(before, after):
            fired = self.engine.fire(rule, after, cause)
            after = self.obey(fired, after) if fired else after
        return after

    def obey(self, fired: Fired, record: Record) -> Record:
        """Stage what a rule writes; the record as it will be. What the schema refuses is told of,
        and stops nobody.
        """
        if self.change.command == "import" and not _asks_now(record, self.engine.context):
            fired = _quiet(fired)
        self.busy = True
        try:
            after = self.change.edit(record, fired.edits)
            for other, edits in fired.others:
                self.change.edit(other, edits)
            for kind, fields in fired.added:
                self._add_once(self.engine.context.store.schema.kinds[kind], fields)
        except Refused as error:
            said = f"rule {fired.rule.name}: {record.ref}: {error.message}"
            self.engine.refused.append(said)
            return record
        finally:
            self.busy = False
        self.fired.append(fired)
        return after

    @property
    def told(self) -> list[str]:
        """What the rules did, and which of them could not; many records of one rule are counted."""
        lines: dict[str, list[str]] = {}
        for each in self.fired:
            lines.setdefault(each.rule.name, []).append(each.told)
        said = []
        for name, found in lines.items():
            few = len(found) <= _TOLD
            said += found if few else [f"rule {name}: {len(found)} records"]
        return [*said, *self.engine.refused]

    def _add_once(self, kind: Kind, fields: Mapping[str, Raw]) -> None:
        """A new record, unless there is one of its name: the other machine may have made it."""
        context = self.engine.context
        id = ids.slug(str(fields.get(kind.title, "")), kind.name)
        if context.store.get(kind.name, id) is None:
            dated = {"created": context.today.isoformat()} if "created" in kind.fields else {}
            kept = {name: raw for name, raw in fields.items() if raw}
            self.change.create(kind, {**kept, **dated})


def _asks_now(record: Record, context: Context) -> bool:
    """Whether the record is a lead that a web form brought, from somebody who wrote this week."""
    if fold(record.text("source")) != SOURCE:
        return False
    since = context.today - _WAITS
    days = [each.date for each in record.log if each.type == "message" and each.direction == "in"]
    return record.kind.name == "contact" and any(day >= since for day in days)


def _quiet(fired: Fired) -> Fired:
    """Without mails and sequences: a file of a thousand old customers is no reason to write to
    them.
    """
    kept = [
        edit
        for edit in fired.edits
        if not (isinstance(edit, AddEntry) and edit.entry.type == sequences.TYPE)
    ]
    return changed(fired, edits=tuple(kept), others=(), drafts=())
