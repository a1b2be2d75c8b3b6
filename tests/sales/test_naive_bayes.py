"""The learned score, against Odoo's own tests."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plaincrm.sales.naive_bayes import LearnedTerm, Model, Sample

STAGES = ("s0", "s1", "s2")


def sample(country: int, state: int, source: int, stage: int, won: bool = False) -> Sample:
    traits = (("country", str(country)), ("state", str(state)), ("source", str(source)))
    return Sample(stage, traits, won)


OPEN = sample(0, 1, 2, 1)


@pytest.mark.parametrize(
    ("ended", "score"),
    [
        ([sample(0, 0, 0, 0), sample(1, 1, 1, 1), sample(2, 2, 2, 2, True)], "33.49"),
        ([sample(0, 1, 1, 2), sample(0, 1, 2, 1), sample(0, 2, 2, 0, True)], "7.74"),
        ([sample(1, 1, 1, 2, True), sample(0, 1, 0, 0), sample(1, 2, 2, 0)], "35.09"),
    ],
)
def test_the_vectors_of_the_reference(ended: list[Sample], score: str) -> None:
    found = Model(ended, STAGES).score(OPEN)
    assert found is not None and found.score == Decimal(score)


def test_a_pipeline_without_a_past_learns_from_all_others() -> None:
    """Odoo's fourth: a lead without a team, whose counts are those of all teams."""
    first = [sample(0, 0, 0, 0), sample(1, 1, 1, 1), sample(2, 2, 2, 2, True)]
    second = [sample(0, 1, 1, 2), sample(0, 1, 2, 1), sample(0, 2, 2, 0, True)]
    third = [sample(1, 1, 1, 2, True), sample(0, 1, 0, 0), sample(1, 2, 2, 0)]
    models = [Model(ended, STAGES) for ended in (first, second, third)]
    found = Model.pooled(models, STAGES).score(OPEN)
    assert found is not None and found.score == Decimal("35.19")
    strange = Model.pooled(models, ("enquiry", "S1")).score(OPEN)
    assert strange is not None and strange.score == found.score  # the second stage is the same
    unknown = Model.pooled(models, ("enquiry", "offered")).score(OPEN)
    assert unknown is not None and [term.field for term in unknown.terms] == [
        "prior",
        "country",
        "state",
        "source",
    ]


def test_the_first_by_hand() -> None:
    ended = [sample(0, 0, 0, 0), sample(1, 1, 1, 1), sample(2, 2, 2, 2, True)]
    found = Model(ended, STAGES).score(OPEN)
    tenth = Decimal("0.1")
    one, three = Decimal("1.1"), Decimal("1.3")
    two = Decimal("2.1")
    assert found is not None and found.terms == (
        LearnedTerm("prior", "", one / Decimal("3.2"), two / Decimal("3.2")),
        LearnedTerm("stage", "s1", one / one, one / two),
        LearnedTerm("country", "0", tenth / three, one / Decimal("2.3")),
        LearnedTerm("state", "1", tenth / three, one / Decimal("2.3")),
        LearnedTerm("source", "2", one / three, tenth / Decimal("2.3")),
    )


def test_values_never_seen_and_fields_unset_are_left_out() -> None:
    ended = [sample(0, 0, 0, 0), sample(1, 1, 1, 1, True)]
    model = Model(ended, STAGES)
    bare, strange = model.score(Sample(0, ())), model.score(Sample(0, (("country", "9"),)))
    assert bare == strange and bare is not None and len(bare.terms) == 2


def test_rare_tags_say_nothing() -> None:
    tagged = [Sample(0, (("tags", "vip"),), won=n < 25) for n in range(49)]
    rare = Model([*tagged, Sample(0, ())], STAGES).score(tagged[0])
    common = Model([*tagged, tagged[0]], STAGES).score(tagged[0])
    assert rare is not None and [term.field for term in rare.terms] == ["prior", "stage"]
    assert common is not None and [term.field for term in common.terms][-1] == "tags"


def test_one_side_alone_teaches_nothing() -> None:
    assert Model([sample(0, 0, 0, 0)], STAGES).score(OPEN) is None
    assert Model([], STAGES).score(OPEN) is None


def test_forty_of_each_are_enough() -> None:
    ended = [Sample(0, (), won=n < 40) for n in range(79)]
    assert not Model(ended, STAGES).enough
    assert Model(ended, STAGES).history == "40/40 won, 39/40 lost"
    assert Model([*ended, Sample(0, ())], STAGES).enough


def test_a_score_never_is_quite_nothing_or_all() -> None:
    sure = (("source", "a"),)
    ended = [Sample(2, sure, won=True)] * 500 + [Sample(0, (("source", "b"),))] * 500
    model = Model(ended, STAGES)
    best, worst = model.score(Sample(2, sure)), model.score(Sample(0, (("source", "b"),)))
    assert best is not None and best.score == Decimal("99.99")
    assert worst is not None and worst.score == Decimal("0.02")
