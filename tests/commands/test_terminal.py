"""Every byte to a terminal passes one door, whatever command writes it."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from plaincrm.commands._terminal import cleaned

PROGRAM = [sys.executable, "-c", "from plaincrm.cli import main; main()"]
EVIL = "Evil \\e]52;c;ZXZpbA==\\a \\x9b31m \\e[2J\\u202e"
# What plaincrm writes itself is colours and redrawing; nothing else may come through.
STRANGE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e]|\x1b(?!\\[)|\x1b\\[2J"
)


def shown(folder: Path, *words: str, typed: str = "") -> str:
    """All that a terminal gets of a run."""
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    environ = {**os.environ, "PAGER": "", "TERM": "xterm"}
    run = subprocess.Popen(
        [*PROGRAM, *words], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environ
    )
    os.close(theirs)
    parts = []
    while part := _part(ours):
        parts.append(part)
    run.wait(60)
    os.close(ours)
    return b"".join(parts).decode("utf-8", "surrogateescape")


def _part(handle: int) -> bytes:
    try:
        return os.read(handle, 1 << 16)
    except OSError:  # the other end is closed
        return b""


@pytest.fixture
def hostile(studio: Path) -> Path:
    """The studio with escapes in a record, a template, a draft and the settings."""
    record = f'---\nname: "{EVIL}"\nemail: evil@x.example\n---\n\n## Log\n- 2026-11-20 note: hm\n'
    (studio / "contacts" / "evil.md").write_text(record)
    (studio / "templates" / "evil.md").write_text(f'---\nsubject: "{EVIL}"\n---\nx\n')
    return studio


@pytest.mark.parametrize(
    "words",
    [
        "export csv contacts",
        "export hubspot contacts",
        "export json contacts",
        "export jsonl contacts",
        "export md contacts",
        "export vcf contacts",
        "export ledger",
        "privacy export contact/evil",
        "template list --json",
        "agenda --ics -",
        "list contacts --json",
        "list contacts --csv",
        "list contacts",
        "show contact/evil",
        "show contact/evil --json",
        "find evil",
        "check",
        "check --json",
        "history contact/evil",
        "schema contact --json",
        "today",
        'sql SELECT+name+AS+"\x9b31m"+FROM+contacts',
        "show evil\x1b]0;x\x07",
        "list contacts nosuch:\x1b[2J",
        "set contact/evil job=x -n",
    ],
)
def test_no_command_brings_a_foreign_escape_to_a_terminal(hostile: Path, words: str) -> None:
    said = shown(hostile, *[word.replace("+", " ") for word in words.split(" ")])
    assert said
    assert not STRANGE.search(said)


def test_a_question_is_made_safe(hostile: Path) -> None:
    said = shown(hostile, "show", "Evill", typed="n\n")
    assert not STRANGE.search(said)


def test_a_pipe_gets_what_stands_in_the_file(hostile: Path) -> None:
    ran = subprocess.run([*PROGRAM, "export", "csv", "contacts"], cwd=hostile, capture_output=True)
    assert b"\x1b]52;c;ZXZpbA==\x07" in ran.stdout


@pytest.mark.parametrize("shell", ["zsh", "bash", "fish"])
def test_completion_is_safe_though_a_shell_reads_it(hostile: Path, shell: str) -> None:
    environ = {
        **os.environ,
        "_PLAINCRM_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": "plaincrm show ev",
        "COMP_CWORD": "2" if shell != "fish" else "ev",
    }
    ran = subprocess.run(PROGRAM, cwd=hostile, capture_output=True, env=environ)
    assert b"evil" in ran.stdout
    assert b"\x1b" not in ran.stdout and "\x9b".encode() not in ran.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plain", "plain"),
        ("\x1b[31mred\x1b[0m\n", "\x1b[31mred\x1b[0m\n"),
        ("\r\x1b[Kreading", "\r\x1b[Kreading"),
        ("a\rb", "a\\x0db"),
        ("\x1b[8mhidden", "\\x1b[8mhidden"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x9b31m", "\\u009b31m"),
        ("a\r\nb", "a\nb"),
    ],
)
def test_own_codes_stay_and_others_are_spelled_out(text: str, said: str) -> None:
    assert cleaned(text) == said
