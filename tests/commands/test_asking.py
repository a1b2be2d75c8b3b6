"""What is asked where there is somebody to ask: on a terminal of its own."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.test_conflicts import DEAL, contest
from tests.commands.writes import clean, commits, read

PROGRAM = [sys.executable, "-c", "from plaincrm.cli import main; main()"]


def answered(studio: Path, words: list[str], typed: str) -> int:
    """The exit code of a run on a terminal where somebody types that."""
    ours, theirs = pty.openpty()
    try:
        os.write(ours, typed.encode())
        ran = subprocess.run(
            [*PROGRAM, *words], cwd=studio, stdin=theirs, stderr=theirs, stdout=theirs, timeout=60
        )
    finally:
        os.close(theirs)
        os.close(ours)
    return ran.returncode


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1), ("\x04", 130)])
def test_a_likeness_is_asked_about(studio: Path, typed: str, code: int) -> None:
    before = commits(studio)
    assert answered(studio, ["set", "Karri Berg", "city=Oslo"], typed) == code
    assert ("city: Oslo" in read(studio, "contacts/kari-berg.md")) is (code == 0)
    assert commits(studio) == before + (code == 0)
    assert clean(studio)


@pytest.mark.parametrize(("typed", "code"), [("2\n", 0), ("9\n1\n", 0), ("\x04", 130)])
def test_of_several_one_is_chosen(studio: Path, typed: str, code: int) -> None:
    before = commits(studio)
    assert answered(studio, ["set", "fjord", "city=Oslo"], typed) == code
    assert commits(studio) == before + (code == 0)


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 1)])
def test_a_bulk_write_is_asked_about(studio: Path, typed: str, code: int) -> None:
    before = commits(studio)
    assert answered(studio, ["set", "deals", "--where", "stage:lead", "tags+=x"], typed) == code
    assert commits(studio) == before + (code == 0)


def test_what_is_contested_is_asked_about_one_by_one(studio: Path) -> None:
    contest(studio, conflicts="_conflicts: {close_date: {values: [2026-12-20]}}\n")
    contest(studio, "contacts/kari-berg.md", "_conflicts: {job: {values: [Boss]}}\n")
    before = commits(studio)
    assert answered(studio, ["resolve"], "2\n2\n") == 0
    assert commits(studio) == before + 2
    assert "job: Boss" in read(studio, "contacts/kari-berg.md")
    assert "close_date: 2026-12-20" in read(studio, DEAL)
    assert "_conflicts" not in read(studio, "contacts/kari-berg.md") + read(studio, DEAL)
    assert answered(studio, ["resolve"], "") == 0
