"""Where the private folder is: as git says, without starting git."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from plaincrm.book.git.client import Git
from plaincrm.book.private_folder import find_repo, make_private, pending, private_folder


def as_git_says(git: Git) -> Path:
    return (git.root / git.run("rev-parse", "--git-path", "plaincrm").decode().strip()).resolve()


def test_in_a_repo_it_is_gits_private_path(bench):
    assert private_folder(bench.root) == as_git_says(bench.git)


def test_in_a_linked_work_tree_too(bench, tmp_path):
    bench.put("a.md", "x")
    bench.sh("worktree", "add", "-q", str(tmp_path / "linked"))
    linked = Git.of(tmp_path / "linked")
    assert private_folder(linked.root) == as_git_says(linked)
    assert find_repo(linked.root).common == bench.root / ".git"


def test_in_a_repo_with_a_separate_git_folder_too(tmp_path):
    root = tmp_path / "tree"
    root.mkdir()
    Git.init(tmp_path).run("init", "-q", "--separate-git-dir", str(tmp_path / "apart"), str(root))
    assert private_folder(root) == as_git_says(Git.of(root))


def test_two_books_in_one_repo_have_two_folders(bench):
    for name in ("one", "two"):
        (bench.root / name).mkdir()
    places = {private_folder(bench.root / name) for name in (".", "one", "two")}
    assert len(places) == 3
    assert all(place.is_relative_to(bench.root / ".git") for place in places)


def test_without_git_it_lies_in_the_users_cache(plain, bare_machine, monkeypatch):
    assert private_folder(plain.root).parent == bare_machine / ".cache" / "plaincrm"
    monkeypatch.setenv("XDG_CACHE_HOME", str(bare_machine / "elsewhere"))
    assert private_folder(plain.root).parent == bare_machine / "elsewhere" / "plaincrm"


def test_a_link_to_the_book_is_the_same_book(plain, tmp_path):
    (tmp_path / "link").symlink_to(plain.root)
    assert private_folder(tmp_path / "link") == private_folder(plain.root)


def test_only_its_owner_may_look_into_it(bench):
    assert stat.S_IMODE(make_private(bench.private).stat().st_mode) == 0o700


@pytest.mark.parametrize("text", ["", "gitdir: nowhere\n", "nonsense", "\0\0"])
def test_a_file_called_git_that_is_none_makes_no_repo(plain, text):
    (plain.root / ".git").write_text(text)
    assert find_repo(plain.root) is None


def test_a_private_folder_of_somebody_else_holds_nothing_for_us(tmp_path):
    """As after `sudo plaincrm`, once: reading goes on without it, and the lock says whose it is."""
    private = tmp_path / "plaincrm"
    private.mkdir(mode=0o700)
    (private / "journal").touch()
    assert pending(private)
    user = os.geteuid()
    if user:
        private.chmod(0)
    else:
        os.seteuid(65534)
    try:
        assert not pending(private)
    finally:
        if not user:
            os.seteuid(0)
        private.chmod(0o700)
