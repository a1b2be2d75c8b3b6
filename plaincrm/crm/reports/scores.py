"""The scores of records: by the book's rules, and of open deals what was learned."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from plaincrm.core.query import Query
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.value_class import value
from plaincrm.sales import learned
from plaincrm.sales.naive_bayes import LearnedScore
from plaincrm.sales.rule_score import RuleScore, rule_score

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


@value
class ScoredRecord:
    """A record with its score by rules, and what was learned; `enough`: whether there is history
    enough for the learned score to mean anything.
    """

    record: Record
    rules: RuleScore | None
    learned: LearnedScore | None
    enough: bool

    @property
    def rank(self) -> Decimal:
        """What a list of scores is ordered by."""
        return self.rules.score if self.rules else Decimal(0)


@value
class Scores:
    """The records in the order of their scores, the best first. `history`: by pipeline, what there
    is of won and lost deals, where it is not enough.
    """

    kind: Kind
    query: Query
    found: tuple[ScoredRecord, ...]
    total: int
    history: tuple[str, ...]


def scores(
    book: Book,
    kind: Kind,
    words: Sequence[str],
    *,
    with_learned: bool = False,
    force: bool = False,
    limit: int | None = None,
) -> Scores:
    """The scores of the records that a query selects, `limit` of the best; learned ones are those
    of open deals.
    """
    context = book.context
    selection = book.select(kind, words)
    wanted = with_learned and kind.name == "deal"
    found = []
    for record in selection.records:
        own = learned.score_of(record, context, force=force) if wanted else None
        model = learned.model_of(record, context) if wanted else None
        enough = model.enough if model else not wanted
        found.append(ScoredRecord(record, rule_score(record, context), own, enough))
    if not selection.query.sort:
        found.sort(key=_by_learned if wanted else _by_rules)
    history = _history(book) if wanted else ()
    return Scores(kind, selection.query, tuple(found[:limit]), selection.total, history)


def _by_rules(each: ScoredRecord) -> tuple[Decimal, str]:
    return -each.rank, each.record.ref


def _by_learned(each: ScoredRecord) -> tuple[Decimal, Decimal, str]:
    score = each.learned.score if each.learned else Decimal(-1)
    return -score, -each.rank, each.record.ref


def _history(book: Book) -> tuple[str, ...]:
    models = learned.models(book.context)
    if not models:
        return ("no deal was won or lost yet",)
    return tuple(f"{name}: {model.history}" for name, model in models.items() if not model.enough)
