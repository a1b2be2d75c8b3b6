"""Which files are records, with and without git's ignore rules."""

from __future__ import annotations

import os
import sys

import pytest

from plaincrm.book.index.ignores import by_git, could_match
from plaincrm.book.index.scan import scan

FOLDERS = {"contact": "contacts", "deal": "deals"}


def paths(found) -> list[str]:
    return [entry.path for entry in found.entries]


def test_records_are_markdown_files_at_any_depth_sorted(plain):
    wanted = [
        "contacts/3f/deep/c.md",
        "contacts/Z ä.md",
        "contacts/a.md",
        "contacts/b.md",
        "deals/z.md",
    ]
    for path in reversed(wanted):
        plain.by_hand(path, "x")
    found = scan(plain.root, FOLDERS)
    assert paths(found) == wanted
    last = [(entry.kind, entry.id) for entry in found.entries[2:]]
    assert last == [("contact", "a"), ("contact", "b"), ("deal", "z")]
    assert not found.problems


def test_an_entry_has_what_tells_a_changed_file(plain):
    path = plain.by_hand("contacts/a.md", "four")
    (entry,) = scan(plain.root, FOLDERS).entries
    facts = path.stat()
    told = (entry.size, entry.mtime_ns, entry.ctime_ns, entry.inode)
    assert told == (4, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino)


@pytest.mark.parametrize(
    "name", [".hidden.md", "_draft.md", "a.txt", "a.MD", ".md", "md", "README"]
)
def test_other_names_are_no_records(plain, name):
    plain.by_hand(f"contacts/{name}", "x")
    assert paths(scan(plain.root, FOLDERS)) == []


def test_a_folder_or_fifo_with_a_records_name_is_none(plain):
    plain.by_hand("contacts/x.md/inner.md", "x")
    os.mkfifo(plain.root / "contacts" / "pipe.md")
    assert paths(scan(plain.root, FOLDERS)) == ["contacts/x.md/inner.md"]


def test_links_are_left_out_and_told(plain, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "secret.md").write_text("x")
    plain.by_hand("contacts/a.md", "x")
    (plain.root / "contacts" / "link.md").symlink_to(tmp_path / "out" / "secret.md")
    (plain.root / "contacts" / "folder").symlink_to(tmp_path / "out")
    (plain.root / "contacts" / "loop").symlink_to(plain.root / "contacts")
    (plain.root / "deals").symlink_to(tmp_path / "out")
    found = scan(plain.root, FOLDERS)
    assert paths(found) == ["contacts/a.md"]
    told = sorted(problem.path for problem in found.problems)
    assert told == ["contacts/folder", "contacts/link.md", "contacts/loop", "deals"]
    assert {problem.code for problem in found.problems} == {"symlink"}


def test_an_unreadable_folder_is_told_and_hides_no_other(plain, monkeypatch):
    plain.by_hand("contacts/locked/a.md", "x")
    plain.by_hand("deals/b.md", "x")
    real = os.scandir

    def deny(path):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", deny)
    found = scan(plain.root, FOLDERS)
    assert paths(found) == ["deals/b.md"]
    assert [(problem.path, problem.code) for problem in found.problems] == [
        ("contacts/locked", "unreadable")
    ]


def test_missing_folders_are_no_problem(plain):
    found = scan(plain.root, FOLDERS)
    assert (found.entries, found.problems) == ([], [])


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS takes no such names")
def test_a_name_that_is_no_utf8_is_found(plain):
    plain.by_hand("contacts/a.md", "x")
    (plain.root / "contacts" / os.fsdecode(b"\xff.md")).write_text("x")
    assert len(scan(plain.root, FOLDERS).entries) == 2


RULES = [
    ("outbox/\ninbox/\n*.tmp\n.DS_Store\n# *.md\n", False, []),
    ("!*.md\n", False, []),
    ("contacts/b.md\n", True, ["contacts/b.md"]),
    ("b.*\n", True, ["contacts/b.md"]),
    ("private/\n", True, ["contacts/private/p.md"]),
    ("/private/\n", True, []),
    ("**/private/**\n", True, ["contacts/private/p.md"]),
    ("*.md\n!a.md\n", True, ["contacts/b.md", "contacts/private/p.md", "deals/d.md"]),
    ("deals\n", True, ["deals/d.md"]),
    ("\\b.md\n", True, ["contacts/b.md"]),
    ("[b].md   \n", True, ["contacts/b.md"]),
]
ALL = ["contacts/a.md", "contacts/b.md", "contacts/private/p.md", "deals/d.md"]


@pytest.mark.parametrize(("rules", "asked", "hidden"), RULES)
@pytest.mark.parametrize("where", [".gitignore", ".git/info/exclude", "~/.config/git/ignore"])
def test_what_git_ignores_is_no_record(bench, bare_machine, rules, asked, hidden, where):
    for path in ALL:
        bench.by_hand(path, "x")
    bench.by_hand(where.replace("~", str(bare_machine)), rules)
    found = scan(bench.root, FOLDERS, by_git(bench.root, bench.git.repo, FOLDERS.values()))
    assert paths(found) == [path for path in ALL if path not in hidden]
    assert could_match(bench.root, bench.git.repo, scan(bench.root, FOLDERS)) == asked


def test_an_ignore_file_inside_a_kinds_folder_counts(bench):
    bench.by_hand("contacts/a.md", "x")
    bench.by_hand("contacts/sub/b.md", "x")
    bench.by_hand("contacts/sub/.gitignore", "*\n")
    assert paths(
        scan(bench.root, FOLDERS, by_git(bench.root, bench.git.repo, FOLDERS.values()))
    ) == ["contacts/a.md"]


def test_a_tracked_file_is_a_record_whatever_the_rules_say(bench):
    bench.put("contacts/a.md", "x")
    bench.by_hand(".gitignore", "*.md\n")
    assert paths(
        scan(bench.root, FOLDERS, by_git(bench.root, bench.git.repo, FOLDERS.values()))
    ) == ["contacts/a.md"]


def test_the_users_own_excludes_file_is_asked_about(bench, bare_machine):
    bench.by_hand("contacts/a.md", "x")
    (bare_machine / "mine").write_text("a.md\n")
    (bare_machine / ".gitconfig").write_text(f"[core]\n\texcludesFile = {bare_machine / 'mine'}\n")
    assert could_match(bench.root, bench.git.repo, scan(bench.root, FOLDERS))
    assert (
        paths(scan(bench.root, FOLDERS, by_git(bench.root, bench.git.repo, FOLDERS.values()))) == []
    )
