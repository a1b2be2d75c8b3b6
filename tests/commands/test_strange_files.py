"""What lies in a book's folder and is not the book's: copies, leftovers, links, repos, and files
that are gone.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plaincrm.book.index.scan import scan
from plaincrm.core.records.file_names import copies, is_record, records_among
from tests.commands.test_sync import ADA, DEAL, World
from tests.conftest import git

COPIES = (
    "ada.sync-conflict-20261120-081500-ABCDEFG.md",  # Syncthing
    "ada~20261120-081500.md",
    "ada (conflicted copy 2026-11-20 081500).md",  # Nextcloud
    "ada (Tess's conflicted copy 2026-11-20).md",  # Dropbox
    "ada (In Konflikt stehende Kopie von Tess 2026-11-20).md",
    "ada (SFConflict tess@x.example 2026-11-20-08-15-00).md",  # Seafile
    "ada_conflict-20261120-081500.md",  # ownCloud
    "ada 2.md",  # iCloud
    "ada (1).md",
    "ada copy.md",
    "ada copy 2.md",
    "ada - Kopie.md",
    "ada - Copy (2).md",
    "Kopie von ada.md",
    "ada-DESKTOP-AB12CD3.md",  # OneDrive
    "ada-Tess's MacBook Pro.md",
    "ada_BACKUP_4711.md",  # git mergetool
    "ada.LOCAL.4711.md",
    "ada.orig.md",
)
LEFTOVERS = (
    ".ada.md.swp",
    "ada.md~",
    "#ada.md#",
    "ada.md.orig",
    ".ada.md.icloud",
    ".syncthing.ada.md.tmp",
    ".trash/gone.md",
    ".stversions/ada~20261120-081500.md",
    "_draft.md",
    "photo.jpg",
)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def ids(world: World, *words: str) -> list[str]:
    ran = world.crm(world.a, "list", "contacts", "--ids", *words)
    assert ran.code == 0, ran.err
    return ran.out.split()


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_no_record_anywhere(name: str) -> None:
    assert copies(["ada.md", "bob.md", name]) == {name: "ada.md"}
    assert records_among(["contacts/ada.md", f"contacts/{name}"]) == ["contacts/ada.md"]


@pytest.mark.parametrize(
    "name",
    [
        *("ada-2.md", "ada 2.md", "bob (1).md", "Team 3.md", "ada-king.md", "Copy of bob.md"),
        *("IBM.md", "acme-GmbH.md", "Ada (Berlin).md", "ada.lovelace.md", "max-MUSTER.md"),
    ],
)
def test_a_name_that_only_looks_like_a_copys_is_a_record(name: str) -> None:
    assert copies([name, "other.md"]) == {}
    assert is_record(f"contacts/{name}")


def test_every_way_of_finding_records_gives_the_same_set(world: World) -> None:
    for name in (*COPIES, *LEFTOVERS):
        world.put(world.a, f"contacts/{name}", "---\nname: Nobody\ncity: Ghosttown\n---\n")
    found = scan(world.a, {"contact": "contacts"})
    assert [entry.path for entry in found.entries] == [ADA]
    assert ids(world) == ["contact/ada"]
    assert world.crm(world.a, "find", "Ghosttown").out == ""
    git(world.a, "add", "-A", "-f")
    world.monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-19T12:00:00Z")
    git(world.a, "commit", "-q", "-m", "All of it")
    assert ids(world, "--as-of", "2026-11-20") == ids(world)
    told = world.crm(world.a, "check").out
    assert all(name in told for name in COPIES)


def test_sync_sends_what_is_the_books_and_names_the_rest(world: World) -> None:
    for name in (*COPIES, *LEFTOVERS):
        world.put(world.a, f"contacts/{name}", "---\nname: Nobody\n---\n")
    for path in ("rejects.csv", "scan.pdf", "templates/.hi.md.swp", "templates/hi 2.md"):
        world.put(world.a, path, "private")
    for path in ("contacts/new.md", "segments/warm.yaml", "templates/more.md", "dashboard.yaml"):
        world.put(world.a, path, "---\nname: New\n---\n" if path.startswith("con") else "x: y\n")
    done = world.sync(world.a, "--json")
    assert done.code == 0, done.err
    assert sorted(done.json["committed"]) == [
        *("contacts/new.md", "dashboard.yaml", "segments/warm.yaml", "templates/more.md")
    ]
    assert "rejects.csv" in done.json["leftAlone"]
    pushed = git(world.hub, "ls-tree", "-r", "-z", "--name-only", "main").split("\0")
    assert not [path for path in pushed if "private" in path or path.endswith((".swp", ".csv"))]
    assert not {f"contacts/{name}" for name in (*COPIES, *LEFTOVERS)} & set(pushed)
    said = world.sync(world.a).err
    assert "left alone, not the book's: " in said
    assert "git add" in said
    assert len(said.splitlines()) == 2


def test_git_add_takes_another_file_along(world: World) -> None:
    world.put(world.a, "files/terms.txt", "1\n")
    git(world.a, "add", "files/terms.txt")
    world.settle()
    world.edit(world.a, "files/terms.txt", "1", "2")
    world.settle()
    assert world.read("files/terms.txt") == "2\n"


def test_a_conflict_copy_goes_into_its_record_by_the_merge_law(world: World) -> None:
    """Syncthing: here the city was set and committed, there a phone was added and the note edited."""
    base = world.read(ADA)
    world.crm(world.a, "set", "ada", "city=Rome")
    copy = "contacts/ada.sync-conflict-20261120-081500-ABCDEFG.md"
    world.put(
        world.a, copy, base.replace("---\nA note.", "phone: '+49 30 2312541'\n---\nA longer note.")
    )
    done = world.crm(world.a, "check", "--fix", "-y")
    assert done.code == 0, done.err
    assert f"{copy} is merged into {ADA}" in done.err
    text = (world.a / ADA).read_text()
    assert "city: Rome" in text
    assert "+49 30 2312541" in text
    assert "A longer note." in text
    assert not (world.a / copy).exists()
    assert world.crm(world.a, "undo", "-y").code == 0
    assert (world.a / copy).exists(), "git has what the copy held"


def test_a_copy_that_sets_another_value_is_contested_never_lost(world: World) -> None:
    world.edit(world.a, ADA, "---\nA note.", "city: Bonn\n---\nA note.")
    world.sync(world.a)
    base = (world.a / ADA).read_text()
    world.crm(world.a, "set", "ada", "city=Rome")
    world.put(world.a, "contacts/ada 2.md", base.replace("Bonn", "Oslo"))
    assert world.crm(world.a, "check", "--fix", "-y").code == 0
    assert "ada city" in world.crm(world.a, "conflicts").out.replace("contact/ada  ", "ada ")
    assert {"Rome", "Oslo"} <= set((world.a / ADA).read_text().replace(",", " ").split()) | {
        word.strip("[],") for word in (world.a / ADA).read_text().split()
    }


def test_a_copy_about_somebody_else_stays_and_is_told(world: World) -> None:
    world.put(world.a, "contacts/ada 2.md", "---\nname: Another Ada\n---\n")
    done = world.crm(world.a, "check", "--fix", "-y")
    assert "about somebody else" in done.err
    assert (world.a / "contacts/ada 2.md").exists()


def people(world: World, count: int) -> None:
    for number in range(count):
        world.put(world.a, f"contacts/p{number}.md", f"---\nname: P{number}\n---\n")
    world.settle()


@pytest.mark.parametrize("missing", ["folder", "placeholders", "some"])
def test_files_that_are_gone_at_once_are_asked_about(world: World, missing: str) -> None:
    people(world, 6)
    before = git(world.a, "rev-parse", "HEAD")
    for path in sorted((world.a / "contacts").iterdir())[: 6 if missing == "some" else None]:
        path.unlink()
        if missing == "placeholders":
            path.with_name(f".{path.name}.icloud").write_text("bplist00")
    if missing == "folder":
        (world.a / "contacts").rmdir()
    done = world.sync(world.a)
    assert (done.code, "files are gone" in done.err) == (1, True), done.err
    assert "git restore contacts" in done.err
    assert "sync --yes" in done.err
    assert git(world.a, "rev-parse", "HEAD") == before
    assert world.sync(world.b).err == "nothing new on either side\n"
    assert world.sync(world.a, "--yes").code == 0


def test_a_few_deleted_and_many_moved_files_are_not_asked_about(world: World) -> None:
    people(world, 6)
    (world.a / "contacts" / "old").mkdir()
    for number in range(6):
        (world.a / f"contacts/p{number}.md").rename(world.a / f"contacts/old/p{number}.md")
    (world.a / DEAL).unlink()
    assert world.sync(world.a).code == 0


def test_an_emptied_file_is_not_sent(world: World) -> None:
    (world.a / ADA).write_text("")
    done = world.sync(world.a)
    assert (done.code, "is empty now" in done.err) == (1, True)
    assert "A note." in git(world.hub, "show", f"main:{ADA}")


def test_a_repo_inside_the_book_is_not_read_and_not_written(world: World) -> None:
    nested = world.a / "contacts" / "team"
    nested.mkdir()
    git(nested, "init", "-q")
    world.put(world.a, "contacts/team/zoe.md", "---\nname: Zoe\n---\n")
    assert ids(world) == ["contact/ada"]
    assert "nested-repo" in world.crm(world.a, "check").out
    assert world.sync(world.a).code == 0


def test_links_as_folders_are_never_followed(world: World, tmp_path: Path) -> None:
    outside = tmp_path / "mail"
    outside.mkdir()
    (outside / "p.eml").write_text("To: y@x.example\nSubject: private\n\nx\n")
    (outside / "p.csv").write_text("Name,Email\nPriv,p@x.example\n")
    for name in ("outbox", "inbox"):
        (world.a / name).symlink_to(outside)
    assert world.crm(world.a, "outbox", "list", "--json").json["results"] == []
    assert world.crm(world.a, "outbox", "drop", "p.eml", "-y").code == 5
    assert world.crm(world.a, "import", "-y").code in (0, 1)
    assert sorted(path.name for path in outside.iterdir()) == ["p.csv", "p.eml"]
    assert "outbox:1:1" in world.crm(world.a, "check").out


def test_a_name_that_git_ignores_is_refused_before_anything_is_written(world: World) -> None:
    world.put(world.a, ".gitignore", "priv*\n")
    world.sync(world.a)
    done = world.crm(world.a, "rename", "ada", "Private Ada")
    assert (done.code, ".gitignore:1" in done.err) == (5, True), done.err
    assert world.crm(world.a, "add", "contact", "Private Person").code == 5
    assert git(world.a, "status", "--porcelain") == ""
    assert (world.a / ADA).exists()


def test_a_file_without_end_stops_no_command(world: World) -> None:
    """Three billion zeros are a few bytes on the disk, and a few in git's pack."""
    big = world.a / "contacts/big.md"
    big.touch()
    os.truncate(big, 3_000_000_000)
    done = world.crm(world.a, "list", "contacts", "--count")
    assert (done.code, done.out.strip(), "contacts/big.md" in done.err) == (0, "1", True)
    found = world.crm(world.a, "check", "--json").json["results"]
    assert ("contacts/big.md", "unreadable") in {(each["path"], each["code"]) for each in found}
    assert world.crm(world.a, "set", "ada", "city=Oslo").code == 0
    done = world.sync(world.a)
    assert (done.code, "larger than 64 megabytes" in done.err) == (1, True), done.err


def test_a_name_that_is_no_utf8_stops_no_export(world: World, tmp_path: Path) -> None:
    name = os.fsdecode(b"bad\xff.md")
    (world.a / "contacts" / name).write_text("---\nname: B\nemail: b@x.example\n---\n")
    for form in ("vcf", "csv", "json", "ics", "hubspot", "hledger"):
        assert (
            world.crm(world.a, "export", form, "contacts", "-o", str(tmp_path / f"x.{form}")).code
            == 0
        )
    assert "urn:plaincrm:contact:bad%FF" in (tmp_path / "x.vcf").read_text()
    assert world.crm(world.a, "export", "site", str(tmp_path / "site")).code == 0


def test_odd_names_stop_no_sync(world: World) -> None:
    """A name with a line end is two to a program that is asked line by line."""
    for name in ("a\nb.md", os.fsdecode(b"bad\xff.md"), "-rf.md", "$(id).md"):
        world.put(world.a, f"contacts/{name}", "---\nname: Odd\n---\n")
    assert world.sync(world.a).code == 0
    world.edit(world.a, "contacts/a\nb.md", "Odd", "Even")
    (world.a / "contacts" / os.fsdecode(b"bad\xff.md")).unlink()
    assert world.sync(world.a).code == 0
    assert world.sync(world.b).code == 0
    names = {path.name for path in (world.b / "contacts").iterdir()}
    assert names == {"ada.md", "a\nb.md", "-rf.md", "$(id).md"}
    assert "Even" in (world.b / "contacts/a\nb.md").read_text()


def test_rules_behind_a_link_are_not_read(world: World, tmp_path: Path) -> None:
    """git does not follow such a link either."""
    (tmp_path / "rules").write_text("*.md\n")
    (world.a / ".gitignore").symlink_to(tmp_path / "rules")
    assert world.crm(world.a, "list", "contacts", "--count").out.strip() == "1"
