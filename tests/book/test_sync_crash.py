"""Killed at every git call and file operation of a sync: the next one finishes or undoes it, and
nothing is lost.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from plaincrm.book.git.client import Git
from plaincrm.book.git.sync import Review, Synced, Syncing
from plaincrm.book.private_folder import private_folder
from tests.book.test_crash import killed_at
from tests.conftest import git

PEOPLE = [f"contacts/p{number:02}.md" for number in range(20)]
ROUNDS = 4
POINTS = 150  # at the least


class Machine:
    def __init__(self, root: Path) -> None:
        self.root = root

    def sync(self) -> Synced:
        found = Git.of(self.root)
        assert found is not None
        return Syncing(found, private_folder(self.root), Review()).run()


def write(root: Path, texts: dict[str, str], message: str = "") -> None:
    for path, text in texts.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    if message:
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", message)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub and a clone `a`: on both, the same people were changed; `a` has hand edits on top."""
    folder = tmp_path_factory.mktemp("start")
    git(folder, "init", "-q", "--bare", "-b", "main", "hub.git")
    git(folder, "clone", "-q", "hub.git", "b")
    person = "---\nname: P\nphone: 1\ncity: x\n---\n\n## Log\n- 2026-01-01 call: Hello\n"
    write(folder / "b", {path: person for path in PEOPLE} | {"plaincrm.yaml": ""}, "The book")
    git(folder / "b", "push", "-q", "origin", "HEAD:main")
    git(folder, "clone", "-q", "-b", "main", "hub.git", "a")
    write(
        folder / "b",
        {
            path: person.replace("phone: 1", "phone: 2") + "- 2026-01-03 note: B\n"
            for path in PEOPLE
        },
    )
    (folder / "b" / PEOPLE[0]).unlink()
    write(folder / "b", {"contacts/new.md": person, "contacts/deep/new.md": person}, "By b")
    git(folder / "b", "push", "-q", "origin", "HEAD:main")
    write(
        folder / "a", {path: person.replace("city: x", "city: y") for path in PEOPLE[1:10]}, "By a"
    )
    write(folder / "a", {path: person + "- 2026-01-02 note: A\n" for path in PEOPLE[10:]})
    return folder


def copied(start: Path, folder: Path) -> Machine:
    shutil.copytree(start, folder, symlinks=True)
    git(folder / "a", "remote", "set-url", "origin", str(folder / "hub.git"))
    return Machine(folder / "a")


@pytest.mark.parametrize("first", range(ROUNDS))
def test_killed_anywhere(start: Path, tmp_path: Path, first: int) -> None:
    whole = copied(start, tmp_path / "whole")
    whole.sync()
    expected = git(whole.root, "rev-parse", "HEAD^{tree}")
    for number in range(first, 10 * POINTS, ROUNDS):
        machine = copied(start, tmp_path / str(number))
        died = killed_at(number, machine, Machine.sync)
        for lock in (machine.root / ".git").rglob("*.lock"):
            lock.unlink()  # git children die with a machine, not with their parent
        machine.sync()
        assert git(machine.root, "rev-parse", "HEAD^{tree}") == expected
        assert git(machine.root, "rev-parse", "HEAD") == git(
            machine.root, "rev-parse", "origin/main"
        )
        assert git(machine.root, "status", "--porcelain") == ""
        assert not list(machine.root.rglob(".plaincrm-*.tmp"))
        assert not (machine.root / ".git" / "plaincrm" / "journal").exists()
        shutil.rmtree(machine.root.parent)
        if not died:
            assert number >= POINTS, f"only {number} points"
            return
    raise AssertionError("it never got through")
