"""Times with zones at the surface: a book in Berlin, whose people and machines are elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import Ran, git, run_in

ADA = """---
name: Ada
---
## Log
- 2026-11-19 10:00 call: Morning
- 2026-11-20 23:30Z call: Late
- 2026-11-21 08:00+09:00 email in: From Tokyo
"""
TICKET = """---
subject: Broken
contact: ada
status: open
opened: 2026-11-20T23:30Z
due: 2026-11-20 23:45-00:15
---
## Log
- 2026-11-20 23:35Z reply in: Help
- 2026-11-21 00:50 reply out: Second
- 2026-11-20 23:45Z reply out: First
"""


class Berlin:
    """The book, and the program in it at noon of the 21st."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch = folder, monkeypatch
        git(folder, "init", "-q", "-b", "main")
        (folder / "plaincrm.yaml").write_text("timezone: Europe/Berlin\n")
        for path, text in (("contacts/ada.md", ADA), ("tickets/broken-k7m2.md", TICKET)):
            (folder / path).parent.mkdir()
            (folder / path).write_text(text)
        self.commit("The book", "2026-11-20T12:00:00+01:00")

    def commit(self, said: str, at: str) -> None:
        with self.monkeypatch.context() as patched:
            patched.setitem(os.environ, "GIT_AUTHOR_DATE", at)
            patched.setitem(os.environ, "GIT_COMMITTER_DATE", at)
            git(self.folder, "add", "-A")
            git(self.folder, "commit", "-q", "-m", said)

    def __call__(self, *words: str) -> Ran:
        return run_in(self.monkeypatch, self.folder, ["--today", "2026-11-21T12:00", *words])


@pytest.fixture
def berlin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Berlin:
    return Berlin(tmp_path, monkeypatch)


def test_a_row_says_the_day_it_is_found_by(berlin: Berlin) -> None:
    of_today = berlin("list", "log", "kind:contact", "at:2026-11-21", "--tsv").out.splitlines()[1:]
    assert [row.split("\t")[0] for row in of_today] == [
        "2026-11-21 00:30:00",
        "2026-11-21 00:00:00",
    ]
    of_before = berlin("list", "log", "kind:contact", "at:2026-11-20", "--count")
    assert of_before.out.strip() == "0"


def test_show_runs_by_the_clock_of_the_book(berlin: Berlin) -> None:
    out = berlin("show", "ada").out
    places = [out.index(word) for word in ("00:30  call", "00:00  email in", "10:00  call")]
    assert places == sorted(places)
    assert "last touch  2026-11-21" in out
    assert "idle        0d" in out


def test_the_record_as_json_has_what_stands_there_and_the_moment(berlin: Berlin) -> None:
    found = berlin("show", "ada", "--json").json["results"][0]["log"]
    late = next(entry for entry in found if entry["text"] == "Late")
    assert (late["date"], late["time"]) == ("2026-11-20", "23:30Z")
    assert late["at"] == "2026-11-21T00:30"


def test_a_ticket_counts_by_the_clock_of_the_book(berlin: Berlin) -> None:
    columns = "opened,due,first_reply,unanswered_since,idle"
    row = berlin("list", "tickets", "--columns", columns, "--tsv").out.splitlines()[1].split("\t")
    assert row == ["2026-11-21 00:30:00", "2026-11-21 01:00:00", "2026-11-21 00:45:00", "", "0d"]
    assert berlin("list", "tickets", "is:overdue", "--count").out.strip() == "1"


def test_a_new_entry_goes_where_it_was_by_that_clock(berlin: Berlin) -> None:
    assert berlin("log", "broken-k7m2", "note", "Between", "--at", "2026-11-21 00:40").code == 0
    lines = (berlin.folder / "tickets/broken-k7m2.md").read_text().splitlines()
    assert lines[lines.index("- 2026-11-20 23:35Z reply in: Help") + 1].endswith("note: Between")


def test_an_export_brings_no_entry_twice(berlin: Berlin) -> None:
    (berlin.folder / "back.json").write_text(berlin("export", "json").out)
    assert berlin("import", "back.json", "-y").code == 0
    assert (berlin.folder / "contacts/ada.md").read_text() == ADA


def test_history_and_the_past_agree_on_the_day_of_a_commit(berlin: Berlin) -> None:
    """At half past eleven in London it was the 21st already."""
    (berlin.folder / "contacts/bo.md").write_text("---\nname: Bo\n---\n")
    berlin.commit("Bo", "2026-11-20T23:30:00+00:00")
    assert "added: Bo" in berlin("history", "--since", "2026-11-21").out
    assert "Bo" not in berlin("list", "contacts", "--as-of", "2026-11-20").out
    assert "2026-11-21 00:30" in berlin("history", "bo").out


def test_the_operations_to_take_back_are_told_by_that_clock(berlin: Berlin) -> None:
    with berlin.monkeypatch.context() as patched:
        patched.setitem(os.environ, "GIT_AUTHOR_DATE", "2026-11-20T23:30:00+00:00")
        assert berlin("set", "ada", "city=Rome").code == 0
    assert "2026-11-21 00:30" in berlin("undo", "--list").out
