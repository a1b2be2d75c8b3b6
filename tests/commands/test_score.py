"""`plaincrm score`."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Crm


def test_contacts_by_the_rules_of_the_book_the_best_first(crm: Crm) -> None:
    answer = crm("score", "--json").json
    assert answer["kind"] == "score"
    scores = [each["score"] for each in answer["results"]]
    assert scores == sorted(scores, reverse=True) and scores[0] > 0
    best = answer["results"][0]
    assert set(best) == {"kind", "id", "score", "terms", "learned", "learnedTerms", "enough"}
    assert set(best["terms"][0]) == {"rule", "group", "points", "full", "on"}
    assert round(sum(term["points"] for term in best["terms"]), 1) == round(best["score"], 1)
    assert (best["learned"], best["learnedTerms"], best["enough"]) == (None, None, True)


def test_limit_gives_the_best(crm: Crm) -> None:
    whole = crm("score", "--ids").out.split()
    assert crm("score", "--limit", "3", "--ids").out.split() == whole[:3]


def test_why_shows_each_term(crm: Crm) -> None:
    out = crm("score", "source:referral", "--why").out
    assert "+20" in out and "source:referral" in out


def test_a_score_is_a_fact(crm: Crm) -> None:
    best = crm("score", "--limit", "1", "--json").json["results"][0]
    listed = crm("list", "contacts", "score:1..", "--sort", "-score", "--json").json
    assert listed["results"][0]["id"] == best["id"]
    assert listed["results"][0]["computed"]["score"] == round(best["score"], 1)


def test_the_learned_score_waits_for_history(crm: Crm) -> None:
    done = crm("score", "--learned", "--json")
    assert "not enough history (default:" in done.err and "/40 won" in done.err
    assert all(each["kind"] == "deal" for each in done.json["results"])
    assert all(each["learned"] is None and not each["enough"] for each in done.json["results"])
    forced = crm("score", "deals", "is:open", "--learned", "--force", "--json").json["results"]
    best = forced[0]
    assert 0.01 <= best["learned"] <= 99.99 and not best["enough"]
    assert best["learnedTerms"][0] == {
        "field": "prior",
        "value": None,
        "won": best["learnedTerms"][0]["won"],
        "lost": best["learnedTerms"][0]["lost"],
    }
    assert "?" in crm("score", "--learned", "--force").out


def test_a_kind_without_rules_says_so(crm: Crm) -> None:
    assert "no rule of score: for companies" in crm("score", "companies").err
    assert "no rule" not in crm("score", "nobody-like-that").err
    assert crm("score", "sorce:x").code == 2


def test_a_page_has_the_terms(crm: Crm, studio: Path) -> None:
    assert crm("score", "-o", "scores.html").code == 0
    page = (studio / "scores.html").read_text("utf-8")
    assert "<h1>Scores of contacts</h1>" in page
    assert "log(type:meeting).count:1.." in page
    assert "<script src" not in page
    assert crm("score", "-o", "scores.csv").code == 2
