"""`plaincrm today -i`, driven key by key in a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Crm, git

PATIENCE = 20.0  # seconds for an answer; a busy machine is slow, a program that hangs is a bug


class Terminal:
    """A program in a terminal of 80 by 24, and what it has shown."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.master, slave = pty.openpty()
        environ = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "NO_COLOR": "1"}
        environ["PAGER"] = "cat"  # a card of more than 24 lines would wait for a key
        self.process = subprocess.Popen(
            [sys.executable, "-m", "plaincrm", *words],
            cwd=folder,
            env=environ,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.shown = ""

    def until(self, text: str) -> str:
        """What came up to and with this text."""
        end = time.monotonic() + PATIENCE
        while text not in self.shown:
            assert time.monotonic() < end, f"{text!r} does not come; shown: {self.shown}"
            if select.select([self.master], [], [], 1.0)[0]:
                try:
                    data = os.read(self.master, 4096)
                except OSError:
                    data = b""
                assert data, f"it ended before {text!r}; shown: {self.shown}"
                self.shown += data.decode("utf-8", "replace").replace("\r\n", "\n")
        before, _, self.shown = self.shown.partition(text)
        return before + text

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())


@pytest.fixture
def terminal(studio: Path) -> Iterator[Terminal]:
    found = Terminal(studio, "today", "-i", "contacts", "name:Ola Nordmann")
    yield found
    found.process.kill()
    found.process.wait()
    os.close(found.master)


FILE = "contacts/ola-nordmann.md"
OPEN = "- [ ] Send the photos of the old ticket machines"


def text(studio: Path) -> str:
    return (studio / FILE).read_text("utf-8")


def test_each_key_stands_on_the_screen_and_done_is_taken_back(
    studio: Path, terminal: Terminal
) -> None:
    said = terminal.until("> ")
    assert "Ola Nordmann: Send the photos of the old ticket machines" in said
    for key in ("d done", "s snooze", "l log", "w write", "e edit", "v show", "n skip", "u undo"):
        assert key in said
    terminal.type("u")
    terminal.until("nothing was written here yet")
    terminal.until("> ")
    terminal.type("x\x1b[D")  # no key of the list; an arrow, which ends in a letter
    time.sleep(0.3)
    assert OPEN in text(studio)
    terminal.type("d")
    terminal.until("1 dealt with")
    assert terminal.process.wait(PATIENCE) == 0
    assert OPEN not in text(studio) and "done:2026-11-21" in text(studio)
    assert git(studio, "log", "-1", "--format=%s").startswith("Done: contact/ola-nordmann")


def test_snooze_asks_until_when_and_undo_comes_back_to_the_line(studio: Path) -> None:
    before = {path: path.read_bytes() for path in studio.glob("contacts/*.md")}
    here = Terminal(studio, "today", "-i")
    first = here.until("> ")
    here.type("n")
    second = here.until("> ")
    assert re.search(r"2 of \d+", second) and first != second
    here.type("s")
    here.until("Until [+1w]: ")
    here.type("+3d\n")
    assert re.search(r"3 of \d+", here.until("> "))
    here.type("u")
    assert re.search(r"2 of \d+", here.until("> "))
    here.type("q")
    here.until("0 dealt with")
    assert here.process.wait(PATIENCE) == 0
    os.close(here.master)
    assert {path: path.read_bytes() for path in studio.glob("contacts/*.md")} == before


def test_log_and_show_go_through_the_same_commands(studio: Path, terminal: Terminal) -> None:
    terminal.until("> ")
    terminal.type("v")
    terminal.until("contact/ola-nordmann")
    terminal.until("d done")
    terminal.until("> ")
    terminal.type("l")
    terminal.until("[call]: ")
    terminal.type("\n")
    terminal.until("Text: ")
    terminal.type("Asked for the photos\n")
    terminal.until("1 dealt with")
    assert "call: Asked for the photos" in text(studio)
    assert OPEN in text(studio)


def test_without_a_terminal_it_says_what_to_type(crm: Crm) -> None:
    ran = crm("today", "-i")
    assert ran.code == 2 and "plaincrm today" in ran.err
