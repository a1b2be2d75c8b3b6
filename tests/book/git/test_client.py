"""git as plaincrm uses it: exact commits, safe settings, few processes."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from plaincrm.book.git.client import Git
from plaincrm.errors import Conflict, GitFailed


def committed(bench, rev: str = "HEAD") -> list[str]:
    """The paths that the commit `rev` changed."""
    out = bench.sh("show", "--format=", "--name-only", "--no-renames", "-z", rev)
    return sorted(out.strip("\0").split("\0"))


def test_no_repo_or_no_git_means_none(plain, bench, monkeypatch, tmp_path):
    assert Git.of(plain.root) is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Git.of(bench.root) is None
    with pytest.raises(GitFailed, match="not installed"):
        bench.git.run("status")


def test_the_first_commit_of_a_machine_without_identity(bench):
    bench.by_hand("a.md", "x")
    assert bench.git.head() is None
    assert bench.git.log() == []
    made = bench.git.commit(["a.md"], "First")
    assert made == bench.git.head()
    assert bench.git.log()[0].email == "plaincrm@localhost"


def first_author_as(user: int, root: Path) -> str:
    """The author of a first commit made by another process, under the bare number `user`."""
    reader, writer = os.pipe()
    if not os.fork():
        try:
            os.setgid(user)
            os.setuid(user)
            git = Git.init(root)
            (root / "a.md").write_text("x")
            git.commit(["a.md"], "First")
            os.write(writer, git.log()[0].author.encode())
        finally:
            os._exit(0)
    os.close(writer)
    os.wait()
    return os.read(reader, 1000).decode()


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become somebody that the system does not know"
)
def test_a_user_that_the_system_does_not_know_commits_too(monkeypatch):
    """As in a container that runs under a bare number, without an entry in the passwd file."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chown(folder, 54321, 54321)
        monkeypatch.setenv("HOME", folder)
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        assert first_author_as(54321, Path(folder)) == "plaincrm"


def test_the_users_identity_is_used(bench, bare_machine):
    (bare_machine / ".gitconfig").write_text("[user]\n\tname = Ada L\n\temail = ada@example.org\n")
    bench.put("a.md", "x")
    commit = bench.git.log()[0]
    assert (commit.author, commit.email) == ("Ada L", "ada@example.org")


def test_exactly_the_named_paths_are_committed(bench):
    for name in ("changed", "deleted", "other", "staged"):
        bench.by_hand(f"{name}.md", "1\n")
    bench.sh("add", ".")
    bench.sh("commit", "-qm", "base")
    for name in ("changed", "new", "other", "staged", "staged-new", "untracked"):
        bench.by_hand(f"{name}.md", "2\n")
    (bench.root / "deleted.md").unlink()
    bench.sh("add", "staged.md", "staged-new.md")
    bench.git.commit(["changed.md", "new.md", "deleted.md"], "Mine")
    assert committed(bench) == ["changed.md", "deleted.md", "new.md"]
    left = {"other.md": " M", "staged.md": "M ", "staged-new.md": "A ", "untracked.md": "??"}
    assert bench.git.status() == left


def test_part_of_a_staged_file_is_committed_as_it_is_on_disk(bench):
    bench.put("a.md", "1\n")
    bench.by_hand("a.md", "2\n")
    bench.sh("add", "a.md")
    bench.by_hand("a.md", "3\n")
    bench.git.commit(["a.md"], "Mine")
    assert bench.git.show("HEAD", "a.md") == b"3\n"
    assert bench.git.status() == {}


def test_a_rename_is_committed_whole(bench):
    bench.put("a.md", "1\n" * 9)
    (bench.root / "a.md").rename(bench.root / "b.md")
    bench.git.commit(["a.md", "b.md"], "Rename")
    assert committed(bench) == ["a.md", "b.md"]
    (touched,) = bench.git.log(limit=1)[0].files
    assert (touched.state, touched.was, touched.path) == ("R", "a.md", "b.md")
    assert [commit.subject for commit in bench.git.log(["b.md"], follow=True)] == [
        "Rename",
        "Set it",
    ]


def test_nothing_to_commit_is_no_commit(bench):
    bench.put("a.md", "1")
    assert bench.git.commit(["a.md"], "Again") is None
    assert bench.git.commit(["nowhere.md"], "Nothing") is None
    assert bench.git.commit([], "Nothing") is None
    assert bench.subjects() == ["Set it"]


def test_ignored_paths_are_left_out(bench):
    bench.by_hand(".gitignore", "outbox/\n")
    bench.by_hand("outbox/a.eml", "x")
    bench.by_hand("a.md", "x")
    bench.git.commit(["outbox/a.eml", "a.md"], "Mine", new=["outbox/a.eml", "a.md"])
    assert committed(bench) == ["a.md"]
    assert bench.git.commit(["outbox/a.eml"], "Nothing", new=["outbox/a.eml"]) is None
    assert bench.git.status(["outbox/a.eml"], ignored=True) == {"outbox/a.eml": "!!"}


@pytest.mark.parametrize(
    "name", ["ä ö.md", "a\nb.md", "-n.md", "*.md", ":(top)x.md", 'a\tb".md', "jose\u0301.md"]
)
def test_awkward_names(bench, name):
    bench.by_hand("bystander.md", "x")
    bench.by_hand(name, "x")
    bench.git.commit([name], "Mine")
    assert committed(bench) == [name]
    assert bench.git.show("HEAD", name) == b"x"
    assert list(bench.git.tree("HEAD")) == [name]
    bench.by_hand(name, "y")
    assert bench.git.status([name]) == {name: " M"}


@pytest.mark.parametrize(
    "message", ["# not a comment", "Two\n\nparagraphs\n\n\n", "-m", "ä\0ö", "x" * 5000]
)
def test_any_message_is_kept(bench, message):
    bench.by_hand("a.md", "x")
    bench.git.commit(["a.md"], message)
    assert bench.git.log()[0].message.strip() == message.replace("\0", "").strip()


def test_many_paths_at_once(bench):
    paths = [f"contacts/{n:04}-{'x' * 200}.md" for n in range(1000)]
    for path in paths:
        bench.by_hand(path, "x")
    bench.git.commit(paths, "Bulk")
    assert committed(bench) == paths
    bench.by_hand(paths[7], "y")
    assert bench.git.status(paths) == {paths[7]: " M"}


def test_of_many_paths_too_exactly_these_are_committed(bench):
    """Many go another way, in which no path is compared with each other one."""
    paths = [f"contacts/{n:03}.md" for n in range(300)]
    for path in [*paths[:150], "other.md", "staged.md", "gone.md"]:
        bench.by_hand(path, "1\n")
    bench.sh("add", ".")
    bench.sh("commit", "-qm", "base")
    (bench.root / "gone.md").unlink()
    for path in [
        *paths[1:],
        "other.md",
        "staged.md",
        "staged-new.md",
        "untracked.md",
        "outbox/a.md",
    ]:
        bench.by_hand(path, "2\n")
    (bench.root / paths[0]).unlink()
    bench.by_hand(".gitignore", "outbox/\n")
    bench.sh("add", "staged.md", "staged-new.md", "gone.md")
    assert bench.git.commit([*paths, "outbox/a.md", "nowhere.md"], "Mine") == bench.git.head()
    assert committed(bench) == paths
    left = {
        ".gitignore": "??",
        "gone.md": "D ",
        "other.md": " M",
        "staged.md": "M ",
        "staged-new.md": "A ",
    }
    assert bench.git.status() == {**left, "untracked.md": "??"}
    assert bench.git.commit(paths, "Again") is None


def test_many_new_files_cost_no_object_and_no_process_each(bench):
    paths = [f"contacts/{n:03}.md" for n in range(300)]
    for path in paths:
        bench.by_hand(path, f"{path}\n")
    bench.git.commit(paths, "Bulk", new=paths)
    assert committed(bench) == paths
    assert bench.git.calls < 9
    assert "count: 3\n" in bench.sh(
        "count-objects", "-v"
    )  # the commit and its trees; the files are in one pack
    assert "packs: 1\n" in bench.sh("count-objects", "-v")


def test_many_files_of_a_book_below_its_repos_root(bench):
    paths = [f"contacts/{n:03}.md" for n in range(300)]
    for path in ["outside.md", "staged.md", *(f"crm/{path}" for path in paths)]:
        bench.by_hand(path, "1\n")
    bench.sh("add", "staged.md")
    inner = Git.of(bench.root / "crm")
    inner.commit(paths, "Mine")
    assert committed(bench) == [f"crm/{path}" for path in paths]
    assert bench.git.status() == {"outside.md": "??", "staged.md": "A "}


def test_on_a_detached_head(bench):
    bench.put("a.md", "1")
    bench.sh("checkout", "-q", "--detach")
    with pytest.raises(Conflict, match="detached") as refused:
        bench.put("a.md", "2")
    assert "git switch" in refused.value.hint
    assert bench.text("a.md") == "1"


def test_a_merge_of_the_users_own_is_not_disturbed(bench):
    bench.put("a.md", "base\n")
    bench.sh("checkout", "-qb", "other")
    bench.put("a.md", "theirs\n")
    bench.sh("checkout", "-q", "main")
    bench.put("a.md", "ours\n")
    bench.put("b.md", "1\n")
    with pytest.raises(subprocess.CalledProcessError):
        bench.sh("merge", "other")
    with pytest.raises(Conflict, match="a merge of your own is under way"):
        bench.put("b.md", "2\n")
    assert bench.text("b.md") == "1\n"


def test_the_merge_is_refused_for_rebase_too(bench):
    bench.put("a.md", "base\n")
    bench.sh("checkout", "-qb", "other")
    bench.put("a.md", "theirs\n")
    bench.sh("checkout", "-q", "main")
    bench.put("a.md", "ours\n")
    with pytest.raises(subprocess.CalledProcessError):
        bench.sh("rebase", "other")
    with pytest.raises(Conflict, match="a rebase of your own"):
        bench.git.commit(["b.md"], "x")


def test_a_book_below_its_repos_root(bench):
    bench.by_hand("outside.md", "x")
    bench.by_hand("crm/contacts/a.md", "1\n")
    inner = Git.of(bench.root / "crm")
    assert inner.below_root
    assert inner.status() == {"contacts/a.md": "??"}
    inner.commit(["contacts/a.md"], "Mine")
    assert committed(bench) == ["crm/contacts/a.md"]
    assert inner.status() == {}
    assert [touched.path for touched in inner.log()[0].files] == ["contacts/a.md"]
    assert inner.show("HEAD", "contacts/a.md") == b"1\n"
    assert list(inner.tree("HEAD")) == ["contacts/a.md"]


def test_show_and_blobs(bench):
    bench.put("a.md", "one\r\n")
    bench.put("a.md", "")
    new, old = bench.git.log()
    assert bench.git.show("HEAD~1", "a.md") == b"one\r\n"
    assert bench.git.show("HEAD", "b.md") is None
    ids = [new.files[0].new, old.files[0].new, "0" * 39 + "1", new.files[0].old]
    assert bench.git.blobs(ids) == [b"", b"one\r\n", None, b"one\r\n"]
    assert bench.git.blobs([]) == []
    with pytest.raises(GitFailed, match="nonsense"):
        bench.git.show("nonsense", "a.md")
    with pytest.raises(GitFailed, match="no revision"):
        bench.git.show("--output=x", "a.md")


def test_the_log_tells_what_each_commit_did(bench):
    bench.put("a.md", "1", "Add a: \u201cquoted\u201d\n\nWith a body")
    bench.sh("commit", "--allow-empty", "-qm", "empty")
    bench.put("b.md", "1", "Add b")
    with bench.change("Remove a", "rm") as change:
        change.delete("a.md", b"1")
    log = bench.git.log()
    assert [(c.subject, c.operation) for c in log] == [
        ("Remove a", "rm"),
        ("Add b", "set"),
        ("empty", None),
        ("Add a: \u201cquoted\u201d", "set"),
    ]
    touched = [[(t.state, t.path) for t in c.files] for c in log]
    assert touched == [[("D", "a.md")], [("A", "b.md")], [], [("A", "a.md")]]
    assert log[1].parents == (log[2].id,)
    assert log[0].files[0].new is None
    assert log[0].at.tzinfo is not None
    assert [c.subject for c in bench.git.log(["b.md"])] == ["Add b"]
    assert len(bench.git.log(limit=2)) == 2


def test_set_starts_git_twice(bench):
    bench.put("contacts/a.md", "1")
    bench.git.calls = 0
    bench.put("contacts/a.md", "2")
    assert bench.git.calls == 2
    bench.git.calls = 0
    bench.put("contacts/b.md", "2")
    assert bench.git.calls == 2


def test_a_lock_that_a_dead_git_left_is_named(bench):
    bench.put("a.md", "1")
    (bench.root / ".git" / "index.lock").write_text("")
    with pytest.raises(GitFailed, match=r"index\.lock") as told:
        bench.put("a.md", "2")
    assert "\n" not in told.value.message
    assert told.value.hint
    assert bench.text("a.md") == "2"
    assert bench.litter() == []
