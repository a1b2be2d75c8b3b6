from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from plaincrm.core.query import split_words
from tests.conftest import Crm, git


def test_the_list_counts(crm: Crm) -> None:
    rows = {row["name"]: row for row in crm("segment", "list", "--json").json["results"]}
    assert (
        rows["warm-leads"]["count"]
        == int(crm("list", "contacts", "@warm-leads", "--count").out)
        > 0
    )
    assert "big-deals" in crm("segment", "list").out


def test_a_broken_segment_does_not_hide_the_others(crm: Crm, studio: Path) -> None:
    (studio / "segments" / "bad.yaml").write_text("kind: contact\nquery: nosuchfield:1\n")
    rows = {row["name"]: row for row in crm("segment", "list", "--json").json["results"]}
    assert rows["bad"]["count"] is None and "nosuchfield" in rows["bad"]["problem"]
    assert rows["newsletter"]["count"]


def test_show_has_the_records(crm: Crm) -> None:
    ran = crm("segment", "show", "quiet-customers", "--ids")
    assert ran.out == crm("list", "contacts", "@quiet-customers", "--ids").out != ""
    assert "two months" in crm("segment", "show", "@quiet-customers").err
    assert crm("segment", "show", "quiet-customer").code == 3


@pytest.mark.parametrize(
    "words",
    [
        ["+vip", "idle:3d.."],
        ["name:Ola Nordmann"],
        ["name:Ola Nordmann", "or", "log(type:call at:2026-10).count:1.."],
        ["city:Bergen", "status:lead or +vip"],
        ["not", "(", "+vip", "or", "+newsletter", ")"],
        ["sort:-idle", "limit:3"],
    ],
)
def test_what_is_saved_finds_the_same(crm: Crm, studio: Path, words: list[str]) -> None:
    ran = crm("segment", "save", "mine", "contacts", *words, "--doc", "What for")
    assert ran.code == 0, ran.err
    assert (
        crm("segment", "show", "mine", "--ids").out == crm("list", "contacts", *words, "--ids").out
    )
    assert git(studio, "log", "-1", "--format=%s").strip() == "Save segment mine"
    assert git(studio, "status", "--porcelain") == ""
    assert split_words((studio / "segments" / "mine.yaml").read_text("utf-8"))


def test_a_bad_query_a_bad_name_or_a_taken_one_writes_nothing(crm: Crm, studio: Path) -> None:
    for words, code in (
        (("x", "contacts", "statis:lead"), 2),
        (("../x", "contacts", "+vip"), 5),
        (("warm-leads", "contacts", "+vip"), 5),
        (("x", "log", "type:call"), 2),
    ):
        assert crm("segment", "save", *words).code == code
    assert git(studio, "status", "--porcelain") == ""


def test_replace_keeps_comments_and_purpose(crm: Crm, studio: Path) -> None:
    assert crm("segment", "save", "quiet-customers", "contacts", "+vip", "--replace").code == 0
    assert (
        (studio / "segments" / "quiet-customers.yaml").read_text("utf-8")
        == "# idle is the number of days since the last touch\nkind: contact\nquery: +vip\ndoc: Customers that have not heard from me for two months\n"
    )


def test_a_snapshot_stays_as_it_was(crm: Crm) -> None:
    before = crm("list", "contacts", "@newsletter", "--ids").out
    assert crm("segment", "snapshot", "newsletter", "christmas").code == 0
    assert crm("set", "claudia-mueller", "tags-=newsletter").code == 0
    assert crm("list", "contacts", "@newsletter", "--ids").out != before
    assert crm("list", "contacts", "@christmas", "--ids").out == before
    assert crm("segment", "snapshot", "newsletter").code == 0
    assert "newsletter-2026-11-21" in crm("segment", "list", "--template", "{{ name }}").out


def test_rm_takes_one_that_nothing_builds_on(crm: Crm, studio: Path) -> None:
    assert crm("segment", "save", "near", "contacts", "@norwegians", "+vip").code == 0
    assert crm("segment", "rm", "norwegians").code == 5
    assert crm("segment", "rm", "near").code == 0 == crm("segment", "rm", "norwegians").code
    assert not (studio / "segments" / "norwegians.yaml").exists()
    assert crm("segment", "rm", "norwegians").code == 3


def test_since_a_day_says_who_came_and_who_went(crm: Crm, studio: Path) -> None:
    _aged(studio, "2026-11-01")
    crm("segment", "save", "lettered", "contacts", "+newsletter", "--doc", "Who gets the letter")
    before = int(crm("list", "contacts", "@lettered", "--count").out)
    late = ("--today", "2026-11-25")
    crm("rename", "birgit-sommer", "Birgit Winter")
    crm(*late, "set", "beatrice-finch", "tags-=newsletter")
    crm(*late, "set", "ola-nordmann", "tags+=newsletter")
    crm(*late, "add", "contact", "Nora New", "tags=newsletter")
    found = crm(*late, "segment", "list", "--since", "2026-11-20", "--json").json["results"]
    row = {each["name"]: each for each in found}["lettered"]
    assert (row["before"], row["count"], row["came"], row["went"]) == (before, before + 1, 2, 1)
    ran = crm(*late, "segment", "show", "lettered", "--since", "2026-11-20", "--json").json
    assert {(each["change"], each["record"]) for each in ran["results"]} == {
        ("came", "contact/ola-nordmann"),
        ("came", "contact/nora-new"),
        ("went", "contact/beatrice-finch"),
    }
    assert (ran["before"], ran["now"]) == (before, before + 1)
    assert (
        f"{before} on 2026-11-20"
        in crm(*late, "segment", "show", "lettered", "--since", "2026-11-20").err
    )


def _aged(studio: Path, day: str) -> None:
    """Let the book's one commit be of an old day."""
    heads = {**os.environ, "GIT_COMMITTER_DATE": f"{day}T12:00:00"}
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    words = ["git", *identity, "commit", "--amend", "--no-edit", "-q"]
    subprocess.run(words, cwd=studio, env=heads, check=True)


def test_two_names_that_differ_in_case_only_are_refused(crm: Crm, studio: Path) -> None:
    assert crm("segment", "save", "big", "contacts", "has:name").code == 0
    done = crm("segment", "save", "BIG", "contacts", "+vip")
    assert (done.code, "differs in case only" in done.err) == (5, True), done.err
    assert not [path for path in (studio / "segments").iterdir() if path.stem == "BIG"]
