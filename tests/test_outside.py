"""No command touches anything outside of the book, whatever lies in it: the short form of
`python -m tests.outside`. It runs in a process of its own, since an audit hook stays for good.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

ALARM = """
import os, sys
from tests.outside import Watched
watched = Watched()
watched.tree = os.path.realpath("outside")
for deed in ("open('book/a.md')", "os.rename('book/b', 'book/link/c')", "os.listdir('book/link')",
             "os.remove('book/link/d')", "open('book/own.md')", "os.symlink('../outside', 'book/x')"):
    eval(deed)
print(len(watched.seen))
"""


def python(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


def test_every_second_word_of_a_command_runs_there(tmp_path: Path) -> None:
    assert python(tmp_path, "-c", "from tests.outside import missing; print(missing())") == "set()"


@pytest.mark.parametrize("seed", [1, 21])
def test_nothing_outside_is_touched(tmp_path: Path, seed: int) -> None:
    words = ("-m", "tests.outside", "--seed", str(seed), "--rounds", "4")
    assert python(tmp_path, *words) == "4 rounds, nothing got out"


def test_the_alarm_rings(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "book").mkdir()
    for name in ("outside/a.md", "outside/d", "book/b", "book/own.md"):
        (tmp_path / name).touch()
    (tmp_path / "book/a.md").symlink_to("../outside/a.md")
    (tmp_path / "book/link").symlink_to("../outside")
    assert python(tmp_path, "-c", ALARM) == "4"
