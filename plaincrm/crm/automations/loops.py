"""Rules that may run in a circle: one that sets what it watches, and two that feed each other.

No circle closes within one change, since what a rule writes starts none. But the next change of
the record goes on with it, so `check` warns.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from plaincrm.core.records.facts import Context
from plaincrm.core.schema.kinds import Kind
from plaincrm.crm.automations.engine import CompiledRule, compiled
from plaincrm.crm.automations.rule import Rule
from plaincrm.crm.automations.rule_files import Rules
from plaincrm.crm.automations.watched import behind, watched

_WRITTEN = {
    "tag": "tags",
    "task": "tasks",
    "log": "log",
    "next": "next",
    "assign": "owner",
    "enrol": "log",
    "leave": "log",
}


def broken(rules: Rules, context: Context) -> Iterator[tuple[Rule, str]]:
    """The rules that are about no kind, and why not."""
    for rule in rules.rules:
        named = [context.store.schema.kinds[rule.kind]] if rule.kind else []
        kinds = named or list(context.store.schema.kinds.values())
        if not any(compiled(rule, kind, context) for kind in kinds):
            what = f"of {named[0].plural}" if named else "of any kind"
            yield rule, f"its queries can't be asked {what}"


def loops(rules: Rules, context: Context) -> Iterator[tuple[Rule, str]]:
    """The rules that may feed themselves, or each other, and what by."""
    told: set[tuple[str, str, str]] = set()
    for kind in context.store.schema.kinds.values():
        of_kind = [
            each for rule in rules.rules if (each := compiled(rule, kind, context)) is not None
        ]
        for one in of_kind:
            if shared := _feeds(one, one):
                told.add((one.rule.name, one.rule.name, shared))
        for one, other in combinations(of_kind, 2):
            shared, back = _feeds(one, other), _feeds(other, one)
            if shared and back:
                told.add((one.rule.name, other.rule.name, f"{shared} and {back}"))
    for name, with_, what in sorted(told):
        said = f"sets {what}, which it watches itself"
        if with_ != name:
            said = f'and the rule "{with_}" feed each other by {what}'
        yield rules.by_name[name], said


def _feeds(one: CompiledRule, other: CompiledRule) -> str:
    """The field by which a rule may start another; empty where there is none."""
    wanted = {behind(name) for name in watches(other)}
    return next((name for name in written(one.rule, one.on.kind) if name in wanted), "")


def written(rule: Rule, kind: Kind) -> list[str]:
    """The fields and lines of the record that a rule writes."""
    fields = [name for name, _ in rule.actions.set]
    lines = [_WRITTEN[word] for word in rule.actions.words if word in _WRITTEN]
    for word in ("enrol", "leave") if kind.name != "contact" else ():
        if word in rule.actions.words:
            lines.remove("log")
    return list(dict.fromkeys([*fields, *lines]))


def watches(each: CompiledRule) -> list[str]:
    """What starts a rule: the names of `on:`, or of `when:` where it is asked by the day. A `when:`
    beside an `on:` only stops it.
    """
    return watched((each.on if each.rule.on else each.when).selection.tree)
