"""Lead scores by rules: decay, groups, limits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plaincrm.core.query import compile as compile_query
from plaincrm.core.records.facts import Context
from plaincrm.core.schema.settings_file import parse
from plaincrm.crm.settings_sections import NAMES
from plaincrm.sales.log_counts import log_count
from plaincrm.sales.rule_score import RuleScore, decayed, rule_score
from tests.contexts import context


@pytest.mark.parametrize(("age", "left"), [(0, "20"), (30, "10"), (45, "7.07"), (90, "2.5")])
def test_points_halve_with_each_half_life(age: int, left: str) -> None:
    assert round(decayed(Decimal(20), age, 30), 2) == Decimal(left)


ADA = (
    "---\nname: Ada\nsource: Referral\ntags: [vip]\ncreated: 2026-09-22\n---\n## Log\n"
    "- 2026-01-05 meeting: First\n- 2026-10-22 meeting: Second\n- 2026-08-01 call: Later\n"
)


def scored(score: str, text: str = ADA, today: str = "2026-11-21") -> RuleScore:
    book = _book(score, text, today)
    (record,) = book.store.records("contact")
    found = rule_score(record, book)
    assert found is not None
    return found


def _book(score: str, text: str = ADA, today: str = "2026-11-21") -> Context:
    settings = parse(f"score: {score}", pillars=NAMES)
    return context({"contacts/ada.md": text}, today, settings)


def test_each_rule_that_fits_is_a_term() -> None:
    found = scored(
        "[{when: source:referral, points: 20}, {when: +vip, points: 5}, {when: +x, points: 9}]"
    )
    assert found.score == 25
    assert [(term.rule, term.points) for term in found.terms] == [
        ("source:referral", 20),
        ("+vip", 5),
    ]


@pytest.mark.parametrize(
    ("rule", "points", "on"),
    [
        # The latest entry that matches counts, 30 days ago.
        ("{when: 'log(type:meeting).count:1..', points: 20, half_life: 30d}", "10", "2026-10-22"),
        ("{when: 'log(type:meeting)', points: 20, half_life: 30d}", "10", "2026-10-22"),
        ("{when: +vip, points: 20, half_life: 60d}", "10", "2026-09-22"),
        ("{when: 'log(type:meeting).count:1..', points: 20, within: 30d}", "20", "2026-10-22"),
    ],
)
def test_age_counts_from_the_entry_else_from_the_beginning(rule: str, points: str, on: str) -> None:
    (term,) = scored(f"[{rule}]").terms
    assert (str(round(term.points, 2)).rstrip("0").rstrip("."), str(term.on)) == (points, on)
    assert term.full == 20


def test_within_ends_at_once() -> None:
    found = scored("[{when: 'log(type:meeting).count:1..', points: 20, within: 29d}]")
    assert (found.score, found.terms) == (0, ())


def test_groups_have_limits_and_the_whole_ends_at_a_hundred() -> None:
    rules = ", ".join(f"{{when: +vip, points: {n}, group: fit}}" for n in (30, 30))
    fit = scored(f"{{rules: [{rules}, {{when: +vip, points: 7}}], limits: {{fit: 40}}}}")
    assert fit.score == 47 and len(fit.terms) == 3
    assert scored(f"[{rules}, {{limits: {{fit: 40}}}}]").score == 40
    assert scored(f"[{rules}, {{when: +vip, points: 50}}]").score == 100
    assert scored("[{when: +vip, points: -50}]").score == 0


def test_scores_are_facts() -> None:
    rules = "[{when: +vip, points: 60}, {when: is:open, points: 40, kind: deal}]"
    book = _book(rules)
    (record,) = book.store.records("contact")
    assert (book.fact(record, "score"), book.fact(record, "is:hot")) == (Decimal("60.0"), True)
    cool = _book("{rules: [{when: +vip, points: 60}], hot: 61}")
    (record,) = cool.store.records("contact")
    assert book.fact(record, "is:hot") and not cool.fact(record, "is:hot")


def test_a_kind_without_rules_has_no_score() -> None:
    book = _book("[{when: is:open, points: 1, kind: deal}]")
    (record,) = book.store.records("contact")
    assert book.fact(record, "score") is None and book.fact(record, "is:hot") is False


def test_a_broken_rule_gives_nothing_and_stops_nobody() -> None:
    assert scored("[{when: sorce:x, points: 20}, {when: +vip, points: 5}]").score == 5


COUNTS = [
    "log(type:meeting)",
    "log(type:meeting).count:1..",
    "log(type:meeting,call).count:3",
    "log(type:meeting).count:3..",
    "log(type:meeting).count:..1",
    "log(type:email).count:0",
    "log(type:Call).count:1",
]


@pytest.mark.parametrize("when", COUNTS)
def test_a_count_of_entries_is_kept_and_says_what_the_query_says(when: str) -> None:
    book = _book("[]")
    (record,) = book.store.records("contact")
    query = compile_query([when], record.kind, book)
    counts = log_count(query.selection.tree)
    assert counts is not None
    assert counts.fits(record, book) == query.matches(record)


@pytest.mark.parametrize(
    "when",
    [
        "log(type:meeting at:2026).count:1..",
        "log.count:1..",
        "log(type:m*)",
        "+vip",
        "tasks.count:1",
    ],
)
def test_any_other_query_is_asked_itself(when: str) -> None:
    book = _book("[]")
    (record,) = book.store.records("contact")
    assert log_count(compile_query([when], record.kind, book).selection.tree) is None
