"""Completion in real shells on a real terminal: what a Tab makes of a line.

The line is not read off the screen, which each shell paints as it likes: after the Tab, `echo ` is
put before it, and the shell itself says what it has become.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Crm

PATIENCE = 40.0  # seconds for a shell on a busy machine
QUIET = 1.0  # seconds without output after which a shell has done what it was told
SHELLS = {
    "bash": (["--norc", "--noprofile", "-i"], ""),
    "zsh": (["-f", "-i"], "autoload -Uz compinit; compinit -u -D; "),
    "fish": (["--no-config", "-i"], ""),
}
TO_THE_BEGINNING = "\x01"
_CODES = re.compile(rb"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[()][A-Z0-9]|[=>78])")


def _plain(shown: bytes) -> str:
    return _CODES.sub(b"", shown).decode("utf-8", "replace").replace("\r", "")


def _own_the_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """A shell on a terminal of its own."""

    def __init__(self, words: list[str], folder: Path, environ: dict[str, str]) -> None:
        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            words,
            cwd=folder,
            env=environ,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_own_the_terminal,  # fish wants a terminal that is its own
        )
        os.close(theirs)

    def say(self, text: str, until: str = "") -> str:
        """Type `text`; what is shown until the shell is quiet, or `until` stands there."""
        os.write(self.ours, text.encode())
        shown, begun, heard = b"", time.monotonic(), time.monotonic()
        while time.monotonic() - begun < PATIENCE:
            if select.select([self.ours], [], [], 0.1)[0]:
                shown += self._read()
                heard = time.monotonic()
            plain = _plain(shown)
            quiet = time.monotonic() - heard > QUIET
            if (until and until in plain) or (not until and quiet):
                return plain
        return _plain(shown)

    def _read(self) -> bytes:
        try:
            return os.read(self.ours, 65536)
        except OSError:  # the shell has ended
            return b""

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.ours)


@pytest.fixture(params=list(SHELLS))
def shell(
    request: pytest.FixtureRequest, crm: Crm, studio: Path, tmp_path: Path
) -> Iterator[Terminal]:
    """A shell in the example book, in which completion is set up; skipped where it is not there."""
    name: str = request.param
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    programs = tmp_path / "programs"
    programs.mkdir()
    program = programs / "plaincrm"
    program.write_text(
        f"#!/bin/sh\nexec {sys.executable} -c 'from plaincrm.cli import main; main()' \"$@\"\n"
    )
    program.chmod(0o755)
    script = tmp_path / f"complete.{name}"
    script.write_text(crm("completion", name).out)
    (studio / "zebra.csv").write_text("name\n")
    options, before = SHELLS[name]
    environ = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "TERM": "xterm",
        "HOME": str(tmp_path),
        "PS1": "> ",
    }
    opened = Terminal([name, *options], studio, environ)
    try:
        opened.say("")
        opened.say(f"{before}. {script}; echo set''up\r", until="setup")
        yield opened
    finally:
        opened.close()


LINES = {
    "set fjord-website-2027 stage=prop": "set fjord-website-2027 stage=proposal",
    "set kari-berg company=fjord": "set kari-berg company=fjord-ferries",
    "list deals is:rott": "list deals is:rotting",
    "list deals stage:prop": "list deals stage:proposal",
    "list contacts --columns name,birthd": "list contacts --columns name,birthday",
    "import zeb": "import zebra.csv",
}


def test_a_tab_completes(shell: Terminal) -> None:
    for typed, become in LINES.items():
        shown = shell.say(f"plaincrm {typed}\t")
        assert "reading" not in shown, "nothing but the line is on the screen"
        wanted = f"\nplaincrm {become}"
        said = shell.say(f"{TO_THE_BEGINNING}echo \r", until=wanted)
        assert wanted in said, f"{typed}: {said}"
