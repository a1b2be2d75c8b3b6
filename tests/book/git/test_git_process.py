"""git on a machine that is busy: no process to be had for a moment, one that is killed."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from plaincrm.book.git import git_process
from plaincrm.errors import GitFailed
from tests.conftest import Crm

KILLED_AT_FIRST = """\
#!/bin/sh
case " $* " in *" {word} "*)
    if [ ! -e "{mark}" ]; then : >"{mark}"; kill -9 $$; fi;;
esac
exec "{git}" "$@"
"""


@pytest.fixture
def start_fails(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the next `count` starts fail, as where all processes are taken."""
    start, left = subprocess.run, [0]
    monkeypatch.setattr(git_process, "_PAUSES", (0, 0, 0))

    def run(*args: Any, **options: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return start(*args, **options)

    monkeypatch.setattr(subprocess, "run", run)
    return lambda count: left.__setitem__(0, count)


def test_a_start_that_fails_is_tried_again(crm: Crm, start_fails: Any) -> None:
    start_fails(3)
    assert "Ola Nordmann" in crm("blame", "ola-nordmann").out
    start_fails(3)
    assert crm("set", "ola-nordmann", "city=Rome").code == 0


def test_a_machine_without_room_is_no_bug(crm: Crm, start_fails: Any) -> None:
    start_fails(1000)
    done = crm("blame", "ola-nordmann")
    assert (done.code, "git can't be started: resource temporarily" in done.err) == (7, True), done


def killed_once(folder: Path, word: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git in the path that dies at its first command of that name."""
    git = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout
    bin, mark = folder / "bin", folder / "killed"
    bin.mkdir()
    (bin / "git").write_text(KILLED_AT_FIRST.format(word=word, mark=mark, git=git.strip()))
    (bin / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin}:{os.environ['PATH']}")
    return mark


@pytest.mark.parametrize("word", ["log", "cat-file", "rev-parse"])
def test_what_only_reads_is_run_once_more(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    before = crm("blame", "ola-nordmann").out
    mark = killed_once(tmp_path, word, monkeypatch)
    assert crm("blame", "ola-nordmann").out == before
    assert mark.exists()


def test_a_commit_that_was_killed_is_told_and_none_is_made_twice(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_once(tmp_path, "commit", monkeypatch)
    done = crm("set", "ola-nordmann", "city=Rome")
    assert (done.code, "git was killed (signal 9); the files are written" in done.err) == (7, True)


def test_a_killed_git_is_none_that_said_no(
    tmp_path: Path, studio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plaincrm.book.git.client import Git

    mark = killed_once(tmp_path, "config", monkeypatch)
    git = Git.of(studio)
    assert git is not None
    with pytest.raises(GitFailed, match="killed"):
        git.run_or_none("config", "--get", "no.such")
    assert mark.exists() and git.run_or_none("config", "--get", "no.such") is None
