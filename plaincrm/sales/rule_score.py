"""The score of a record by the book's rules: `points × 0.5^(age / half-life)`, summed in each
group up to its limit, then in all from 0 to 100.

The age counts from the day of the entry that matches: where the rule asks for log entries, of the
latest of them; else from the day on which the record began.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal

from plaincrm.core.query import compile as compile_query
from plaincrm.core.query.compiler import Compiler
from plaincrm.core.query.resolve import Keep
from plaincrm.core.query.syntax import And, Compare, Exists, Node, Not, Or
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.value_class import value
from plaincrm.errors import QueryError
from plaincrm.sales.log_counts import log_count
from plaincrm.sales.scoring import SECTION, ScoreRule

MOST = Decimal(100)
_HALF = 0.5
Latest = Callable[[Record], date | None]


@value
class ScoreTerm:
    """What one rule adds: `points` now, of `full` when it was fresh, `on` the day it dates from."""

    rule: str
    group: str
    points: Decimal
    full: Decimal
    on: date | None = None


@value
class RuleScore:
    """The score of a record, and the terms that it is made of; limits may make it less than their
    sum.
    """

    score: Decimal
    terms: tuple[ScoreTerm, ...]


@value
class _Compiled:
    rule: ScoreRule
    fits: Keep
    latest: Latest


def decayed(points: Decimal, age: int, half_life: float) -> Decimal:
    """What is left of `points` after `age` days: half after each half-life."""
    if age <= 0:
        return points
    return points * Decimal(str(_HALF ** (age / half_life)))


def rule_score(record: Record, context: Context) -> RuleScore | None:
    """The score of a record; None of a kind without rules. A rule that can't be read, or lacks a
    rate, gives nothing; `check` tells of it.
    """
    rules = _rules(record.kind, context)
    if not rules:
        return None
    terms = tuple(term for rule in rules for term in _term(rule, record, context))
    limits = context.settings.section(SECTION).limits
    return RuleScore(_total(terms, limits), terms)


def _total(terms: Sequence[ScoreTerm], limits: Mapping[str, Decimal]) -> Decimal:
    sums: dict[str, Decimal] = {}
    for term in terms:
        sums[term.group] = sums.get(term.group, Decimal(0)) + term.points
    capped = (
        min(amount, limits[group]) if group in limits else amount for group, amount in sums.items()
    )
    return min(max(sum(capped, Decimal(0)), Decimal(0)), MOST)


def _term(compiled: _Compiled, record: Record, context: Context) -> Iterator[ScoreTerm]:
    try:
        if not compiled.fits(record):
            return
    except QueryError:
        return
    rule = compiled.rule
    name, group, full = rule.name or rule.when, rule.group, rule.points
    if rule.half_life is None and rule.within is None:
        yield ScoreTerm(name, group, full, full)
        return
    on = compiled.latest(record)
    age = (context.today - on).days if on else None
    if rule.within is not None:
        if age is not None and age <= rule.within.days:
            yield ScoreTerm(name, group, full, full, on)
    elif rule.half_life is not None and age is not None:
        yield ScoreTerm(name, group, decayed(full, age, rule.half_life.days), full, on)


def _rules(kind: Kind, context: Context) -> tuple[_Compiled, ...]:
    """The rules of a kind, compiled once for a book."""
    found: tuple[_Compiled, ...] = context.shared(
        f"score rules of {kind.name}", lambda _: _compile(kind, context)
    )
    return found


def _compile(kind: Kind, context: Context) -> tuple[_Compiled, ...]:
    compiled = []
    for rule in context.settings.section(SECTION).rules:
        if rule.kind != kind.name:
            continue
        with suppress(QueryError):
            compiled.append(_compiled(rule, kind, context))
    return tuple(compiled)


def _compiled(rule: ScoreRule, kind: Kind, context: Context) -> _Compiled:
    """Rules that count entries of a type are answered by a kept fact; all others ask the query."""
    query = compile_query([rule.when], kind, context)
    counts = log_count(query.selection.tree)
    if counts is not None:
        return _Compiled(
            rule,
            lambda record: counts.fits(record, context),
            lambda record: counts.latest(record, context),
        )
    return _Compiled(rule, query.matches, _latest(rule, kind, context))


def _latest(rule: ScoreRule, kind: Kind, context: Context) -> Latest:
    """The day that a rule dates from, of a record that it fits."""
    path = _log_path(compile_query([rule.when], kind, context).selection.tree)
    if path is None:
        return lambda record: context.fact(record, "began")
    place = Compiler(context, kind).paths.place(kind, path.path, rule.when)

    def latest(record: Record) -> date | None:
        entries = place.follow(record) if place.follow else []
        days = [date.fromisoformat(entry.text("at")[:10]) for entry in entries]
        return max(days, default=None)

    return latest


def _log_path(tree: Node) -> Exists | None:
    """The first path of a query that leads to entries of a log, up to them."""
    if isinstance(tree, And | Or):
        found = (_log_path(part) for part in tree.parts)
        return next((path for path in found if path is not None), None)
    if isinstance(tree, Not):
        return None
    if isinstance(tree, Compare | Exists):
        names = [step.name for step in tree.path]
        if "log" in names:
            return Exists(tree.path[: names.index("log") + 1], tree.source)
    return None
