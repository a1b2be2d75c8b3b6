"""Scores as a listing, and with `why` their terms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from plaincrm.crm.reports.scores import ScoredRecord, Scores
from plaincrm.sales.naive_bayes import LearnedTerm
from plaincrm.sales.rule_score import ScoreTerm
from plaincrm.views import numbers
from plaincrm.views.doc import Doc, DocSection
from plaincrm.views.rows import ListColumn, Rows

_CENT = Decimal("0.01")


def score_rows(found: Scores, *, with_learned: bool, why: bool) -> Rows:
    """A line a record, the best first; with `why` a line for each of its terms, too."""
    columns = [
        ListColumn("record", lambda line: line[0].record.ref if line[1] is None else ""),
        ListColumn("name", lambda line: line[0].record.title if line[1] is None else ""),
        ListColumn("score", _score, right=True, whole=True),
    ]
    if with_learned:
        columns.append(ListColumn("learned", _learned, right=True, whole=True))
    if why:
        columns.append(ListColumn("term", _term))
    lines: list[tuple[ScoredRecord, Any]] = []
    for each in found.found:
        lines.append((each, None))
        if why:
            lines += [(each, term) for term in _terms(each)]
    return Rows(
        "score",
        found.total,
        lines,
        columns,
        lambda line: _json(line[0]),
        lambda line: line[0].record.ref,
        lambda line: line[0].record.path,
    )


def score_doc(rows: Rows, kind: str, day: date) -> Doc:
    """The listing as a document, for a page."""
    title = f"scores of {kind}, {day}"
    return Doc("score", title, (DocSection("", (rows,)),), rows.total)


def _terms(each: ScoredRecord) -> list[ScoreTerm | LearnedTerm]:
    return [
        *(each.rules.terms if each.rules else ()),
        *(each.learned.terms if each.learned else ()),
    ]


def _score(line: tuple[ScoredRecord, Any]) -> str:
    each, term = line
    if isinstance(term, ScoreTerm):
        return ("+" if term.points >= 0 else "") + numbers.amount(term.points)
    if term is not None or each.rules is None:
        return "" if term is not None else numbers.NONE
    return numbers.in_unit(each.rules.score, "score")


def _learned(line: tuple[ScoredRecord, Any]) -> str:
    each, term = line
    if isinstance(term, LearnedTerm):
        return f"× {numbers.amount(term.lift)}"
    if term is not None:
        return ""
    if each.learned is None:
        return numbers.NONE
    return f"{each.learned.score}%" + ("" if each.enough else " ?")


def _term(line: tuple[ScoredRecord, Any]) -> str:
    _, term = line
    if isinstance(term, ScoreTerm):
        since = f", of {numbers.amount(term.full)} on {term.on}" if term.on else ""
        group = f"{term.group}: " if term.group else ""
        return f"{group}{term.rule}{since}"
    if isinstance(term, LearnedTerm):
        return f"{term.field}: {term.value}" if term.value else term.field
    return ""


def _json(each: ScoredRecord) -> dict[str, Any]:
    rules, learned = each.rules, each.learned
    return {
        "kind": each.record.kind.name,
        "id": each.record.id,
        "score": None if rules is None else float(rules.score.quantize(_CENT)),
        "terms": [_rule_json(term) for term in rules.terms] if rules else [],
        "learned": float(learned.score) if learned else None,
        "learnedTerms": [_learned_json(term) for term in learned.terms] if learned else None,
        "enough": each.enough,
    }


def _rule_json(term: ScoreTerm) -> dict[str, Any]:
    return {
        "rule": term.rule,
        "group": term.group or None,
        "points": float(term.points.quantize(_CENT)),
        "full": float(term.full),
        "on": term.on.isoformat() if term.on else None,
    }


def _learned_json(term: LearnedTerm) -> dict[str, Any]:
    return {
        "field": term.field,
        "value": term.value or None,
        "won": float(term.won),
        "lost": float(term.lost),
    }
