from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from plaincrm.cli import COMMANDS
from plaincrm.views.table import columns
from tests.conftest import Crm

KEYS = ["due", "days", "reason", "level", "handle", "kind", "id", "title", "text", "command"]


def test_json_is_the_contract(crm: Crm) -> None:
    found = crm("today", "--json").json
    assert [found[key] for key in ("schemaVersion", "kind", "asOf")] == [1, "today", "2026-11-21"]
    assert found["total"] == len(found["results"]) > 10
    assert all(list(item) == KEYS for item in found["results"])
    levels = [item["level"] for item in found["results"]]
    assert levels == sorted(levels, key=["overdue", "today", "soon"].index)


def test_every_line_ends_in_a_command_that_exists(crm: Crm) -> None:
    out = crm("today").out
    for item in crm("today", "--json").json["results"]:
        assert item["command"] in out, "whole, so that it can be copied"
        program, word, *_ = shlex.split(item["command"])
        assert program == "plaincrm" and word in COMMANDS


def test_the_screen_is_in_groups_and_fits(crm: Crm) -> None:
    ran = crm("today")
    places = [ran.out.index(f"\n{level}\n") for level in ("Overdue", "Today", "Soon")]
    assert places == sorted(places)
    assert max(map(columns, ran.out.splitlines())) <= 80
    assert "Saturday 21 November 2026" in ran.out and "in all: " in ran.out
    assert crm().out == ran.out, "bare plaincrm is today"


def test_nothing_due_is_good_news(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "plaincrm.yaml").write_text("currency: EUR\n")
    ran = crm("today", cwd=tmp_path / "empty")
    assert ran.code == 0 and "Nothing is due" in ran.out
    assert crm("today", "--json", cwd=tmp_path / "empty").json["results"] == []


def test_drafts_in_the_outbox_are_remembered(crm: Crm, studio: Path) -> None:
    (studio / "outbox").mkdir(exist_ok=True)
    (studio / "outbox" / "one.eml").write_text("Subject: x\n\nx\n")
    drafts = [item for item in crm("today", "--json").json["results"] if item["reason"] == "draft"]
    assert [(item["text"], item["command"]) for item in drafts] == [
        ("1 draft waits", "plaincrm outbox list")
    ]


@pytest.mark.parametrize("word", ["today", "agenda"])
def test_a_calendar_has_the_same_entries_each_time(crm: Crm, tmp_path: Path, word: str) -> None:
    file = tmp_path / "x.ics"
    assert crm(word, "--ics", str(file)).code == 0
    first = file.read_text("utf-8")
    assert first.startswith("BEGIN:VCALENDAR") and first.count("BEGIN:VEVENT") > 20
    assert crm(word, "--ics", str(file)).code == 0, "its own file may be written again"
    assert uids(first) == uids(file.read_text("utf-8"))
    assert uids(first) == uids(crm(word, "--ics", "-").out)


def uids(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("UID:")]


def test_a_file_of_the_user_is_not_written_over(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert crm("today", "--ics", str(tmp_path / "notes.txt")).code == 5
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_forms_for_programs(crm: Crm) -> None:
    assert crm("today", "--csv", "--columns", "due,handle", "--limit", "2").out.startswith(
        "due,handle\n"
    )
    assert crm("today", "--count").out.strip() == str(crm("today", "--json").json["total"])
    assert crm("today", "--columns", "nope").code == 2
    assert "deal/" in crm("today", "--ids").out


def test_a_limit_says_how_many_there_are(crm: Crm) -> None:
    total = crm("today", "--count").out.strip()
    assert f"3 of {total} shown\n" in crm("today", "--limit", "3").out
    assert f"0 of {total} shown\n" in crm("today", "--limit", "0").out
