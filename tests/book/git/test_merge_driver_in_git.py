"""The merge driver under git's own commands: what they merge, it merges by field."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from plaincrm.book.git.client import Git
from plaincrm.book.git.merge_driver import install
from tests.conftest import ROOT, git, run_in

PAGE = "---\nname: Ada\nstatus: lead\ncity: Berlin\n---\n\n## Log\n- 2026-11-01 call: One\n"
OURS = ("status: lead", "status: prospect", "- 2026-11-02 call: Ours\n")
THEIRS = ("city: Berlin", "city: Bonn", "- 2026-11-03 call: Theirs\n")


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A book and its clone, both with the driver, each with a change of its own committed."""
    bin = tmp_path / "bin"
    bin.mkdir()
    (bin / "plaincrm").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m plaincrm "$@"\n')
    (bin / "plaincrm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "hub.git")
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    git(one, "init", "-q", "-b", "main")
    (one / "contacts").mkdir()
    (one / "contacts/ada.md").write_text(PAGE)
    (one / "plaincrm.yaml").write_text("currency: EUR\n")
    (one / ".gitattributes").write_text("*.md merge=plaincrm\n*.yaml merge=plaincrm\n")
    git(one, "add", "-A")
    git(one, "commit", "-q", "-m", "The book")
    git(one, "remote", "add", "origin", str(tmp_path / "hub.git"))
    git(one, "push", "-q", "-u", "origin", "main")
    git(tmp_path, "clone", "-q", "hub.git", "two")
    for root in (one, two):
        found = Git.of(root)
        assert found is not None
        install(found)
    edit(one, *THEIRS)
    git(one, "commit", "-q", "-a", "-m", "Theirs")
    git(one, "push", "-q")
    edit(two, *OURS)
    return one, two


def edit(root: Path, old: str, new: str, entry: str) -> None:
    page = root / "contacts/ada.md"
    page.write_text(page.read_text().replace(old, new) + entry)


def is_merged(root: Path) -> None:
    text = (root / "contacts/ada.md").read_text()
    for line in ("status: prospect", "city: Bonn", "call: Ours", "call: Theirs", "call: One"):
        assert text.count(line) == 1, text
    assert "<<<" not in text
    assert not git(root, "diff", "--name-only", "--diff-filter=U")


@pytest.mark.parametrize(
    "words",
    [("pull", "-q", "--rebase"), ("pull", "-q", "--no-rebase"), ("pull", "-q", "--rebase=merges")],
    ids=" ".join,
)
def test_pull(pair: tuple[Path, Path], words: tuple[str, ...]) -> None:
    git(pair[1], "commit", "-q", "-a", "-m", "Ours")
    git(pair[1], *words)
    is_merged(pair[1])


def test_rebase_and_cherry_pick(pair: tuple[Path, Path]) -> None:
    two = pair[1]
    git(two, "commit", "-q", "-a", "-m", "Ours")
    git(two, "fetch", "-q")
    git(two, "branch", "picked", "origin/main")
    git(two, "rebase", "-q", "origin/main")
    is_merged(two)
    git(two, "switch", "-q", "picked")
    git(two, "cherry-pick", "main")
    is_merged(two)


def test_stash_pop(pair: tuple[Path, Path]) -> None:
    two = pair[1]
    git(two, "stash")
    git(two, "pull", "-q", "--ff-only")
    git(two, "stash", "pop")
    is_merged(two)


def test_pull_with_autostash(pair: tuple[Path, Path]) -> None:
    git(pair[1], "pull", "-q", "--rebase", "--autostash")
    is_merged(pair[1])


def test_a_version_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "o").write_text("x\n")
    done = run_in(monkeypatch, tmp_path, ["merge-driver", "o", "o", "nope", "7", "contacts/x.md"])
    assert (done.code, "can't read nope" in done.err) == (1, True), done.err
