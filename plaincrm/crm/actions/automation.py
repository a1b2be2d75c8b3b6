"""The rules of a book at work: run those that are asked by the day, try them on a record, tell what
they did.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value
from plaincrm.crm.automations.cause import rule_entries
from plaincrm.crm.automations.engine import Engine
from plaincrm.crm.automations.rule import Rule
from plaincrm.crm.automations.rule_files import Rules, rules_of
from plaincrm.crm.automations.rule_steps import Fired
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import NotFound, did_you_mean

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


@value
class RuleState:
    """A rule, the kinds that it is about, how often it fired and when it did last."""

    rule: Rule
    kinds: tuple[str, ...]
    times: int = 0
    last: date | None = None


@value
class RuleTrial:
    """What a rule would write into a record: `diff` of all files. `done`: it has fired for that
    cause already.
    """

    fired: Fired
    diff: str
    done: bool


def rules(book: Book) -> Rules:
    """The rules of the book."""
    return rules_of(book.settings, book.source)


def named(book: Book, name: str) -> Rule:
    """The rule of that name. Raises NotFound."""
    found = rules(book).by_name
    if name not in found:
        hint = did_you_mean(name, found) or "plaincrm automation list shows them"
        raise NotFound(f'there is no rule "{name}"', hint)
    return found[name]


def states(book: Book) -> list[RuleState]:
    """Every rule with what the logs of all records tell of it."""
    engine = Engine(rules(book), book.context)
    days: dict[str, list[date]] = {}
    for record in book.store.all() if engine.rules.rules else ():
        for entry in rule_entries(record):
            days.setdefault(entry.text.partition(": ")[0], []).append(entry.date)
    kinds = book.schema.kinds.values()
    found = []
    for rule in engine.rules.rules:
        about = tuple(
            kind.plural
            for kind in kinds
            if any(each.rule.name == rule.name for each in engine.of_kind(kind))
        )
        fired = days.get(rule.name, [])
        found.append(RuleState(rule, about, len(fired), max(fired, default=None)))
    return found


def trial(book: Book, record: Record, names: Sequence[str] = ()) -> list[RuleTrial]:
    """What the rules that hold of a record would write, each by itself. Nothing is written."""
    engine = Engine(rules(book), book.context)
    found = []
    for fired, done in list(engine.of_record(record)):
        if not names or fired.rule.name in names:
            change = book.change("", "automation")
            if change.rules is not None:
                change.rules.obey(fired, record)
            found.append(RuleTrial(fired, change.diff(), done))
            book.store.put(record)
    return found


def run(book: Book, names: Sequence[str] = ()) -> Staged:
    """Stage what the rules that are asked by the day write, once for each record and cause."""
    engine = Engine(rules(book), book.context)
    change = book.change("", "automation")
    after: dict[str, Record] = {}
    if change.rules is None:
        return staged(change, "Run rules")
    fired = [each for kind in book.schema.kinds.values() for each in engine.of_today(kind)]
    for each in fired:
        if names and each.rule.name not in names:
            continue
        record = after.get(each.record.ref, each.record)
        again = engine.fire(each.rule, record, each.cause, each.day) or each
        after[record.ref] = change.rules.obey(again, record)
    told = ", ".join(dict.fromkeys(each.rule.name for each in change.rules.fired))
    return staged(change, f"Run rules: {told}", after.values())
