"""The program in real pipes: quiet when the reader leaves, and plain where nobody watches."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = f"{shlex.quote(sys.executable)} -c 'from plaincrm.start import main; main()'"


def bash(book: Path, line: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash with pipefail; `plaincrm` is the program of this checkout."""
    script = f'set -o pipefail; plaincrm() {{ {PROGRAM} "$@"; }}; {line}'
    here = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])} | environ
    return subprocess.run(
        ["bash", "-c", script], cwd=book, env=here, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "line",
    [
        "plaincrm list contacts | head -1",
        "plaincrm list log --jsonl | head -1",
        "plaincrm export json | true",
        "plaincrm show ola-nordmann | true",
        "plaincrm --help | true",
        "plaincrm help query | true",
    ],
)
def test_a_broken_pipe_is_quiet(studio: Path, line: str) -> None:
    done = bash(studio, line)
    talk = [each for each in done.stderr.splitlines() if "plaincrm check says why" not in each]
    assert (done.returncode, talk) == (0, [])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("plaincrm today >&-", 0),
        ("plaincrm today <&- >&- 2>&-", 0),
        ("plaincrm check >&-", 1),
        ("plaincrm list contacts --json <&- >&-", 0),
        ("plaincrm list contacts nope:1 2>&-", 2),
        ("plaincrm set ola-nordmann job=Pilot <&- >&- 2>&-", 0),
        ("plaincrm --version >&-", 0),
    ],
)
def test_a_stream_that_was_closed_before_the_start_is_an_empty_one(
    studio: Path, line: str, code: int
) -> None:
    done = bash(studio, line)
    assert (done.returncode, "bug" in done.stderr, "Traceback" in done.stderr) == (
        code,
        False,
        False,
    ), done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    "words", ["list contacts", "today", "list contacts --json", "--version", "help"]
)
def test_a_full_disk_under_the_answer_is_said_in_one_line(studio: Path, words: str) -> None:
    done = bash(studio, f"plaincrm {words} >/dev/full")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].count("no space left on the disk") == 1
    assert "bug" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_an_error_that_cannot_be_said_keeps_its_code(studio: Path) -> None:
    assert bash(studio, "plaincrm list deals nope:1 2>/dev/full").returncode == 2


INTERRUPTED = """
from plaincrm import start
def typed():
    raise KeyboardInterrupt
start._typed = typed
start.main()
"""


def test_ctrl_c_while_the_program_starts_is_one_line(studio: Path) -> None:
    done = bash(studio, f"{shlex.quote(sys.executable)} -c {shlex.quote(INTERRUPTED)}")
    assert (done.returncode, done.stderr) == (130, "plaincrm: interrupted\n")


def test_no_colour_unless_it_is_asked_for(studio: Path) -> None:
    assert "\033" not in bash(studio, "plaincrm today").stdout
    assert "\033" in bash(studio, "plaincrm --color always today").stdout
    screen = "script -qec 'stty cols 80; plaincrm today' /dev/null </dev/null"
    if bash(studio, "command -v script").returncode == 0:
        watched = screen.replace("plaincrm today", f"{PROGRAM.replace(chr(39), chr(34))} today")
        assert "\033[" in bash(studio, watched, TERM="xterm").stdout
        assert "\033[" not in bash(studio, watched, TERM="xterm", NO_COLOR="1").stdout
        assert "\033[" not in bash(studio, watched, TERM="dumb").stdout


def test_names_from_one_list_go_into_another_command(studio: Path) -> None:
    done = bash(studio, "plaincrm list contacts +vip --ids -0 | xargs -0 -n1 echo | head -2")
    assert all(line.startswith("contact/") for line in done.stdout.splitlines())
    refs = bash(
        studio,
        "plaincrm list contacts +vip --ids | plaincrm set - tags+=dear -y && plaincrm undo -n",
    )
    assert refs.returncode == 0
    assert refs.stdout.count("-tags:") == int(
        bash(studio, "plaincrm list contacts +vip --count").stdout
    )
