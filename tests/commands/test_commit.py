"""`plaincrm commit`: edits by hand, on a machine of its own."""

from __future__ import annotations

from pathlib import Path

from tests.commands.writes import commits, read, subject, touched
from tests.conftest import Crm, git


def edited(studio: Path, path: str, old: str, new: str) -> None:
    file = studio / path
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")


def test_hand_edits_are_one_commit_and_other_files_stay_out(crm: Crm, studio: Path) -> None:
    edited(studio, "contacts/kari-berg.md", "job: Accounts", "job: Boss")
    edited(studio, "plaincrm.yaml", "currency: EUR", "currency: EUR # ours")
    (studio / "notes.txt").write_text("mine")
    before = commits(studio)
    ran = crm("commit")
    assert ran.code == 0, ran.err
    assert "committed your edits of 2 files" in ran.err
    assert "notes.txt" in ran.err
    assert touched(studio) == ["contacts/kari-berg.md", "plaincrm.yaml"]
    assert subject(studio).startswith("Hand edits: ")
    assert commits(studio) == before + 1
    assert git(studio, "status", "--porcelain") == "?? notes.txt\n"


def test_a_stage_changed_by_hand_gets_its_entry(crm: Crm, studio: Path) -> None:
    edited(studio, "deals/fjord-website-2027.md", "stage: proposal", "stage: negotiation")
    assert crm("commit").code == 0
    assert "stage: proposal -> negotiation" in read(studio, "deals/fjord-website-2027.md")


def test_a_dry_run_lists_the_files(crm: Crm, studio: Path) -> None:
    edited(studio, "contacts/kari-berg.md", "job: Accounts", "job: Boss")
    before = commits(studio)
    assert "contacts/kari-berg.md" in crm("commit", "-n").err
    assert crm("commit", "-n", "--json").json["committed"] == ["contacts/kari-berg.md"]
    assert commits(studio) == before


def test_nothing_to_commit_is_said(crm: Crm, studio: Path) -> None:
    before = commits(studio)
    assert "nothing to commit" in crm("commit").err
    assert commits(studio) == before


def test_many_files_that_are_gone_are_asked_about(crm: Crm, studio: Path) -> None:
    for path in (studio / "contacts").glob("*.md"):
        path.unlink()
    ran = crm("commit")
    assert ran.code == 1
    assert "gone" in ran.err


def test_a_change_of_a_record_takes_edited_settings_along(crm: Crm, studio: Path) -> None:
    edited(studio, "plaincrm.yaml", "currency: EUR", "currency: EUR # ours")
    before = commits(studio)
    assert crm("set", "kari-berg", "job=Boss").code == 0
    assert commits(studio) == before + 2
    assert touched(studio) == ["contacts/kari-berg.md"]
    assert git(studio, "log", "-1", "--format=%s", "HEAD~1") == "Hand edits: plaincrm.yaml\n"
    assert git(studio, "status", "--porcelain") == ""
    assert crm("undo", "-y").code == 0
    assert "# ours" in read(studio, "plaincrm.yaml")


def test_what_is_gone_and_what_is_alone_is_named(crm: Crm, studio: Path) -> None:
    (studio / "contacts" / "kari-berg.md").unlink()
    edited(studio, "plaincrm.yaml", "currency: EUR", "currency: EUR # ours")
    assert crm("commit").code == 0
    assert subject(studio) == "Hand edits: 1 contact deleted: kari-berg, plaincrm.yaml"
