"""A program that sends: its exit code tells what is sure."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from plaincrm.errors import Refused
from plaincrm.transport.sendmail import deliver

ADA = "ada@x.example"


def program(folder: Path, script: str) -> str:
    path = folder / "my sendmail"
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return f"'{path}' -t"


def test_the_program_reads_the_mail(tmp_path: Path) -> None:
    command = program(tmp_path, f"cat > '{tmp_path}/got'")
    (outcome,) = deliver(command, [ADA], b"Subject: x\r\n\r\nHi\r\n")
    assert outcome.state == "sent"
    assert (tmp_path / "got").read_bytes() == b"Subject: x\r\n\r\nHi\r\n"


def test_recipients_are_words_of_their_own_without_t(tmp_path: Path) -> None:
    command = program(tmp_path, f"echo \"$@\" > '{tmp_path}/words'").removesuffix(" -t")
    deliver(command, [ADA, "-oops@x.example"], b"x")
    assert (tmp_path / "words").read_text("utf-8") == f"-- {ADA} -oops@x.example\n"


@pytest.mark.parametrize(
    ("code", "state", "hard"),
    [(67, "refused", True), (69, "refused", False), (75, "doubt", False), (1, "doubt", False)],
)
def test_exit_codes(tmp_path: Path, code: int, state: str, hard: bool) -> None:
    (outcome,) = deliver(program(tmp_path, f"echo sorry >&2; exit {code}"), [ADA], b"x")
    assert (outcome.state, outcome.hard) == (state, hard)
    assert outcome.reason.endswith(f"ended with {code}: sorry")


def test_a_program_that_was_killed_leaves_doubt(tmp_path: Path) -> None:
    (outcome,) = deliver(program(tmp_path, "kill -9 $$"), [ADA], b"x")
    assert outcome.state == "doubt"


def test_a_missing_program_is_said() -> None:
    with pytest.raises(Refused, match="no program"):
        deliver("/nowhere/msmtp -t", [ADA], b"x")
