"""Killed at every git call and file operation of a sync: the next one finishes or undoes it, and
nothing is lost. Modes change in it, and links come, go and lead elsewhere.
"""

from __future__ import annotations

import shutil
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest

from plaincrm.book.git.client import Git
from plaincrm.book.git.sync import Review, SyncResult, SyncRun
from plaincrm.book.private_folder import private_folder
from plaincrm.errors import Conflict
from tests.book.test_transaction_crash import killed_at
from tests.conftest import git

PEOPLE = [f"contacts/p{number:02}.md" for number in range(20)]
SAVED = (PEOPLE[1], PEOPLE[15], PEOPLE[5])  # what b made executable, committed here or not; and not
MINE = "typed after the sync died"
ROUNDS = 4
POINTS = 150  # at the least


class Machine:
    def __init__(self, root: Path) -> None:
        self.root = root

    def sync(self) -> SyncResult:
        found = Git.of(self.root)
        assert found is not None
        return SyncRun(found, private_folder(self.root), Review()).run()


def write(root: Path, texts: dict[str, str], message: str = "") -> None:
    for path, text in texts.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    if message:
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", message)


def link(root: Path, links: dict[str, str]) -> None:
    """Links by their names; one that leads nowhere goes."""
    for path, target in links.items():
        (root / path).unlink(missing_ok=True)
        if target:
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).symlink_to(target)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub and a clone `a`: on both, the same people were changed; `a` has hand edits on top."""
    folder = tmp_path_factory.mktemp("start")
    git(folder, "init", "-q", "--bare", "-b", "main", "hub.git")
    git(folder, "clone", "-q", "hub.git", "b")
    person = "---\nname: P\nphone: 1\ncity: x\n---\n\n## Log\n- 2026-01-01 call: Hello\n"
    link(
        folder / "b", {"photos": "contacts", "gone": "contacts/p03.md", "moved": "contacts/p04.md"}
    )
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
    for path in (PEOPLE[1], PEOPLE[12], PEOPLE[15]):
        (folder / "b" / path).chmod(0o755)
    link(folder / "b", {"gone": "", "moved": "contacts/p05.md", "deep/new": "../contacts"})
    write(folder / "b", {"contacts/new.md": person, "contacts/deep/new.md": person}, "By b")
    git(folder / "b", "push", "-q", "origin", "HEAD:main")
    write(
        folder / "a", {path: person.replace("city: x", "city: y") for path in PEOPLE[1:10]}, "By a"
    )
    write(folder / "a", {path: person + "- 2026-01-02 note: A\n" for path in PEOPLE[10:]})
    return folder


def saves(root: Path, path: str) -> bool:
    """Somebody goes on writing where the sync died."""
    with (root / path).open("a") as file:
        file.write(f"- 2026-02-01 note: {MINE}\n")
    return True


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
        saved = number % 3 == 0 and saves(machine.root, SAVED[number // 3 % len(SAVED)])
        with suppress(Conflict) if saved else nullcontext():  # told once, where both versions are
            machine.sync()
        machine.sync()
        if saved:
            text = git(machine.root, "show", f"HEAD:{SAVED[number // 3 % len(SAVED)]}")
            assert (MINE in text, "note: B" in text, "phone: 2" in text) == (True, True, True), text
        else:
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
