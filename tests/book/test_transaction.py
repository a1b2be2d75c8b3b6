"""The unit of work: one command, one change, one commit."""

from __future__ import annotations

import os
import threading

import pytest

from plaincrm.book import atomic, durable, journal
from plaincrm.book import transaction as unit
from plaincrm.book.git.client import Git
from plaincrm.book.lock import writing
from plaincrm.errors import Conflict, GitFailed, PlaincrmError, Refused


def test_one_change_is_one_commit_of_its_paths(bench):
    bench.by_hand("bystander.md", "x")
    with bench.change("Move website to won", "move") as change:
        change.put("deals/website.md", "won\n", None)
        change.put("contacts/ada.md", "logged\n", None)
    assert change.written.paths == ("contacts/ada.md", "deals/website.md")
    (commit,) = bench.git.log()
    assert commit.id == change.written.commit
    assert (commit.subject, commit.operation) == ("Move website to won", "move")
    assert bench.git.status() == {"bystander.md": "??"}
    assert bench.litter() == []


def test_an_exception_inside_writes_nothing(bench):
    with pytest.raises(ZeroDivisionError), bench.change() as change:
        change.put("a.md", "x", None)
        raise ZeroDivisionError
    assert bench.text("a.md") is None
    assert not bench.private.exists()


def test_a_change_that_changes_nothing_writes_nothing(bench):
    bench.put("a.md", "x")
    with bench.change() as change:
        change.put("a.md", "x", b"x")
    assert change.written == unit.WrittenChange(())
    assert bench.subjects() == ["Set it"]


def test_a_dry_run_sees_the_diff(bench):
    bench.by_hand("a.md", "one\r\ntwo\u2028still two\n")
    change = bench.change()
    change.put("a.md", "one\r\ntwo\u2028still 2", bench.root.joinpath("a.md").read_bytes())
    change.put("b.md", "new\n", None)
    assert (
        change.diff() == "--- a/a.md\n+++ b/a.md\n@@ -1,2 +1,2 @@\n one\r\n-two\u2028still"
        " two\n+two\u2028still 2\n"
        "\\ No newline at end of file\n"
        "--- /dev/null\n+++ b/b.md\n@@ -0,0 +1 @@\n+new\n"
    )
    assert [(c.path, c.old, c.new) for c in change.files][1] == ("b.md", None, b"new\n")
    assert bench.text("b.md") is None


def test_several_edits_of_one_file_build_on_each_other(bench):
    bench.put("a.md", "1")
    with bench.change() as change:
        change.put("a.md", "2", change.read("a.md"))
        assert change.read("a.md") == b"2"
        change.put("a.md", "3", change.read("a.md"))
        change.move("a.md", "b.md", b"3")
        assert change.read("a.md") is None
    assert (bench.text("a.md"), bench.text("b.md")) == (None, "3")


def test_hand_edits_are_committed_first_and_alone(bench):
    bench.put("a.md", "1\n")
    bench.put("b.md", "1\n")
    bench.by_hand("a.md", "1\nby hand\n")
    bench.by_hand("c.md", "untracked\n")
    with bench.change("Mine") as change:
        change.put("a.md", "2\nby hand\n", b"1\nby hand\n")
        change.put("b.md", "2\n", b"1\n")
        change.put("c.md", "tracked\n", b"untracked\n")
        change.put("d.md", "new\n", None)
    mine, hand = bench.git.log(limit=2)
    assert (mine.id, hand.id) == (change.written.commit, change.written.hand_edits)
    assert (hand.subject, hand.operation) == ("Hand edits: a.md, c.md", None)
    assert [touched.path for touched in hand.files] == ["a.md", "c.md"]
    assert [touched.path for touched in mine.files] == ["a.md", "b.md", "c.md", "d.md"]
    assert bench.git.show(hand.id, "a.md") == b"1\nby hand\n"
    assert bench.git.status() == {}


def test_a_record_deleted_by_hand_can_be_made_again(bench):
    bench.put("a.md", "1")
    (bench.root / "a.md").unlink()
    bench.put("a.md", "2")
    assert (bench.git.show("HEAD", "a.md"), bench.git.status()) == (b"2", {})


def test_an_untracked_record_is_committed_before_it_is_deleted(bench):
    bench.by_hand("a.md", "by hand")
    with bench.change("Remove", "rm") as change:
        change.delete("a.md", b"by hand")
    assert bench.git.show("HEAD~1", "a.md") == b"by hand"
    assert (bench.text("a.md"), bench.git.status()) == (None, {})


def test_a_file_whose_deletion_is_staged_though_it_is_there(bench):
    bench.put("a.md", "1")
    bench.sh("rm", "-q", "--cached", "a.md")
    bench.put("a.md", "2")
    assert (bench.git.show("HEAD", "a.md"), bench.git.status()) == (b"2", {})


def test_a_book_below_its_repos_root_commits_its_own_only(bench):
    bench.by_hand("crm/a.md", "1")
    bench.by_hand("other.md", "x")
    inner = type(bench)(bench.root / "crm", Git.of(bench.root / "crm"))
    inner.put("a.md", "2")
    inner.put("b.md", "2")
    assert bench.sh("ls-files").split() == ["crm/a.md", "crm/b.md"]
    assert bench.git.status() == {"other.md": "??"}


def test_a_file_that_changed_since_it_was_read_is_a_conflict(bench):
    bench.put("a.md", "1")
    bench.put("b.md", "1")
    change = bench.change()
    change.put("a.md", "2", b"1")
    change.put("b.md", "2", b"1")
    bench.by_hand("b.md", "by hand")
    with pytest.raises(Conflict, match=r"b\.md"):
        change.commit()
    assert (bench.text("a.md"), bench.text("b.md")) == ("1", "by hand")
    assert bench.litter() == []


def test_a_save_at_the_last_moment_is_not_overwritten(bench, monkeypatch):
    """The editor saves after the look under the lock, when the first file is already renamed."""
    bench.put("a.md", "1")
    bench.put("b.md", "1")
    real = atomic.swap_in

    def swap_in(staged, path, expected):
        if path.name == "b.md":
            bench.by_hand("b.md", "by hand")
        real(staged, path, expected)

    monkeypatch.setattr(atomic, "swap_in", swap_in)
    with pytest.raises(Conflict, match=r"b\.md"), bench.change() as change:
        change.put("a.md", "2", b"1")
        change.put("b.md", "2", b"1")
    assert (bench.text("a.md"), bench.text("b.md")) == ("1", "by hand")
    assert bench.litter() == []


@pytest.mark.parametrize("path", ["../a.md", "/tmp/a.md", ".git/config", "a//b.md"])
def test_nothing_outside_the_book_is_touched(bench, path):
    with pytest.raises(Refused):
        bench.change().put(path, "x", None)


def test_a_folder_that_became_a_link_is_not_followed(bench, tmp_path):
    bench.put("contacts/a.md", "1")
    change = bench.change()
    change.put("contacts/a.md", "2", b"1")
    (bench.root / "contacts").rename(tmp_path / "out")
    (bench.root / "contacts").symlink_to(tmp_path / "out")
    with pytest.raises(Refused, match="symbolic link"):
        change.commit()
    assert (tmp_path / "out" / "a.md").read_text() == "1"


def test_without_git_only_the_files_are_written(plain):
    plain.put("a.md", "1")
    written = plain.put("a.md", "2").written
    assert (plain.text("a.md"), written.commit, plain.litter()) == ("2", None, [])


def test_no_commit_leaves_the_work_to_the_user(bench):
    with bench.change(no_commit=True) as change:
        change.put("a.md", "1", None)
    again = bench.change()
    again.put("a.md", "2", b"1")
    again.commit(no_commit=True)
    assert (bench.text("a.md"), bench.git.head(), again.written.commit) == ("2", None, None)


def test_ignored_files_are_written_and_not_committed(bench):
    bench.put(".gitignore", "outbox/\n")
    for text in ("1", "2"):
        with bench.change("Draft") as change:
            change.put("outbox/a.eml", text, change.read("outbox/a.eml"))
            change.put("a.md", text, change.read("a.md"))
        assert bench.git.status() == {}
    with bench.change("Drop") as change:
        change.delete("outbox/a.eml", b"2")
    assert change.written.commit is None
    assert list(bench.git.tree("HEAD")) == [".gitignore", "a.md"]


def test_when_only_the_commit_fails_the_files_stay(bench):
    bench.put("a.md", "1")
    (bench.root / ".git" / "refs" / "heads" / "main.lock").write_text("")
    with pytest.raises(GitFailed, match="the files are written, the commit is not"):
        bench.put("a.md", "2")
    assert (bench.text("a.md"), bench.litter()) == ("2", [])


def test_a_writer_that_waits_in_vain_says_who_writes(bench):
    change = bench.change(timeout=0.0)
    change.put("a.md", "x", None)
    held, done = threading.Event(), threading.Event()

    def other() -> None:
        with writing(bench.private):
            held.set()
            done.wait()

    thread = threading.Thread(target=other)
    thread.start()
    held.wait()
    try:
        with pytest.raises(Conflict, match=r"another plaincrm is writing \(pid \d+\)"):
            change.commit()
    finally:
        done.set()
        thread.join()
    assert bench.text("a.md") is None


def interrupted(bench, message: str | None = "Set it") -> None:
    """Leaves what a command leaves that was killed after the first of its two renames."""
    changes = [journal.FileChange("a.md", b"1", b"2"), journal.FileChange("b.md", b"1", None)]
    bench.put("a.md", "1")
    bench.put("b.md", "1")
    journal.begin(bench.private, changes, message)
    bench.by_hand("a.md", "2")
    bench.by_hand(".plaincrm-1-x.tmp", "half")


def test_the_next_command_completes_and_commits_what_was_interrupted(bench):
    interrupted(bench)
    bench.put("c.md", "x", "Next")
    assert (bench.text("a.md"), bench.text("b.md"), bench.litter()) == ("2", None, [])
    next_one, rescued = bench.git.log(limit=2)
    assert (next_one.subject, rescued.subject) == ("Next", "Set it")
    assert [touched.path for touched in rescued.files] == ["a.md", "b.md"]


def test_reading_commands_recover_too_unless_the_writer_lives(bench):
    interrupted(bench)
    with writing(bench.private):
        read = threading.Thread(
            target=lambda: unit.recover(bench.root, bench.private, bench.git, wait=False)
        )
        read.start()
        read.join()
        assert bench.text("b.md") == "1"
    assert unit.recover(bench.root, bench.private, bench.git, wait=False) == ("a.md", "b.md")
    assert (bench.text("b.md"), bench.litter()) == (None, [])
    assert unit.recover(bench.root, bench.private, bench.git) == ()


def test_what_was_not_to_be_committed_is_not(bench):
    interrupted(bench, None)
    before = bench.git.head()
    unit.recover(bench.root, bench.private, bench.git)
    assert (bench.git.head(), bench.git.status()) == (before, {"a.md": " M", "b.md": " D"})


def test_a_file_that_a_person_changed_since_stays_and_the_other_is_kept(bench):
    interrupted(bench)
    bench.by_hand("a.md", "by hand")
    with pytest.raises(Conflict, match=r"a\.md was changed") as told:
        unit.recover(bench.root, bench.private, bench.git)
    (kept,) = (bench.private / "rescued").iterdir()
    assert str(kept) in told.value.message
    assert (kept.read_text(), bench.text("a.md"), bench.text("b.md")) == ("2", "by hand", None)
    assert unit.recover(bench.root, bench.private, bench.git) == ()


@pytest.mark.parametrize("damage", [b"", b"{}\n", b'{"version": 2}\n', b"nonsense", b"[]\n"])
def test_a_damaged_journal_is_told_once(bench, damage):
    bench.put("a.md", "1")
    (bench.private / "journal").write_bytes(damage)
    with pytest.raises(PlaincrmError, match="damaged"):
        bench.put("a.md", "2")
    assert bench.text("a.md") == "1"
    bench.put("a.md", "2")
    assert (bench.private / "journal.damaged").read_bytes() == damage


def test_a_journal_cut_short_is_damaged(bench):
    interrupted(bench)
    whole = (bench.private / "journal").read_bytes()
    (bench.private / "journal").write_bytes(whole[:-1])
    with pytest.raises(PlaincrmError, match="damaged"):
        unit.recover(bench.root, bench.private, bench.git)


def test_a_large_change_is_still_one_commit(bench):
    with bench.change("Bulk") as change:
        for n in range(500):
            change.put(f"contacts/{n:03}.md", f"{n}\n", None)
    with bench.change("Bulk again") as change:
        for n in range(500):
            change.put(f"contacts/{n:03}.md", f"{n}!\n", f"{n}\n".encode())
    assert bench.subjects() == ["Bulk again", "Bulk"]
    assert bench.git.status() == {}


@pytest.mark.skipif(not durable.can_sync_all(), reason="the system has no syncfs")
def test_a_crowd_of_files_waits_for_the_disk_twice_not_once_a_file(bench, monkeypatch):
    alone, together = [], []
    real, real_fs = os.fsync, durable.syncfs
    monkeypatch.setattr(os, "fsync", lambda handle: (alone.append(handle), real(handle))[1])
    monkeypatch.setattr(
        durable, "syncfs", lambda handle: (together.append(handle), real_fs(handle))[1]
    )
    with bench.change("Crowd") as change:
        for n in range(300):
            change.put(f"contacts/{n % 7}/{n}.md", f"{n}\n", None)
    assert (len(together), len(alone) < 9) == (2, True)
    assert bench.text("contacts/6/6.md") == "6\n"
