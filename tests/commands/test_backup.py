"""`plaincrm backup`: one file that brings the book back."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Crm, git


def test_a_backup_brings_everything_back(crm: Crm, studio: Path, tmp_path: Path) -> None:
    assert crm("set", "ola-nordmann", "tags+=x").code == 0
    file = tmp_path / "book.bundle"
    ran = crm("backup", str(file), "--json")
    told = ran.json
    assert (told["kind"], told["commits"], told["leftOut"]) == ("backup", 2, [])
    assert told["files"] == len(git(studio, "ls-files").splitlines())
    git(tmp_path, "clone", "-q", str(file), "back")
    assert git(tmp_path / "back", "rev-parse", "HEAD") == git(studio, "rev-parse", "HEAD")
    assert (
        crm("list", "contacts", "--count", cwd=tmp_path / "back").out
        == crm("list", "contacts", "--count").out
    )
    assert crm("clone", str(file), str(tmp_path / "other")).code == 0
    assert list((studio / ".git/plaincrm").glob("backup-*")) == []


def test_a_backup_is_replaced_and_nothing_else(crm: Crm, tmp_path: Path) -> None:
    file, other = tmp_path / "book.bundle", tmp_path / "letter.txt"
    for _ in range(2):
        assert "restored once" in crm("backup", str(file)).err
    other.write_text("Dear Ada")
    assert crm("backup", str(other)).code == 5
    assert other.read_text() == "Dear Ada"


def test_what_no_commit_holds_is_told(crm: Crm, studio: Path, tmp_path: Path) -> None:
    page = studio / "contacts/ola-nordmann.md"
    page.write_text(page.read_text() + "\nMore.\n")
    assert "1 file with changes that no commit holds" in crm("backup", str(tmp_path / "b")).err


def test_a_damaged_repo_gives_no_backup(crm: Crm, studio: Path, tmp_path: Path) -> None:
    blob = git(studio, "rev-parse", "HEAD:contacts/ola-nordmann.md").strip()
    place = studio / ".git/objects" / blob[:2] / blob[2:]
    place.unlink()
    assert crm("backup", str(tmp_path / "b")).code != 0
    assert not (tmp_path / "b").exists()
