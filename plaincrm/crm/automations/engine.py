"""Which rules fire: for a change of a record, and on a day.

Each rule is compiled once for each kind that it may be about. A rule whose queries name a field
that a kind has not is not about that kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from plaincrm.core import query
from plaincrm.core.query import Query
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.value_class import changed, value
from plaincrm.crm.automations.cause import has_fired, of_change, of_day
from plaincrm.crm.automations.rule import Rule
from plaincrm.crm.automations.rule_files import Rules
from plaincrm.crm.automations.rule_steps import Fired, fired, moment_of
from plaincrm.crm.automations.watched import watched
from plaincrm.errors import QueryError, Refused

# How far back the day is looked for on which a query began to hold. A cron job that did not run for
# a month is as long as a holiday gets.
_DAYS_BACK = 31


@value
class CompiledRule:
    """A rule for one kind: its queries, and the names that they look at."""

    rule: Rule
    on: Query
    when: Query

    @property
    def names(self) -> list[str]:
        """What the rule looks at: `on:` first."""
        return watched((self.on if self.rule.on else self.when).selection.tree)


class Engine:
    """The rules of a book, asked for records. `context` tells what queries need."""

    def __init__(self, rules: Rules, context: Context) -> None:
        self.rules = rules
        self.context = context
        self.refused: list[str] = []
        self._compiled: dict[str, tuple[CompiledRule, ...]] = {}

    def of_kind(self, kind: Kind) -> tuple[CompiledRule, ...]:
        """The rules that are about a kind, in their order."""
        if kind.name not in self._compiled:
            found = (compiled(rule, kind, self.context) for rule in self.rules.rules)
            self._compiled[kind.name] = tuple(each for each in found if each is not None)
        return self._compiled[kind.name]

    def after_change(self, before: Record | None, after: Record) -> list[tuple[Rule, str]]:
        """The rules that a change starts, each with its cause. All are asked of the change as it
        was made: what one of them writes starts no other.
        """
        found = []
        for each in self.of_kind(after.kind):
            if each.rule.timed or not each.on.matches(after) or not each.when.matches(after):
                continue
            if before is not None and each.on.matches(before):
                continue
            cause = of_change(each.names, before, after)
            if not has_fired(after, each.rule.name, cause, self.context.today):
                found.append((each.rule, cause))
        return found

    def of_today(self, kind: Kind) -> Iterator[Fired]:
        """What the rules that are asked by the day write for the records of a kind."""
        for each in self.of_kind(kind):
            if each.rule.timed:
                for record in each.when.all():
                    cause = of_day(each.names, record, self.context)
                    if not has_fired(record, each.rule.name, cause, None):
                        day = self._since(each.rule, record)
                        if found := self.fire(each.rule, record, cause, day):
                            yield found

    def of_record(self, record: Record) -> Iterator[tuple[Fired, bool]]:
        """What each rule that holds of the record would write, and whether it has done so."""
        for each in self.of_kind(record.kind):
            if not each.on.matches(record) or not each.when.matches(record):
                continue
            day = self.context.today
            if each.rule.timed:
                cause = of_day(each.names, record, self.context)
                day = self._since(each.rule, record)
            else:
                cause = of_change(each.names, None, record)
            done = has_fired(record, each.rule.name, cause, None)
            if found := self.fire(each.rule, record, cause, day):
                yield found, done

    def fire(self, rule: Rule, record: Record, cause: str, day: date | None = None) -> Fired | None:
        """The rule at work; one that can't be is told of in `refused`, and stops nobody."""
        try:
            return fired(rule, record, cause, day or self.context.today, self.context)
        except Refused as error:
            self.refused.append(f"rule {rule.name}: {record.ref}: {error.message}")
            return None

    def _since(self, rule: Rule, record: Record) -> date:
        """The day on which the rule's query began to hold, so that every machine that runs it
        later writes the same; today where it held for longer than anybody looks back.
        """
        day = self.context.today
        for _ in range(_DAYS_BACK):
            before = day - timedelta(days=1)
            past = changed(self.context, now=moment_of(before, self.context), memo={}, keep=None)
            if not query.compile(rule.when, record.kind, past).matches(record):
                return day
            day = before
        return self.context.today


def compiled(rule: Rule, kind: Kind, context: Context) -> CompiledRule | None:
    """The rule for a kind; None where it is not about it."""
    if rule.kind and rule.kind != kind.name:
        return None
    try:
        on = query.compile(rule.on, kind, context)
        return CompiledRule(rule, on, query.compile(rule.when, kind, context))
    except QueryError:
        return None
