"""Git as people use it: branches, shallow and sparse clones, other hubs, reasons of a refusal; and
what a sync does with links, modes and odd paths.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from plaincrm.book.git import checkout
from plaincrm.book.git.client import Git
from plaincrm.book.git.refusals import reason_in
from plaincrm.book.transaction import Transaction, WrittenChange
from tests.commands.test_sync import ADA, DEAL, World
from tests.conftest import git


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def heads(world: World) -> list[str]:
    return git(world.hub, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").split()


@pytest.mark.parametrize("upstream", [(), ("origin/main",)])
def test_a_feature_branch_goes_to_its_own_name(world: World, upstream: tuple[str, ...]) -> None:
    git(world.a, "switch", "-q", "-c", "experiment", *upstream)
    assert world.crm(world.a, "set", "ada", "city=Trial").code == 0
    done = world.sync(world.a)
    assert "pushed for the first time, to origin/experiment" in done.err
    assert heads(world) == ["experiment", "main"]
    assert "Trial" not in git(world.hub, "show", f"main:{ADA}")
    assert git(world.a, "config", "branch.experiment.merge").strip() == "refs/heads/experiment"


def test_a_main_branch_with_a_new_name_is_said_not_made_again(world: World) -> None:
    git(world.hub, "branch", "-m", "main", "trunk")
    world.crm(world.a, "set", "ada", "city=Rome")
    done = world.sync(world.a)
    assert (done.code, "main branch is trunk now" in done.err) == (6, True), done.err
    assert heads(world) == ["trunk"]


@pytest.mark.parametrize(("other", "code"), [("README.md", 0), ("src/main.c", 6)])
def test_a_hub_that_holds_no_book(world: World, tmp_path: Path, other: str, code: int) -> None:
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "new.git")
    git(tmp_path, "clone", "-q", "new.git", "w")
    world.put(tmp_path / "w", other, "hi\n")
    git(tmp_path / "w", "add", "-A")
    git(tmp_path / "w", "commit", "-q", "-m", "Begin")
    git(tmp_path / "w", "push", "-q", "origin", "HEAD:main")
    git(world.a, "remote", "remove", "origin")
    done = world.sync(world.a, "--to", str(tmp_path / "new.git"))
    assert (done.code, "no book" in done.err) == (code, True), done.err
    there = git(tmp_path / "new.git", "ls-tree", "-r", "--name-only", "main").split()
    assert (ADA in there) == (code == 0)
    assert other in there


@pytest.fixture
def shallow(world: World, tmp_path: Path) -> Path:
    world.crm(world.a, "add", "contact", "Bo Li")
    world.sync(world.a)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{world.hub}", "shallow")
    return tmp_path / "shallow"


def test_in_a_shallow_clone_history_is_cut_and_said_to_be(world: World, shallow: Path) -> None:
    assert world.crm(shallow, "set", "ada", "city=Bari").code == 0
    assert world.crm(shallow, "undo", "-y").code == 0
    files = git(shallow, "ls-files")
    again = world.crm(shallow, "undo", "-y")
    assert (again.code, "git fetch --unshallow" in again.err) == (1, True), again.err
    assert git(shallow, "ls-files") == files
    history = world.crm(shallow, "history")
    assert "history is cut here" in history.err
    assert "added" not in history.out
    assert "history is cut here" in world.crm(shallow, "list", "contacts", "--as-of", "2020").err
    assert "history is cut here" in world.crm(shallow, "doctor").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("checkout", "-q", "--detach"), "git switch"),
        (("bisect", "start"), "git bisect reset"),
        (("sparse-checkout", "set", "contacts"), "git sparse-checkout disable"),
    ],
)
def test_writing_is_refused_where_the_commit_would_be_lost(
    world: World, words: tuple[str, ...], said: str
) -> None:
    git(world.a, *words)
    for command in (("set", "ada", "city=Rome"), ("add", "contact", "New"), ("sync",)):
        done = world.crm(world.a, *command)
        assert (done.code, said in done.err) == (6, True), done.err
    assert git(world.a, "status", "--porcelain") == ""
    assert world.crm(world.a, "list", "contacts").code == 0


def test_a_filter_that_only_the_repo_names_is_refused_in_time(world: World) -> None:
    (world.a / ".git" / "info").mkdir(exist_ok=True)
    (world.a / ".git" / "info" / "attributes").write_text("contacts/** filter=rot\n")
    git(world.a, "config", "filter.rot.clean", "tr a-z n-za-m")
    before = (world.a / ADA).read_text()
    done = world.crm(world.a, "set", "ada", "city=Rome")
    assert (done.code, "filter 'rot'" in done.err) == (7, True), done.err
    assert (world.a / ADA).read_text() == before
    world.edit(world.a, ADA, "A note.", "Secret.")
    assert world.sync(world.a).code == 7
    assert "Secret" not in git(world.hub, "show", f"main:{ADA}")


HOST_KEY = """\
Host key verification failed.
fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.
"""
HOOK = """\
remote: policy: main is protected
To x
! [remote rejected] a -> b (pre-receive hook declined)
error: failed to push some refs
"""
NO_REPO = """\
fatal: '/x' does not appear to be a git repository
fatal: Could not read from remote repository.
"""
CHECKED_OUT = "To x\n! [remote rejected] main -> main (branch is currently checked out)\n"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (HOST_KEY, "Host key verification failed."),
        (HOOK, "policy: main is protected; (pre-receive hook declined)"),
        (NO_REPO, "'/x' does not appear to be a git repository"),
        (CHECKED_OUT, "its branch is currently checked out"),
    ],
)
def test_the_reason_is_the_one_that_was_given(said: str, reason: str) -> None:
    assert reason_in(said) == reason


def test_a_hook_at_the_other_end_is_quoted(world: World) -> None:
    hook = world.hub / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'policy: main is protected' >&2\nexit 1\n")
    hook.chmod(0o755)
    world.crm(world.a, "set", "ada", "city=Rome")
    done = world.sync(world.a)
    assert (done.code, "policy: main is protected" in done.err) == (7, True), done.err


def commit_all(folder: Path, message: str) -> None:
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "-m", message)


def test_a_link_that_comes_never_takes_the_place_of_a_folder(world: World, tmp_path: Path) -> None:
    world.put(world.b, "outbox/x.eml", "my unsent draft")
    (world.a / "outbox").symlink_to(tmp_path)
    commit_all(world.a, "A link")
    assert world.sync(world.a).code == 0
    before = git(world.b, "rev-parse", "HEAD")
    done = world.sync(world.b)
    assert (done.code, "in the way of a link" in done.err) == (6, True), done.err
    assert (world.b / "outbox" / "x.eml").read_text() == "my unsent draft"
    assert git(world.b, "rev-parse", "HEAD") == before


def test_links_and_modes_come_and_go(world: World) -> None:
    (world.a / "files").mkdir()
    (world.a / "files" / "link").symlink_to("nowhere")
    world.put(world.a, "files/tool.sh", "#!/bin/sh\n")
    (world.a / "files" / "tool.sh").chmod(0o755)
    commit_all(world.a, "Files")
    world.settle()
    assert (world.b / "files" / "link").is_symlink()
    assert (world.b / "files" / "tool.sh").stat().st_mode & 0o100
    (world.a / "files" / "link").unlink()
    (world.a / "files" / "tool.sh").chmod(0o644)
    world.settle()
    assert not (world.b / "files" / "link").is_symlink()
    assert not (world.b / "files" / "tool.sh").stat().st_mode & 0o111


@pytest.mark.parametrize("back", [False, True])
def test_a_file_that_becomes_a_folder_and_the_other_way_round(world: World, back: bool) -> None:
    world.put(world.a, "files/terms", "x")
    commit_all(world.a, "A file")
    world.settle()
    (world.a / "files" / "terms").unlink()
    world.put(world.a, "files/terms/2026.txt", "y")
    commit_all(world.a, "A folder")
    world.settle()
    assert world.read("files/terms/2026.txt") == "y"
    if back:
        (world.b / "files" / "terms" / "2026.txt").unlink()
        (world.b / "files" / "terms").rmdir()
        world.put(world.b, "files/terms", "z")
        commit_all(world.b, "A file again")
        world.settle()
        assert world.read("files/terms") == "z"


@pytest.mark.parametrize("folder", ["git~1", ".git ", ".g\u200cit"])
def test_a_path_that_git_refuses_is_refused_before_anything_is_written(
    world: World, folder: str
) -> None:
    blob = git(world.b, "hash-object", "-w", ADA).strip()
    (world.folder / "sub").write_text(f"100644 blob {blob}\tconfig\n")
    tree = _made(world.b, f"100644 blob {blob}\tconfig\n")
    whole = git(world.b, "ls-tree", "HEAD") + f"040000 tree {tree}\t{folder}\n"
    commit = git(world.b, "commit-tree", _made(world.b, whole), "-p", "HEAD", "-m", "evil").strip()
    git(world.b, "push", "-q", "origin", f"{commit}:main")
    done = world.sync(world.a)
    assert done.code == 5, done.err
    assert not (world.a / folder / "config").exists()
    assert world.crm(world.a, "add", "contact", "Eve").code == 0
    assert world.crm(world.a, "list", "contacts").code == 0


def _made(folder: Path, listing: str) -> str:
    from plaincrm.book.private_folder import find_repo

    repo = find_repo(folder)
    assert repo is not None
    return Git(folder, repo).run("mktree", input=listing.encode()).decode().strip()


class Killed(BaseException):
    """What a kill is to the code that it strikes."""


def test_a_save_after_a_kill_survives_a_change_of_mode(world: World) -> None:
    world.edit(world.a, ADA, "A note.", "A note.\n\nREMOTE")
    (world.a / ADA).chmod(0o755)
    assert world.sync(world.a).code == 0

    def dies(*_: object) -> None:
        raise Killed

    with world.monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(checkout, "settle", dies)
        world.sync(world.b)
    (world.b / ADA).write_text((world.b / ADA).read_text() + "\nMINE, saved in an editor\n")
    assert world.crm(world.b, "list", "contacts").code in (0, 6)
    world.settle()
    assert "MINE" in world.read(ADA)
    assert "REMOTE" in world.read(ADA)
    assert (world.b / ADA).stat().st_mode & 0o100


def test_a_locked_index_stops_no_reader_and_loses_no_commit(world: World) -> None:
    """As a power cut within `git commit` leaves it: the journal, and git's own lock."""

    def dies(*_: object, **__: object) -> None:
        raise Killed

    with world.monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(Git, "commit", dies)
        world.crm(world.a, "rename", "ada", "Ada King")
    lock = world.a / ".git" / "index.lock"
    lock.write_text("")
    assert world.crm(world.a, "list", "contacts", "--count").code == 0
    lock.unlink()
    assert (
        world.crm(world.a, "set", DEAL.removesuffix(".md").replace("deals", "deal"), "cost=1").code
        == 0
    )
    assert git(world.a, "log", "--format=%s").splitlines()[1].startswith("Rename")


def test_two_people_renamed_to_one_name_keep_their_deals(world: World) -> None:
    world.put(world.a, "contacts/bob.md", "---\nname: Bob\nemail: bob@x.example\n---\n")
    world.settle()
    assert world.crm(world.a, "rename", "ada", "Same One").code == 0
    assert world.crm(world.b, "rename", "bob", "Same One").code == 0
    for folder in (world.b, world.a, world.b):
        assert world.sync(folder).code == 0
    link = world.read(DEAL).partition("contact: ")[2].split("\n")[0]
    assert "ada@x.example" in world.read(f"contacts/{link}.md")


def test_what_is_written_to_a_duplicate_goes_to_the_record_that_has_it(world: World) -> None:
    world.put(world.a, "contacts/bob.md", "---\nname: Ada B\n---\n")
    world.settle()
    assert world.crm(world.a, "merge", "ada", "bob", "-y").code == 0
    assert world.crm(world.b, "log", "bob", "call", "Talked to Bob").code == 0
    world.settle()
    assert not (world.b / "contacts" / "bob.md").exists()
    assert "Talked to Bob" in world.read(ADA)


def test_a_plain_mv_here_and_a_rename_there_leave_both_names(world: World) -> None:
    (world.a / ADA).rename(world.a / "contacts" / "countess.md")
    assert world.sync(world.a).code == 0
    assert world.crm(world.b, "rename", "ada", "Abe King").code == 0
    world.settle()
    assert "aliases: [ada, countess]" in world.read("contacts/abe-king.md")


def test_somebody_forgotten_does_not_come_back_by_a_plain_mv(world: World) -> None:
    assert world.crm(world.a, "privacy", "forget", "contact/ada", "-y").code == 0
    (world.b / ADA).rename(world.b / "contacts" / "countess.md")
    world.settle()
    for folder in (world.a, world.b):
        assert not list((folder / "contacts").glob("*.md"))


def test_a_command_that_another_one_overtook_runs_once_more(world: World) -> None:
    """The look at the file is before the lock: who comes second works the edit out anew."""
    whole = Transaction.commit
    before: list[str] = []

    def overtaken(self: Transaction, **options: bool) -> WrittenChange:
        if not before:
            before.append("once")
            world.edit(world.a, ADA, "## Log\n", "## Log\n- 2026-01-02 note: The other one\n")
        return whole(self, **options)

    with world.monkeypatch.context() as patched:
        patched.setattr(Transaction, "commit", overtaken)
        done = world.crm(world.a, "log", "ada", "call", "Mine")
    assert done.code == 0, done.err
    text = (world.a / ADA).read_text()
    assert "The other one" in text
    assert text.count("Mine") == 1


@pytest.mark.parametrize("how", ["cherry-pick", "am"])
def test_what_is_under_way_is_called_by_its_name(world: World, tmp_path: Path, how: str) -> None:
    git(world.a, "switch", "-q", "-c", "other")
    world.edit(world.a, ADA, "A note.", "Theirs.")
    git(world.a, "commit", "-q", "-a", "-m", "Theirs")
    (tmp_path / "patch").write_text(git(world.a, "format-patch", "-1", "--stdout"))
    git(world.a, "switch", "-q", "main")
    world.edit(world.a, ADA, "A note.", "Ours.")
    git(world.a, "commit", "-q", "-a", "-m", "Ours")
    words = ["am", str(tmp_path / "patch")] if how == "am" else ["cherry-pick", "other"]
    driver = ["-c", "merge.plaincrm.driver=false"]
    with pytest.raises(subprocess.CalledProcessError):
        git(world.a, *driver, *words)
    done = world.crm(world.a, "set", "deal/website", "cost=1")
    assert (done.code, f"git {how} --continue, or" in done.err) == (6, True), done.err


@pytest.mark.parametrize(
    "words", [("list", "contacts"), ("doctor",), ("check",), ("set", "ada", "city=Rome"), ("sync",)]
)
def test_git_is_never_sent_into_a_submodule(
    world: World, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Its config, which comes with a copied book, may name programs."""
    sub = tmp_path / "sub"
    sub.mkdir()
    git(sub, "init", "-q")
    world.put(sub, "f.txt", "hi\n")
    world.put(sub, ".gitattributes", "*.txt filter=e\n")
    commit_all(sub, "A repo")
    git(
        world.a, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(sub), "files/sub"
    )
    git(world.a, "commit", "-q", "-m", "A submodule")
    ran = tmp_path / "ran"
    config = world.a / ".git/modules/files/sub/config"
    git(world.a, "config", "-f", str(config), "filter.e.clean", f"touch {ran}; cat")
    world.put(world.a, "files/sub/f.txt", "ho\n")
    world.crm(world.a, *words)
    assert not ran.exists()
    git(world.a, "status")
    assert ran.exists(), "the trap would snap otherwise"
