"""Fixtures for all tests: the public test data, a fresh copy of the example book, and the program
to run on it.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings

# No deadline: a busy machine must not fail a test. The same examples in each run: a new one must
# not stop a change that has nothing to do with it. New ones are what `python -m tests.hunt` is for.
settings.register_profile(
    "ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci")
ROOT = Path(__file__).parents[1]
_MEMORY = Path("/dev/shm")  # Linux's folder in memory
_ROOM = 4 << 30  # bytes: a run fills a quarter of it
SHARED_DATA = ROOT.parent / "shared" / "data"
SHARED_CASES = ROOT.parent / "shared" / "cases"
NO_DATA = "no public test data"
TODAY = "2026-11-21"


def _keep_books_in_memory() -> None:
    """Temporary folders lie in memory where there is room, unless TMPDIR says otherwise: the tests
    write thousands of books, each durably, and a slow disk takes longer than the tests.
    """
    usable = "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK | os.X_OK)
    if usable and shutil.disk_usage(_MEMORY).free > _ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


_keep_books_in_memory()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public test data beside the checkout; tests that need it are skipped without
    it.
    """
    if not SHARED_DATA.is_dir():
        pytest.skip(f"{NO_DATA} in {SHARED_DATA}")
    return SHARED_DATA


@pytest.fixture(scope="session")
def shared_cases() -> Path:
    """The folder of inputs that went wrong in other programs; tests that need it are skipped without
    it.
    """
    if not SHARED_CASES.is_dir():
        pytest.skip(f"{NO_DATA} in {SHARED_CASES}")
    return SHARED_CASES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end, not only to those who ask, what was not tested for want of its data."""
    skipped = terminalreporter.getreports("skipped")
    missing = [report for report in skipped if NO_DATA in str(report.longrepr)]
    if missing:
        said = f"{len(missing)} tests did not run: {NO_DATA} in {SHARED_DATA.parent}"
        terminalreporter.write_line(said, yellow=True)


@pytest.fixture(autouse=True)
def bare_machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No identity, no configuration, no colour: what a new machine has."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("GIT_", "PLAINCRM_", "XDG_"))]:
        monkeypatch.delenv(name)
    for name, value in {
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PLAINCRM_TODAY": TODAY,
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("NO_COLOR", "EDITOR", "VISUAL", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def studio_repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example book as a git repo with one commit; copy it, don't change it."""
    book = tmp_path_factory.mktemp("example") / "studio"
    shutil.copytree(ROOT / "examples" / "studio", book)
    git(book, "init", "-q", "-b", "main")
    git(book, "add", "-A")
    git(book, "commit", "-q", "-m", "The book as it was")
    return book


@pytest.fixture
def studio(studio_repo: Path, tmp_path: Path) -> Path:
    """A fresh copy of the example book, in git, all committed."""
    book = tmp_path / "studio"
    shutil.copytree(studio_repo, book, symlinks=True)
    git(book, "update-index", "-q", "--refresh")
    return book


def git(folder: Path, *words: str) -> str:
    """Run git as a person with a name would; its output."""
    identity = [
        "-c",
        "user.name=Test",
        "-c",
        "user.email=test@example.org",
        "-c",
        "core.autocrlf=false",
    ]
    return subprocess.run(
        ["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


@dataclass(frozen=True)
class Ran:
    """What a run of the program gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Crm = Callable[..., Ran]


@pytest.fixture
def crm(studio: Path, monkeypatch: pytest.MonkeyPatch) -> Crm:
    """Run the program in the example book: `crm("list", "deals", input="…")`; `cwd=` for another
    folder.
    """
    return lambda *words, input="", cwd=studio: run_in(monkeypatch, cwd, list(words), input)


def run_in(
    monkeypatch: pytest.MonkeyPatch, folder: Path, words: list[str], input: str | bytes = ""
) -> Ran:
    """Run the program in this process, with no terminal."""
    from plaincrm.cli import run

    out, err = (
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)
    )
    data = input.encode() if isinstance(input, str) else input
    with monkeypatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
        patched.chdir(folder)
        with patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")):
            code = run(words)
    texts = [stream.buffer.getvalue().decode("utf-8", "surrogateescape") for stream in (out, err)]  # type: ignore[attr-defined]
    return Ran(code, *texts)
