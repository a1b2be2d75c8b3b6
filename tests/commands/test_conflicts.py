"""`plaincrm conflicts`: what syncs could not decide."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Crm, git

DEAL = "deals/fjord-website-2027.md"
CONFLICTS = """_conflicts:
  close_date:
    base: 2026-12-15
    values: [2026-12-20]
  value:
    values: [5000 EUR, 6000 EUR]
"""


def contest(studio: Path, path: str = DEAL, conflicts: str = CONFLICTS) -> None:
    """Give a record contested fields, as a sync would leave them."""
    text = (studio / path).read_text()
    start, fence, rest = text.partition("\n---\n")
    (studio / path).write_text(f"{start}\n{conflicts}---\n{rest}")
    assert fence
    git(studio, "commit", "-qam", "Sync")


def test_none(crm: Crm) -> None:
    done = crm("conflicts")
    assert (done.code, done.out) == (0, "")
    assert "no conflicts" in done.err
    assert crm("conflicts", "--json").json["total"] == 0


def test_lists_every_value_and_who_set_what_is_shown(crm: Crm, studio: Path) -> None:
    (studio / DEAL).write_text(
        (studio / DEAL).read_text().replace("close_date: 2026-12-18", "close_date: 2026-12-19")
    )
    git(studio, "commit", "-qam", "By hand")
    contest(studio)
    out = crm("conflicts").out
    assert [line.split()[:2] for line in out.splitlines()[1:2]] == [
        ["deal/fjord-website-2027", "close_date"]
    ]
    for said in ("2026-12-20", "2026-12-15", "5000 EUR", "6000 EUR", "Test"):
        assert said in out


def test_json_of_one_record(crm: Crm, studio: Path) -> None:
    contest(studio)
    contest(studio, "contacts/kari-berg.md", "_conflicts: {job: {values: [Boss]}}\n")
    answer = crm("conflicts", "kari-berg", "--json").json
    assert answer["kind"] == "conflicts"
    [found] = answer["results"]
    assert (found["record"], found["field"], found["base"]) == ("contact/kari-berg", "job", None)
    assert [each["value"] for each in found["values"]] == ["Boss"]
    assert crm("conflicts", "--json").json["total"] == 3


def test_today_and_check_remind(crm: Crm, studio: Path) -> None:
    contest(studio, "contacts/kari-berg.md", "_conflicts: {job: {values: [Boss]}}\n")
    [line] = [
        item for item in crm("today", "--json").json["results"] if item["reason"] == "conflict"
    ]
    assert line["command"] == "plaincrm resolve contact/kari-berg"
    assert "sync-conflict" in crm("check").out
