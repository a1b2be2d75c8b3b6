"""`plaincrm completion`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Crm

SHELLS = ("bash", "zsh", "fish")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("ZDOTDIR", raising=False)
    return folder


@pytest.mark.parametrize("shell", SHELLS)
def test_prints_the_script(crm: Crm, shell: str) -> None:
    assert "_PLAINCRM_COMPLETE" in crm("completion", shell).out


@pytest.mark.parametrize("shell", SHELLS)
def test_scripts_are_valid(crm: Crm, tmp_path: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "script"
    script.write_text(crm("completion", shell).out)
    subprocess.run([shell, "-n", str(script)], check=True)


@pytest.mark.parametrize("shell", SHELLS)
def test_install_may_be_run_twice(crm: Crm, home: Path, shell: str) -> None:
    if shell != "fish":
        (home / f".{shell}rc").write_bytes(b"alias x=y")
    first = crm("completion", "install", shell)
    assert first.code == 0
    once = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert "wrote" in first.err
    assert "has it already" in crm("completion", "install", shell).err
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == once
    if shell != "fish":
        rc = once[home / f".{shell}rc"].decode()
        assert rc.startswith("alias x=y\n")
        assert rc.count("plaincrm completion") == 1


def test_dry_run_shows_and_writes_nothing(crm: Crm, home: Path) -> None:
    done = crm("completion", "install", "bash", "-n")
    assert "+[ -r" in done.out
    assert not list(home.rglob("*"))


def test_the_shell_is_that_of_the_user(
    crm: Crm, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert crm("completion", "install").code == 0
    assert (home / ".config/fish/completions/plaincrm.fish").is_file()
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    assert crm("completion", "install").code == 2


def test_the_line_in_bashrc_loads_the_script(crm: Crm, home: Path) -> None:
    crm("completion", "install", "bash")
    script = f". {home}/.bashrc; complete -p plaincrm"
    done = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, text=True, check=True
    )
    assert "plaincrm" in done.stdout


def completed(book: Path, line: str) -> set[str]:
    """What the shell is offered for the last word of `line`."""
    program = "from plaincrm.cli import main; main()"
    at = str(len(line.split(" ")) - 1)
    environ = os.environ | {
        "_PLAINCRM_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": at,
    }
    words = [sys.executable, "-c", program]
    done = subprocess.run(words, cwd=book, env=environ, capture_output=True, text=True, check=True)
    assert not done.stderr
    return {each.removeprefix("plain,") for each in done.stdout.splitlines()}


@pytest.mark.parametrize(
    ("line", "some", "none"),
    [
        ("plaincrm pipe", {"pipeline"}, {"list"}),
        ("plaincrm list dea", {"deals"}, {"contacts"}),
        ("plaincrm list deals sta", {"stage:"}, {"status:"}),
        ("plaincrm list deals stage:pro", {"stage:proposal"}, {"stage:won"}),
        ("plaincrm list contacts +", {"+vip"}, {"+favicon"}),
        ("plaincrm list contacts @w", {"@warm-leads"}, {"@big-deals"}),
        ("plaincrm show kari", {"kari-berg"}, {"ola-nordmann"}),
        ("plaincrm show deal/fjord", {"deal/fjord-identity"}, {"company/fjord-ferries"}),
        ("plaincrm set kari-berg ca", {"cadence=", "campaign="}, {"category="}),
        ("plaincrm set fjord-website-2027 stage=n", {"stage=negotiation"}, {"stage=won"}),
        ("plaincrm add deal Poster st", {"stage=", "starts="}, {"status="}),
        ("plaincrm move fjord-website-2027 pro", {"proposal"}, {"won"}),
        ("plaincrm email fol", {"follow-up"}, {"newsletter"}),
    ],
)
def test_words_of_the_book(studio: Path, line: str, some: set[str], none: set[str]) -> None:
    found = completed(studio, line)
    assert some <= found
    assert not none & found
