"""What is asked where there is somebody to ask: on a terminal of its own."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from tests.commands.test_conflicts import DEAL, contest
from tests.commands.writes import clean, commits, read

PROGRAM = [sys.executable, "-c", "from plaincrm.cli import main; main()"]


def answered(studio: Path, words: list[str], typed: str) -> int:
    """The exit code of a run on a terminal where somebody types that."""
    ours, theirs = pty.openpty()
    shown = Thread(target=_drain, args=(ours,), daemon=True)
    shown.start()
    try:
        os.write(ours, typed.encode())
        ran = subprocess.run(
            [*PROGRAM, *words],
            cwd=studio,
            stdin=theirs,
            stderr=theirs,
            stdout=theirs,
            timeout=60,
            env={**os.environ, "PAGER": "cat"},
        )
    finally:
        os.close(theirs)
        shown.join(10)
        os.close(ours)
    return ran.returncode


def _drain(terminal: int) -> None:
    """Read what a terminal shows, so that nobody waits for its buffer; until it is closed."""
    with suppress(OSError):
        while os.read(terminal, 65536):
            pass


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


@pytest.mark.parametrize(
    ("words", "typed", "code"),
    [
        (["show", "kari-b"], "", 0),
        (["email", "follow-up", "kari-b"], "", 0),
        (["log", "kari-b", "call", "Hello"], "\n", 0),
        (["log", "kari-b", "call", "Hello"], "n\n", 1),
        (["log", "kari-b", "call", "Hello", "-n"], "", 0),
        (["log", "kari-b", "call", "Hello", "-y"], "", 0),
        (["set", "fjord-website-2027", "contact=kari-b"], "\n", 0),
        (["set", "fjord-website-2027", "contact=kari-b"], "n\n", 1),
        (["set", "fjord-website-2027", "contact=Karri Berg"], "y\n", 0),
        (["rm", "kari-b", "-y"], "\n", 0),
        (["rm", "kari-b", "-y"], "n\n", 1),
    ],
)
def test_who_reads_takes_what_who_writes_asks_about(
    studio: Path, words: list[str], typed: str, code: int
) -> None:
    before = commits(studio)
    assert answered(studio, words, typed) == code
    written = code == 0 and words[0] not in ("show", "email") and "-n" not in words
    assert commits(studio) == before + written


def test_a_deal_and_its_company_are_one_answer(studio: Path) -> None:
    (studio / "companies" / "fog-lab.md").write_text("---\nname: Fog Lab\n---\n")
    deal = studio / "deals" / "fog-site.md"
    deal.write_text("---\nname: Fog site\ncompany: fog-lab\nstage: lead\n---\n")
    assert answered(studio, ["move", "fog", "proposl"], "") == 5
    assert answered(studio, ["move", "fog", "proposal"], "\n") == 0
    assert "stage: proposal" in read(studio, "deals/fog-site.md")
