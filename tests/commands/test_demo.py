"""`plaincrm demo`: the tour runs on a bare machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.commands.test_review import Terminal
from tests.conftest import Crm


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is no book, and temporary files in it."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.delenv("PLAINCRM_TODAY")
    return tmp_path


def test_shows_pipeline_today_and_an_email(crm: Crm, bare: Path) -> None:
    done = crm("demo", cwd=bare)
    assert done.code == 0, done.err
    lines = re.findall(r"^\$ plaincrm (\w+)", done.out, re.MULTILINE)
    assert lines == ["pipeline", "today", "email"]
    assert "negotiation" in done.out
    assert "Friederike" in done.out.partition("$ plaincrm email")[2]
    copy = Path(re.search(r"^  cd (.*)$", done.out, re.MULTILINE)[1])  # type: ignore[index]
    assert (copy / "contacts" / "ola-nordmann.md").is_file()
    assert copy.is_relative_to(bare / "tmp")


def test_every_line_to_go_on_with_works(crm: Crm, bare: Path) -> None:
    out = crm("demo", cwd=bare).out
    copy = Path(re.search(r"^  cd (.*)$", out, re.MULTILINE)[1])  # type: ignore[index]
    tried = [line for line in re.findall(r"^  plaincrm (.*)$", out, re.MULTILINE)]
    assert len(tried) >= 3
    for line in tried:
        for words in line.split(" && plaincrm "):
            assert crm("--today", "2026-11-21", *words.split(), cwd=copy).code in (
                (0, 1) if words == "check" else (0,)
            )


def test_needs_no_git(crm: Crm, bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(bare))
    done = crm("demo", cwd=bare)
    assert done.code == 0, done.err
    assert "Friederike" in done.out


def test_on_a_terminal_it_waits_after_each_part(bare: Path) -> None:
    terminal = Terminal(bare, "demo")
    try:
        for part in ("$ plaincrm pipeline", "$ plaincrm today", "$ plaincrm email"):
            shown = terminal.until("Enter goes on")
            assert shown.count("$ plaincrm ") == 1 and part in shown
            terminal.type("\n")
        assert "cd " in terminal.until("starts a book of your own")
    finally:
        terminal.process.kill()
        terminal.process.wait()
