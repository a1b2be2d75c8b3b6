"""The search of the knowledge base."""

from __future__ import annotations

import math

import pytest

from plaincrm.support.knowledge import FEW, ArticleText, Knowledge, plain_passage

FIVE = [
    ArticleText("refund", "Refund policy", "We refund within 14 days. A refund takes 3 days."),
    ArticleText("invoice", "Invoices", "How to download an invoice"),
    ArticleText("password", "Password", "Reset your password by e-mail. No refund needed."),
    ArticleText("export", "Export data", "Export all data as CSV"),
    ArticleText("shipping", "Shipping", "We do not ship. Downloads only."),
]


def test_a_small_collection_is_weighed_by_its_own_measure() -> None:
    """BM25 with ln(1 + (N - n + 0.5) / (n + 0.5)): the numbers worked out by hand."""
    found = Knowledge(FIVE).search("refund")
    assert [each.id for each in found] == ["refund", "password"]
    rare = math.log(1 + 3.5 / 2.5)
    lengths = [12, 6, 10, 7, 7]
    mean = sum(lengths) / 5
    expected = [
        rare * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * length / mean))
        for often, length in ((12, 12), (1, 10))
    ]
    assert [each.score for each in found] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("title_weight", "scores"), [(1.0, [0.48427, 0.31215]), (10.0, [0.65384, 0.31215])]
)
def test_sqlite_ranks_as_it_says(
    title_weight: float, scores: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reference vector of FTS5's bm25, of five articles."""
    monkeypatch.setattr("plaincrm.support.knowledge.FEW", 0)
    monkeypatch.setattr("plaincrm.support.knowledge.TITLE_WEIGHT", title_weight)
    found = Knowledge(FIVE).search("refund")
    assert [each.id for each in found] == ["refund", "password"]
    assert [each.score for each in found] == pytest.approx(scores, abs=0.000005)


def test_all_words_or_any() -> None:
    knowledge = Knowledge(FIVE)
    assert [each.id for each in knowledge.search("refund password")] == ["password"]
    assert len(knowledge.search("refund password", any_word=True)) == 2
    assert knowledge.search("moon") == []
    assert knowledge.search("") == []
    assert Knowledge([]).search("refund") == []


def test_words_are_found_by_their_stem_and_without_accents() -> None:
    knowledge = Knowledge([*FIVE, ArticleText("menu", "Menü", "Café und Menükarten")])
    assert [each.id for each in knowledge.search("downloading")] == ["invoice", "shipping"]
    assert [each.id for each in knowledge.search("cafe")] == ["menu"]


@pytest.mark.parametrize("words", ['"', "a AND", "NEAR(", "title:refund*", "-", "(", "' OR 1=1 --"])
def test_no_words_are_read_as_a_query_of_sqlite(words: str) -> None:
    Knowledge(FIVE).search(words)
    Knowledge(FIVE).suggest(words, words)


def test_a_large_collection_is_ranked_by_sqlite() -> None:
    more = [ArticleText(f"n{n}", f"Number {n}", "nothing to see here") for n in range(FEW)]
    assert [each.id for each in Knowledge([*FIVE, *more]).search("refund")] == [
        "refund",
        "password",
    ]


def test_a_message_finds_the_articles_that_may_answer_it() -> None:
    knowledge = Knowledge(FIVE)
    found = knowledge.suggest("Lost my password", "I can't log in. Can you send a new password?")
    assert found[0].id == "password"
    assert knowledge.suggest("Zzz", "qqq") == []


def test_a_passage_is_plain_text() -> None:
    text = "## Head\n- **Bold** and [a link](https://x.example) `code`"
    assert plain_passage(text) == "Head - Bold and a link code"


def test_the_relevance_set_is_answered_better_than_before() -> None:
    """`python -m benchmarks.search` prints the figure; a change of the ranking must not lower it."""
    from benchmarks.search import SET, mean_reciprocal_rank, read

    articles, questions = read(SET.read_text("utf-8"))
    assert (len(articles), len(questions)) == (60, 120)
    knowledge = Knowledge(articles)
    found = mean_reciprocal_rank(questions, lambda q: knowledge.search(q, any_word=True))
    assert found > 0.53
