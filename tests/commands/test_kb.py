"""`plaincrm kb`: the knowledge base."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Crm


def test_search_shows_title_passage_and_link(crm: Crm) -> None:
    out = crm("kb", "search", "logo").out
    assert out.startswith("Which logo file do I take?  which-logo-file\n  ")
    assert "blurry-logo" in out


def test_search_takes_all_words_or_any(crm: Crm) -> None:
    strict = crm("kb", "search", "blurry", "invoice", "--ids")
    assert (strict.out, strict.code) == ("", 0)
    some = crm("kb", "search", "--any", "blurry", "invoice", "--ids").out.split()
    assert "article/blurry-logo" in some


def test_search_as_json_is_the_contract(crm: Crm) -> None:
    found = crm("kb", "search", "logo", "--json").json
    assert found["kind"] == "articles"
    assert found["total"] == len(found["results"])
    assert list(found["results"][0]) == ["id", "title", "audience", "passage", "score", "path"]
    scores = [each["score"] for each in found["results"]]
    assert scores == sorted(scores, reverse=True)


def test_nothing_found_is_told(crm: Crm) -> None:
    ran = crm("kb", "search", "zeppelin")
    assert (ran.code, ran.out) == (0, "")
    assert "no article has all of zeppelin" in ran.err


def test_suggest_names_the_article_that_answers(crm: Crm) -> None:
    found = crm("kb", "suggest", "logo-blurry-on-letterhead-9fe2", "--ids").out.split()
    assert "article/blurry-logo" in found[:2]


def test_gaps_are_themes_of_tickets_without_an_article(crm: Crm, studio: Path) -> None:
    for n in range(3):
        (studio / "tickets" / f"plotter-{n}.md").write_text(
            f"---\nsubject: Plotter knives {n}\nopened: 2026-11-2{n}\n---\n", "utf-8"
        )
    found = crm("kb", "gaps", "--json").json["results"]
    themes = {each["theme"]: each["tickets"] for each in found}
    assert themes["plotter"] == [f"ticket/plotter-{n}" for n in range(3)]
    (studio / "articles" / "plotter.md").write_text(
        "---\ntitle: Plotter knives\naudience: public\n---\nBuy the blue ones.\n", "utf-8"
    )
    assert "plotter" not in {e["theme"] for e in crm("kb", "gaps", "--json").json["results"]}


def test_articles_know_what_they_answered(crm: Crm) -> None:
    assert "article/pantone-and-paper" in crm("list", "articles", "is:unused", "--ids").out
    ran = crm(
        "ticket", "solve", "login-broken-k7m2", "Fold first.", "--article", "pantone-and-paper"
    )
    assert ran.code == 0
    shown = crm("list", "articles", "answered:1..", "--columns", "id,answered,solves").out
    assert "pantone-and-paper  " in shown
    assert "login-broken-k7m2" in shown
    assert crm("list", "articles", "is:stale", "--ids").code == 0
