"""Scores as facts, so that queries, segments, columns and `today` know them."""

from __future__ import annotations

from decimal import Decimal

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record

_TENTH = Decimal("0.1")


def _score(record: Record, context: Context) -> Decimal | None:
    """To one place: the rest says nothing, and makes columns hard to read."""
    from plaincrm.sales.rule_score import rule_score

    found = rule_score(record, context)
    return None if found is None else found.score.quantize(_TENTH)


def _hot(record: Record, context: Context) -> bool:
    from plaincrm.sales.rule_score import rule_score
    from plaincrm.sales.scoring import SECTION

    found = rule_score(record, context)
    return found is not None and found.score >= context.settings.section(SECTION).hot


def _learned(record: Record, context: Context) -> Decimal | None:
    from plaincrm.sales.learned import score_of

    found = score_of(record, context)
    return found.score if found else None


def _facts(kind: str) -> tuple[Fact, ...]:
    return (
        Fact(kind, "score", "number", Needs.STORE, "Its points by the rules of `score:`", _score),
        Fact(kind, "is:hot", "bool", Needs.STORE, "Its score is high: see `score:`", _hot),
    )


def _log_types(record: Record, context: Context) -> tuple[tuple[str, str, int], ...] | None:
    from plaincrm.sales.log_counts import log_types

    return log_types(record, context)


FACTS = (
    Fact("*", "_log_types", "plain", Needs.FILE, "The types of its log entries", _log_types),
    *_facts("contact"),
    *_facts("company"),
    *_facts("deal"),
    Fact(
        "deal",
        "learned_score",
        "number",
        Needs.STORE,
        "Its chance in per cent, learned from deals that ended",
        _learned,
    ),
)
