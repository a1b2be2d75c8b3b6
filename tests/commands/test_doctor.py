"""`plaincrm doctor`."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm import __version__
from tests.conftest import Crm, git


def test_says_what_is_there(crm: Crm) -> None:
    done = crm("doctor")
    assert done.code == 0
    for said in (__version__, "61 contacts", "Europe/Berlin", "git does not know who you are"):
        assert said in done.out


def test_json(crm: Crm) -> None:
    answer = crm("doctor", "--json").json
    topics = {result["topic"]: result["level"] for result in answer["results"]}
    assert answer["kind"] == "doctor"
    assert topics["book"] == "good"
    assert topics["identity"] == "warning"


def test_warns_of_programs_in_the_repo_s_own_config(crm: Crm, studio: Path) -> None:
    git(studio, "config", "core.sshCommand", "touch /tmp/owned")
    git(studio, "config", "filter.lfs.clean", "git-lfs clean -- %f")
    out = crm("doctor").out
    assert "sets core.sshcommand" in out
    assert "filter.lfs" not in out


def test_works_anywhere(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = crm("doctor", cwd=tmp_path / "empty")
    assert done.code == 0
    assert "plaincrm init" in done.out


def test_says_that_git_is_missing(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = crm("doctor")
    assert done.code == 0
    assert "not installed" in done.out


def test_settings_problems_are_told(crm: Crm, studio: Path) -> None:
    (studio / "plaincrm.yaml").write_text("colour: red\n")
    assert 'unknown setting "colour"' in crm("doctor").out
