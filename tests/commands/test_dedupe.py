"""`plaincrm dedupe`."""

from __future__ import annotations

from pathlib import Path

from tests.commands.writes import clean, commits, read, subject, touched
from tests.conftest import Crm


def test_the_one_duplicate_of_the_example_with_its_reasons(crm: Crm, studio: Path) -> None:
    ran = crm("dedupe")
    assert ran.code == 0
    header, pair = ran.out.splitlines()
    assert header.split() == ["SCORE", "KEEP", "DUPLICATE", "NAMES", "REASONS"]
    assert pair.split()[:3] == ["100", "contact/katharina-winkler", "contact/k-winkler"]
    assert "same e-mail katharina@winkler-yoga.example" in pair
    assert "1 likely duplicate; plaincrm merge KEEP DUPLICATE" in ran.err
    assert clean(studio)


def test_json(crm: Crm) -> None:
    answer = crm("dedupe", "--kind", "contact", "--json").json
    assert (answer["kind"], answer["total"]) == ("duplicates", 1)
    [pair] = answer["results"]
    assert (pair["kind"], pair["keep"], pair["duplicate"]) == (
        "contact",
        "katharina-winkler",
        "k-winkler",
    )
    assert pair["score"] == 100
    assert "same phone +491713920045" in pair["reasons"]
    assert pair["command"] == "plaincrm merge contact/katharina-winkler contact/k-winkler"


def test_kind_threshold_and_limit(crm: Crm) -> None:
    assert crm("dedupe", "--kind", "company", "--count").out == "0\n"
    assert crm("dedupe", "--limit", "0", "--json").json["results"] == []
    assert int(crm("dedupe", "--threshold", "0", "--count").out) > 1
    assert crm("dedupe", "--threshold", "120").code == 2
    assert crm("dedupe", "--kind", "deal").code == 2


def test_not_a_duplicate_is_remembered_and_undone(crm: Crm, studio: Path) -> None:
    before = commits(studio)
    ran = crm("dedupe", "--not", "katharina-winkler", "k-winkler")
    assert ran.code == 0
    assert commits(studio) == before + 1
    assert touched(studio) == [".plaincrm/not-duplicates"]
    assert subject(studio) == "Not duplicates: contact/katharina-winkler and contact/k-winkler"
    assert (
        read(studio, ".plaincrm/not-duplicates") == "contact/k-winkler contact/katharina-winkler\n"
    )
    assert crm("dedupe", "--count").out == "0\n"
    assert "nothing to change" in crm("dedupe", "--not", "k-winkler", "katharina-winkler").err
    assert crm("undo").code == 0
    assert crm("dedupe", "--count").out == "1\n"


def test_not_shows_its_diff_and_takes_two_of_one_kind(crm: Crm, studio: Path) -> None:
    shown = crm("dedupe", "--not", "k-winkler", "katharina-winkler", "-n").out
    assert "+contact/k-winkler contact/katharina-winkler" in shown
    assert crm("dedupe", "--not", "k-winkler", "k-winkler").code != 0
    assert crm("dedupe", "--not", "k-winkler", "fjord-ferries").code != 0
    assert clean(studio)


def test_nothing_found_is_done(crm: Crm, tmp_path: Path) -> None:
    crm("init", "book", cwd=tmp_path)
    ran = crm("dedupe", cwd=tmp_path / "book")
    assert (ran.code, ran.out) == (0, "")
    assert "no likely duplicates; plaincrm dedupe --threshold 50" in ran.err
