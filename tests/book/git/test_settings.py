"""Whose programs run when git runs: the user's own, never those of a strange repo."""

from __future__ import annotations

import pytest

from plaincrm.book.git.client import Git
from plaincrm.errors import GitFailed
from tests.conftest import git


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        ('[remote "origin"]\n\turl = x\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n', 0),
        ('[branch "main"]\n\tremote = origin\n\tmerge = refs/heads/main\n', 0),
        (
            '# a comment\n[merge "plaincrm"]\n\tname = x\n\tdriver = plaincrm merge-driver %O %A\n',
            0,
        ),
        ('[merge "other"]\n\tdriver = other %O %A %B\n', 1),
        ("[core] fsmonitor = x\n", 1),
        ("[core]\n\tfsmonitor\n", 1),
        ("[core]\n\tautocrlf = in\\\nput\n", 1),
        ('[FILTER "x"]\n\tCLEAN = x\n', 1),
        ("[remote.origin]\n\turl = x\n", 1),
    ],
)
def test_git_is_asked_for_its_config_only_where_it_is_not_tame(bench, lines, asked):
    bench.put("a.md", "1")
    bench.by_hand(".git/config", (bench.root / ".git" / "config").read_text() + lines)
    bench.git = Git.of(bench.root)
    bench.put("a.md", "2")
    assert bench.git.calls == 2 + asked


def test_settings_of_a_hook_that_calls_us_do_not_leak(bench, monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    bench.put("a.md", "x")
    monkeypatch.undo()
    assert list(bench.git.tree("HEAD")) == ["a.md"]


TRAPS = """
[core]
	fsmonitor = {canary}
	hooksPath = hooks
	pager = {canary}
	editor = {canary}
	askPass = {canary}
	sshCommand = {canary}
	alternateRefsCommand = {canary}
[diff]
	external = {canary}
[diff "md"]
	textconv = {canary}
	command = {canary}
[filter "md"]
	clean = {canary}
	smudge = {canary}
	process = {canary}
[commit]
	gpgSign = true
[gpg]
	program = {canary}
[log]
	showSignature = true
[alias]
	status = !{canary}
"""


@pytest.fixture
def trapped(bench, tmp_path):
    """A book whose repo's own config, hooks and attributes name a program on every occasion."""
    canary = tmp_path / "canary"
    canary.write_text(f'#!/bin/sh\necho "$0 $@" >> {tmp_path}/ran\ncat\n')
    canary.chmod(0o755)
    bench.put("contacts/a.md", "1\n")
    for folder in ("hooks", ".git/hooks"):
        (bench.root / folder).mkdir(exist_ok=True)
        for hook in (
            "pre-commit",
            "commit-msg",
            "post-commit",
            "post-index-change",
            "reference-transaction",
        ):
            (bench.root / folder / hook).symlink_to(canary)
    bench.by_hand(".git/info/attributes", "*.md filter=md diff=md\n")
    config = bench.root / ".git" / "config"
    config.write_text(config.read_text() + TRAPS.format(canary=canary))
    bench.git = Git.of(bench.root)
    bench.ran = tmp_path / "ran"
    return bench


def everything(bench) -> None:
    git = bench.git
    bench.by_hand("contacts/a.md", "by hand\n")
    with pytest.raises(GitFailed, match="filter 'md'"):
        bench.put("contacts/a.md", "2\n")
    assert bench.text("contacts/a.md") == "by hand\n"
    git.commit(["contacts/a.md"], "By git's own words")
    bench.by_hand(".git/info/attributes", "*.md diff=md\n")
    bench.put("contacts/a.md", "2\n")
    bench.put("contacts/b.md", "1\n")
    git.status(ignored=True)
    git.run("log", "-p")
    git.show("HEAD", "contacts/a.md")
    git.run("diff", "HEAD~1")
    git.run("show", "HEAD")
    git.blobs([git.log()[0].files[0].new or ""])
    git.ignored(["contacts"])


def test_a_strange_repos_programs_never_run(trapped):
    everything(trapped)
    assert not trapped.ran.exists(), trapped.ran.read_text()
    assert trapped.git.show("HEAD", "contacts/b.md") == b"1\n"


def test_the_traps_would_snap_otherwise(trapped):
    trapped.by_hand("contacts/a.md", "by hand\n")
    trapped.sh("-c", "commit.gpgSign=false", "commit", "-qam", "x")
    assert trapped.ran.exists()


def test_a_config_hidden_behind_an_include_is_seen(trapped):
    config = trapped.root / ".git" / "config"
    (trapped.root / ".git" / "more").write_text(config.read_text())
    config.write_text("[include] path = more\n")
    trapped.git = Git.of(trapped.root)
    everything(trapped)
    assert not trapped.ran.exists()


def test_a_filter_that_the_repo_requires_makes_git_refuse(trapped):
    """git-crypt and its like: what they should encrypt must not be committed in plain."""
    trapped.sh("config", "filter.md.required", "true")
    trapped.git = Git.of(trapped.root)
    with pytest.raises(GitFailed, match="filter") as told:
        trapped.put("contacts/a.md", "secret\n")
    assert "global" in told.value.hint
    assert not trapped.ran.exists()


def test_the_users_own_filter_runs(bench, bare_machine):
    (bare_machine / ".gitconfig").write_text('[filter "up"]\n\tclean = tr a-z A-Z\n')
    bench.by_hand(".git/info/attributes", "*.md filter=up\n")
    bench.sh("config", "filter.up.clean", "false")
    bench.git = Git.of(bench.root)
    bench.put("a.md", "text\n")
    assert bench.git.show("HEAD", "a.md") == b"TEXT\n"


def test_hooks_run_if_the_users_own_config_says_so(trapped, bare_machine):
    trapped.sh("config", "plaincrm.hooks", "true")
    trapped.by_hand(".git/info/attributes", "*.md diff=md\n")
    trapped.git = Git.of(trapped.root)
    trapped.put("contacts/a.md", "2\n")
    assert not trapped.ran.exists()
    (bare_machine / ".gitconfig").write_text("[plaincrm]\n\thooks = true\n")
    trapped.git = Git.of(trapped.root)
    trapped.put("contacts/a.md", "3\n")
    assert "hooks/" in trapped.ran.read_text()


def test_signing_is_as_the_users_own_config_says(bench, bare_machine, tmp_path):
    signer = tmp_path / "signer"
    signer.write_text(f"#!/bin/sh\necho signed >> {tmp_path}/ran\nexit 1\n")
    signer.chmod(0o755)
    (bare_machine / ".gitconfig").write_text(
        f"[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = {signer}\n"
    )
    with pytest.raises(GitFailed, match=r"write commit|sign"):
        bench.put("a.md", "x")
    assert (tmp_path / "ran").exists()


def test_programs_for_the_other_end_come_from_the_user_alone(bench, tmp_path, monkeypatch):
    canary = tmp_path / "canary"
    canary.write_text(f'#!/bin/sh\ntouch {tmp_path}/ran\nexec "$@"\n')
    canary.chmod(0o755)
    bench.put("a.md", "1")
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "hub.git")
    for key, value in (
        ("url", tmp_path / "hub.git"),
        ("uploadpack", f"{canary} git-upload-pack"),
        ("receivepack", f"{canary} git-receive-pack"),
    ):
        git(bench.root, "config", f"remote.origin.{key}", str(value))
    bench.git = Git.of(bench.root)
    bench.git.run("push", "origin", "HEAD:refs/heads/main")
    bench.git.run("fetch", "origin")
    bench.git.run("ls-remote", "origin")
    assert not (tmp_path / "ran").exists()
    mine = tmp_path / "gitconfig"
    mine.write_text(f'[remote "origin"]\n\tuploadpack = {canary} git-upload-pack\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(mine))
    Git.of(bench.root).run("fetch", "origin")
    assert (tmp_path / "ran").exists()


def test_a_proxy_that_the_repo_names_is_not_asked(bench, tmp_path):
    bench.put("a.md", "1")
    git(bench.root, "config", "core.gitProxy", f"touch {tmp_path}/ran")
    answer = Git.of(bench.root).call("ls-remote", "git://127.0.0.1:9/x")
    assert answer.code
    assert "not allowed" in answer.err
    assert not (tmp_path / "ran").exists()
