"""What is wrong with one record: its front matter, its fields, its log and tasks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cached_property

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Field, refusal
from plaincrm.core.text.fold import fold
from plaincrm.core.text.text_file import LINE_END
from plaincrm.core.values import money
from plaincrm.core.values.raw import Raw, items
from plaincrm.core.yaml.positions import FieldPlaces
from plaincrm.core.yaml.unquoted import quoted
from plaincrm.crm.checking.spelling import sure_spelling
from plaincrm.crm.effects import last_change
from plaincrm.errors import Level, Problem, did_you_mean
from plaincrm.sales.deals import is_bare_one
from plaincrm.support.ticket_history import history

_NEAR = 0.83  # of two names, above which one is taken for a slip of the other
_ONLY_A_TAG = re.compile(r":[ \t]+#[^\s#]")  # `tags: #vip`; a remark has a blank after its #
_BILL = re.compile(r"invoice\s+\S*\d", re.IGNORECASE)


@dataclass
class RecordCheck:
    """The problems of one record. `own_keys`: keys of no schema that are in use all over the
    kind.
    """

    record: Record
    context: Context
    own_keys: Collection[str] = ()

    def problems(self) -> Iterator[Problem]:
        yield from map(self._if_unquoted, self.record.problems)
        yield from self.record.timeline.problems
        yield from self._required()
        for name, raw in self.record.fields.items():
            yield from self._field(name, raw)
        yield from self._invoices()
        yield from self._order()
        yield from self._stage_log()

    def _if_unquoted(self, problem: Problem) -> Problem:
        """A value that only lacks its quotes is mended by `check --fix`."""
        if problem.code != "yaml-syntax" or quoted(self.record.load()) is None:
            return problem
        hint = "plaincrm check --fix puts the value between quotes: it holds a colon"
        place = (problem.path, problem.line, problem.column)
        return Problem(*place, problem.code, problem.message, hint, problem.level, True)

    @cached_property
    def places(self) -> FieldPlaces:
        return self.record.places

    def at(
        self,
        name: str,
        n: int,
        code: str,
        message: str,
        hint: str = "",
        level: Level = "error",
        fixable: bool = False,
    ) -> Problem:
        """A problem of the field's scalar number `n`; of the field itself where `n` is -1."""
        line, column = self.places.key(name) if n < 0 else self.places.value(name, n)
        return Problem(self.record.path, line, column, code, message, hint, level, fixable)

    def _required(self) -> Iterator[Problem]:
        if self.record.damaged:
            return
        for field in self.record.kind.fields.values():
            if field.required and not any(items(self.record.fields.get(field.name))):
                message = f"a {self.record.kind.name} needs a {field.name}"
                yield self.at(
                    field.name, -1, "field-missing", message, f"add a line `{field.name}: …`"
                )

    def _field(self, name: str, raw: Raw) -> Iterator[Problem]:
        kind = self.record.kind
        field = kind.fields.get(name)
        fact = self.context.facts.find(kind.name, name)
        if field is not None:
            yield from self._values(field, raw)
        elif fact is not None:
            message = f'"{name}" is computed ({fact.doc}); what is stored here is not read'
            yield self.at(name, -1, "field-computed", message, "give it another name, or delete it")
        elif name == "_conflicts":
            message = "a sync left values here that it could not decide between"
            yield self.at(name, -1, "sync-conflict", message, "plaincrm resolve", "warning")
        elif name not in self.own_keys and (near := _near(name, kind.fields)):
            message = f'unknown field "{name}"'
            yield self.at(name, -1, "field-name", message, f'did you mean "{near}"?', "warning")

    def _values(self, field: Field, raw: Raw) -> Iterator[Problem]:
        found = list(items(raw))
        if not field.many and not isinstance(raw, str) and found:
            yield self.at(
                field.name, -1, "field-several", f"{field.name} holds one value, not several"
            )
            return
        if field.name == "tags" and self.record.comma_tags:
            yield self._comma_tags([item.text for item in found])
            return
        beside = self.record.text(field.by) if field.by else ""
        allowed = field.cases.get(beside, ()) or field.values
        for n, item in enumerate(found):
            reason = refusal(field, item.text, beside)
            if reason:
                yield self._refused(field, n, item.text, reason, allowed)
        yield from self._doubles(field, [item.text for item in found])
        yield from self._slips(field, raw, [item.text for item in found])
        yield from self._odd(field, raw)

    def _comma_tags(self, tags: list[str]) -> Problem:
        message = f"tags with commas are read as {len(tags)} tags"
        hint = f"write [{', '.join(tags)}], as plaincrm check --fix does"
        return self.at("tags", 0, "tags-comma", message, hint, "warning", fixable=True)

    def _refused(
        self, field: Field, n: int, text: str, reason: str, allowed: Collection[str]
    ) -> Problem:
        meant = sure_spelling(field, text)
        hint = f"plaincrm check --fix writes {meant}" if meant else did_you_mean(text, allowed)
        if not hint and field.value_type.dated:
            reason = self._no_day(text) or reason
            hint = "write a date such as 2026-11-20"
        code = "field-enum" if field.value_type.choice else "field-value"
        return self.at(field.name, n, code, reason, hint, fixable=bool(meant))

    def _no_day(self, text: str) -> str:
        """Why a text that is no date is none, such as that February has 28 days."""
        from plaincrm.core.values.date_words import DateError
        from plaincrm.core.values.dates import parse_date

        try:
            parse_date(text, self.context.today)
        except DateError as error:
            return error.message
        return ""

    def _doubles(self, field: Field, texts: list[str]) -> Iterator[Problem]:
        if field.name not in ("tags", "aliases"):
            return
        seen = Counter[str]()
        for n, text in enumerate(texts):
            seen[fold(text)] += 1
            if seen[fold(text)] == 2:
                hint = "plaincrm check --fix takes one away"
                yield self.at(
                    field.name,
                    n,
                    "field-double",
                    f'"{text}" stands twice in {field.name}',
                    hint,
                    "warning",
                    fixable=True,
                )

    def _slips(self, field: Field, raw: Raw, texts: list[str]) -> Iterator[Problem]:
        """What YAML reads otherwise than it was meant: a list without brackets, a tag with a #."""
        for n, text in enumerate(texts):
            parts = [part.strip() for part in text.split(",") if part.strip()]
            if field.name == "tags" and len(parts) > 1:
                hint = f"write [{', '.join(parts)}]"
                message = f'"{text}" is one tag, with a comma in it'
                yield self.at("tags", n, "tags-comma", message, hint, "warning")
        if raw == "" and self._commented(field.name):
            message = f"a # begins a comment, so {field.name} is empty"
            hint = 'quote it, as "#vip", or leave the # away'
            yield self.at(field.name, -1, "value-comment", message, hint, "warning")

    def _commented(self, name: str) -> bool:
        line, _ = self.places.key(name)
        there = LINE_END.split(self.record.load())[line - 1]
        return bool(_ONLY_A_TAG.search(there))

    def _odd(self, field: Field, raw: Raw) -> Iterator[Problem]:
        if self.record.kind.name != "deal" or not isinstance(raw, str):
            return
        if field.name == "probability" and is_bare_one(raw):
            hint = "write 100% or 1%, whichever it is"
            yield self.at(
                "probability", 0, "probability-one", "1 is read as one per cent", hint, "warning"
            )
        if field.name == "pipeline" and raw and self.context.settings.pipeline(raw) is None:
            known = self.context.settings.pipelines
            hint = did_you_mean(raw, known) or f"pipelines: {', '.join(known)}"
            yield self.at("pipeline", 0, "field-enum", f'there is no pipeline "{raw}"', hint)

    def _invoices(self) -> Iterator[Problem]:
        for task in self.record.tasks:
            bill = task.invoice
            reason = ""
            if bill is not None:
                try:
                    money.parse(bill.money, self.context.settings.currency)
                except ValueError as error:
                    reason = str(error)
            elif _BILL.match(task.text):
                reason = "an invoice without a sum is no invoice yet"
            if reason:
                hint = "write it as `invoice 2026-031 1200 EUR due:2026-12-01`"
                yield Problem(self.record.path, task.line, 1, "task-invoice", reason, hint)

    def _order(self) -> Iterator[Problem]:
        if self.record.kind.name != "ticket":
            return
        zone = self.context.settings.zone
        found = history(self.record, zone)
        entries = {entry.line: entry for entry in self.record.log}
        for line in found.misplaced:
            opened = datetime.fromtimestamp(found.opened or 0, zone)
            entry = entries.get(line)
            what = f"solved on {self.record.text('solved')}"
            if entry:
                what = f"a {entry.type} of {_when(entry.at if entry.time else entry.date)}"
            message = f"{what}, but the ticket was opened on {_when(opened)}"
            said = f"{message}; it is left out of all figures"
            hint = "mend one of the two dates"
            yield Problem(self.record.path, line, 1, "log-before-opening", said, hint, "warning")

    def _stage_log(self) -> Iterator[Problem]:
        mismatch = last_change(self.record)
        if mismatch is not None:
            name, logged, now = mismatch
            message = f'{name} is "{now}", but the log ends with "{logged}"'
            hint = "plaincrm check --fix adds the entry, with the day from git"
            yield self.at(name, 0, "log-behind", message, hint, "warning", fixable=True)


def _when(moment: date) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else moment.isoformat()


def _near(name: str, known: Collection[str]) -> str:
    """The known field that `name` is most likely a slip of; empty where none is near."""
    plain = {_plain(each): each for each in known}
    if _plain(name) in plain:
        return plain[_plain(name)]
    return next(iter(get_close_matches(name.casefold(), known, 1, _NEAR)), "")


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
