"""Commands killed at each single system call that writes: every file old or new, and the next
command works.

A child process runs the command and kills itself at its first such call, the next one at its
second, and so on until the command gets through.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from tests.book.test_transaction_crash import tap
from tests.conftest import ROOT, git, run_in

CSV = "Name,Email,Company\nNora Ek,nora@ek.example,Ek & Ek\nBo Dahl,bo@dahl.example,\n"
RECORDS = [
    "contacts/kari-berg.md",
    "contacts/ola-nordmann.md",
    "contacts/jens-petersen.md",
    "companies/fjord-ferries.md",
    "deals/fjord-website-2027.md",
    "deals/fjord-identity.md",
]
COMMANDS = {
    "set": ["set", "kari-berg", "job=Boss", "tags+=vip"],
    "set in bulk": ["set", "contacts", "--where", "country:NO", "tags+=norse", "-y"],
    "rename with links": ["rename", "fjord-ferries", "Fjord Lines"],
    "rm with links": ["rm", "contact/kari-berg", "-y"],
    "import": ["import", "../people.csv", "-y"],
    "outbox sent": ["outbox", "sent", "--all", "-y"],
    "undo": ["undo", "-y"],
}
NEXT, NEXT_PATH = ["set", "jens-petersen", "job=Next"], "contacts/jens-petersen.md"
Files = dict[str, bytes]


@pytest.fixture
def before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small book with two drafts, something to undo, and all committed; a table lies beside
    it.
    """
    (tmp_path / "people.csv").write_text(CSV, "utf-8")
    book = tmp_path / "book"
    assert run_in(monkeypatch, tmp_path, ["init", "book"]).code == 0
    for path in ("plaincrm.yaml", *RECORDS):
        shutil.copy(ROOT / "examples" / "studio" / path, book / path)
    git(book, "add", "-A")
    git(book, "commit", "-q", "-m", "Records")
    drafts = ["email", "follow-up", "kari-berg", "ola-nordmann", "--outbox"]
    for words in (["set", "ola-nordmann", "job=Captain"], drafts):
        assert run_in(monkeypatch, book, words).code == 0
    return book


def copy(before: Path) -> Path:
    """The book once more, at a place that stays the same."""
    place = before.parent / "copy"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(before, place, symlinks=True)
    git(place, "update-index", "-q", "--refresh")
    return place


def files(book: Path) -> Files:
    """What a user sees of a book: path -> content; staged files, which begin with a dot, are not of
    it.
    """
    return {
        path.relative_to(book).as_posix(): path.read_bytes()
        for path in sorted(book.rglob("*"))
        if path.is_file() and ".git" not in path.parts and not path.name.startswith(".plaincrm-")
    }


def killed_at(number: int, book: Path, words: list[str]) -> bool:
    """Run the command in a child that kills itself at its call `number`. Whether it came to
    that.
    """
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        died = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        assert died or os.waitstatus_to_exitcode(status) == 0
        return died
    try:
        os.chdir(book)
        sys.stdin = open(os.devnull)  # noqa: SIM115 (the child ends with it)
        left = [number]

        def die(_name: str) -> None:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        with pytest.MonkeyPatch.context() as monkeypatch:
            tap(monkeypatch, die)
            from plaincrm.cli import run

            os._exit(run(words))
    finally:
        os._exit(99)


@pytest.mark.parametrize("words", COMMANDS.values(), ids=list(COMMANDS))
@pytest.mark.usefixtures("capfd")
def test_killed_at_any_call(
    before: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = files(before)
    done = copy(before)
    assert run_in(monkeypatch, done, words).code == 0
    new = files(done)
    assert new != old
    died, number, outcomes = True, 0, set()
    while died:
        book = copy(before)
        died = killed_at(number, book, words)
        for path, data in files(book).items():
            assert data in (old.get(path), new.get(path)), (number, path)
        assert_the_next_command_works(book, monkeypatch)
        outcomes.add(outcome(files(book), old, new))
        if words[0] == "outbox":
            assert_a_second_run_logs_nothing_twice(book, words, new, monkeypatch)
        number += 1
    assert number > 8
    assert outcomes == {"old", "new"}


def assert_the_next_command_works(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run_in(monkeypatch, book, NEXT)
    assert ran.code == 0, ran.err
    assert "job: Next" in git(book, "show", f"HEAD:{NEXT_PATH}")
    assert not git(book, "status", "--porcelain")
    assert litter(book) <= {"outbox"}, "what git ignores is swept when that folder is next written"


def outcome(found: Files, old: Files, new: Files) -> str:
    """Whether all records are as before the command, or all as after it."""
    paths = {
        path
        for path in (*old, *new, *found)
        if not path.startswith("outbox/") and path != NEXT_PATH
    }
    kept = [path for path in paths if found.get(path) == old.get(path)]
    made = [path for path in paths if found.get(path) == new.get(path)]
    assert len(paths) in (len(kept), len(made)), "some of each"
    return "old" if len(kept) == len(paths) else "new"


def assert_a_second_run_logs_nothing_twice(
    book: Path, words: list[str], new: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_in(monkeypatch, book, words).code == 0
    found = files(book)
    assert {path: found[path] for path in RECORDS if path != NEXT_PATH} == {
        path: new[path] for path in RECORDS if path != NEXT_PATH
    }
    assert not [path for path in found if path.endswith(".eml") and path.count("/") == 1], (
        "none waits"
    )


def litter(book: Path) -> set[str]:
    """The folders where staged files were left."""
    return {
        path.relative_to(book).parts[0]
        for path in book.rglob(".plaincrm-*.tmp")
        if ".git" not in path.parts
    }
