"""What the tests of the writing commands look at: the last commit, its paths, and an editor made of
sed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import git


def commits(studio: Path) -> int:
    return int(git(studio, "rev-list", "--count", "HEAD"))


def subject(studio: Path, back: int = 0) -> str:
    return git(studio, "log", "-1", "--format=%s", f"HEAD~{back}").strip()


def touched(studio: Path, back: int = 0) -> list[str]:
    """The paths of the last commit (or one before it), renames as both paths."""
    return git(studio, "show", "--format=", "--name-only", "--no-renames", f"HEAD~{back}").split()


def changed_lines(studio: Path) -> list[str]:
    """The lines that the last commit took (-) and put (+)."""
    diff = git(studio, "show", "--format=", "-U0", "HEAD").splitlines()
    return [line for line in diff if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def clean(studio: Path) -> bool:
    return not git(studio, "status", "--porcelain")


def read(studio: Path, path: str) -> str:
    return (studio / path).read_bytes().decode()


def editing(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """An editor that runs a shell script on the file `$1`."""
    program = folder / "editor.sh"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(program))
