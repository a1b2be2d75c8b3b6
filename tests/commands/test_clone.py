"""`plaincrm clone`: a book on a new machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.book.git import merge_driver
from plaincrm.book.git.client import Git
from tests.conftest import Crm, git


@pytest.fixture
def hub(studio: Path, tmp_path: Path) -> Path:
    git(tmp_path, "clone", "-q", "--bare", str(studio), "hub.git")
    return tmp_path / "hub.git"


def test_brings_the_book_and_its_merge_driver(crm: Crm, hub: Path, tmp_path: Path) -> None:
    done = crm("clone", str(hub), "new", cwd=tmp_path)
    assert (done.code, done.out) == (0, f"{tmp_path / 'new'}\n")
    found = Git.of(tmp_path / "new")
    assert found is not None
    assert merge_driver.state(found) == ""
    assert crm("list", "contacts", "--count", cwd=tmp_path / "new").out == "61\n"
    assert crm("sync", cwd=tmp_path / "new").code == 0


def test_a_hub_whose_head_names_no_branch(crm: Crm, hub: Path, tmp_path: Path) -> None:
    git(hub, "symbolic-ref", "HEAD", "refs/heads/master")
    assert crm("clone", str(hub), "new", cwd=tmp_path).code == 0
    assert crm("list", "contacts", "--count", cwd=tmp_path / "new").out == "61\n"
    assert crm("sync", cwd=tmp_path / "new").code == 0


@pytest.mark.usefixtures("hub")
def test_is_named_as_the_repo(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    assert crm("clone", "../hub.git", cwd=tmp_path / "here").out == f"{tmp_path / 'here' / 'hub'}\n"


def test_a_repo_without_a_book_leaves_nothing_behind(crm: Crm, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "other")
    (tmp_path / "other" / "x").write_text("x")
    git(tmp_path / "other", "add", "x")
    git(tmp_path / "other", "commit", "-q", "-m", "x")
    done = crm("clone", "other", "new", cwd=tmp_path)
    assert done.code == 1
    assert "holds no book" in done.err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("url", ["--upload-pack=touch x", "ext::sh -c touch% x", "fd::3"])
def test_no_address_runs_a_program(crm: Crm, tmp_path: Path, url: str) -> None:
    done = crm("clone", "--", url, "new", cwd=tmp_path)
    assert done.code == 5
    assert not (tmp_path / "x").exists()


def test_a_taken_folder_and_a_missing_repo(crm: Crm, hub: Path, tmp_path: Path) -> None:
    assert crm("clone", str(hub), "studio", cwd=tmp_path).code == 1
    assert crm("clone", str(tmp_path / "nowhere"), "new", cwd=tmp_path).code == 7
    assert not (tmp_path / "new").exists()


def test_no_hook_of_the_user_s_template_or_the_repo_runs(
    crm: Crm, hub: Path, tmp_path: Path
) -> None:
    hook = hub / "hooks" / "post-checkout"
    hook.write_text("#!/bin/sh\ntouch owned\n")
    hook.chmod(0o755)
    assert crm("clone", str(hub), "new", cwd=tmp_path).code == 0
    assert not list(tmp_path.rglob("owned"))


def test_an_address_without_end_is_none(crm: Crm, tmp_path: Path) -> None:
    done = crm("clone", "x" * 5000, cwd=tmp_path)
    assert (done.code, "5000 characters" in done.err) == (5, True), done.err
