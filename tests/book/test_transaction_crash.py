"""Killed, or failed by the disk, at every single system call: a change is whole or it is not.

As SQLite tests itself: the first call fails, then the second, and so on, until the change gets
through.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plaincrm.book import atomic
from plaincrm.book import durable as whole
from plaincrm.book.git.client import Git
from plaincrm.errors import PlaincrmError

SYSTEM_CALLS = ["open", "write", "fsync", "fchmod", "replace", "link", "unlink", "mkdir"]
ADA, DEAL = "contacts/ada.md", "deals/website.md"
OLD = {ADA: "old ada\n", DEAL: "old deal\n", "deals/gone.md": "old gone\n", "moved.md": "m\n"}
NEW = {ADA: "new ada\n", DEAL: "new deal\n", "new/deep/er.md": "new\n", "to/moved.md": "m\n"}
PATHS = sorted(OLD | NEW)


def large(bench) -> None:
    """A change with one of everything; the deal carries hand edits."""
    with bench.change("Large") as change:
        change.put(ADA, NEW[ADA], b"old ada\n")
        change.put(DEAL, NEW[DEAL], b"old deal\n")
        change.put("new/deep/er.md", NEW["new/deep/er.md"], None)
        change.delete("deals/gone.md", b"old gone\n")
        change.move("moved.md", "to/moved.md", b"m\n")


def small(bench) -> None:
    with bench.change("Small") as change:
        change.put(ADA, NEW[ADA], b"old ada\n")


def crowd(bench) -> None:
    """The same as so many files that they are made durable together."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole, "CROWD", 2)
        large(bench)


AFTER = {large: NEW, crowd: NEW, small: OLD | {ADA: NEW[ADA]}}


def state(bench) -> dict[str, str]:
    return {path: text for path in PATHS if (text := bench.text(path)) is not None}


@pytest.fixture(params=["git", "no git"])
def fresh(request, bench, plain, tmp_path) -> Callable[[], object]:
    """Makes copies of one book, each in the state before the change."""
    first = bench if request.param == "git" else plain
    for path, text in OLD.items():
        first.by_hand(path, "before the hand edit\n" if path == DEAL else text)
    if first.git:
        first.git.commit(list(OLD), "Base")
    first.by_hand(DEAL, OLD[DEAL])
    count = iter(range(10_000))

    def copy():
        root = tmp_path / f"copy-{next(count)}"
        shutil.copytree(first.root, root)
        return type(first)(root, Git.of(root))

    return copy


def tap(monkeypatch: pytest.MonkeyPatch, meet: Callable[[str], None]) -> None:
    """Calls `meet` with its name before each system call that writes, and around each run of
    git.
    """
    in_git: list[bool] = []  # the pipes to git are no files
    for name in SYSTEM_CALLS:
        monkeypatch.setattr(os, name, _tapped(name, getattr(os, name), meet, in_git))
    monkeypatch.setattr(whole, "syncfs", _tapped("syncfs", whole.syncfs, meet, in_git))
    run = subprocess.run

    def run_git(*args, **options):
        meet("git")
        in_git.append(True)
        done = run(*args, **options)
        in_git.clear()
        meet("git")
        return done

    monkeypatch.setattr(subprocess, "run", run_git)


def _tapped(name: str, real: Callable, meet: Callable[[str], None], in_git: list[bool]) -> Callable:
    def call(*args, **options):
        if not in_git and (name != "open" or args[1] & os.O_CREAT):
            if name == "write" and meet.__name__ == "die":
                real(args[0], bytes(args[1])[: len(args[1]) // 2])  # a torn write
                os.lseek(args[0], 0, os.SEEK_SET)
            meet(name)
        return real(*args, **options)

    return call


def killed_at(number: int, bench, act: Callable) -> bool:
    """Runs `act` in another process that dies at its call `number`. Whether it died."""
    child = os.fork()
    if not child:
        left = [number]

        def die(_name: str) -> None:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            with pytest.MonkeyPatch.context() as monkeypatch:
                tap(monkeypatch, die)
                act(bench)
            os._exit(0)
        finally:
            os._exit(1)
    _, code = os.waitpid(child, 0)
    assert code in (0, signal.SIGKILL)
    return code == signal.SIGKILL


def assert_whole_after_the_next_command(bench, act: Callable) -> dict[str, str]:
    """The next command finds all old, or makes all new and commits it; it leaves no litter."""
    bench.put("next.md", "next\n", "Next")
    found = state(bench)
    assert found in (OLD, AFTER[act])
    assert bench.litter() == []
    if bench.git:
        assert bench.git.show("HEAD", "next.md") == b"next\n"
        hand_edits = {DEAL} if found[DEAL] == OLD[DEAL] else set()
        assert set(bench.git.status()) <= hand_edits
    return found


@pytest.mark.parametrize("act", [large, crowd, small])
def test_killed_at_any_call(fresh, act):
    outcomes, number = set(), 0
    while True:
        bench = fresh()
        died = killed_at(number, bench, act)
        for path, text in state(bench).items():
            assert text in (OLD.get(path), NEW.get(path))
        found = assert_whole_after_the_next_command(bench, act)
        if not died:
            assert found == AFTER[act]
            break
        outcomes.add(found == OLD)
        number += 1
    assert number > 8
    assert outcomes == {True, False}


@pytest.mark.parametrize("act", [large, crowd, small])
def test_interrupted_at_any_call(fresh, act):
    """Ctrl-C, in the middle of git's commit too: what the next command finds written, it
    commits.
    """
    number, through = 0, False
    while not through:
        bench, left = fresh(), [number]

        def interrupt(_name: str, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == -1:
                raise KeyboardInterrupt

        with pytest.MonkeyPatch.context() as monkeypatch:
            tap(monkeypatch, interrupt)
            through = not _interrupted(act, bench)
        assert_whole_after_the_next_command(bench, act)
        number += 1
    assert number > 8


def _interrupted(act: Callable, bench) -> bool:
    try:
        act(bench)
    except KeyboardInterrupt:
        return True
    return False


@pytest.mark.parametrize("act", [large, crowd])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
def test_the_disk_fails_at_any_call(fresh, act, error, for_good, monkeypatch):
    number, failed = 0, True
    while failed:
        bench, left, failed = fresh(), [number], False

        def fail(name: str, left: list[int] = left) -> None:
            nonlocal failed
            left[0] -= name not in (
                "git",
                "unlink",
            )  # git's own files are not ours; deleting needs no space
            if name not in ("git", "unlink") and (left[0] < 0 if for_good else left[0] == -1):
                failed = True
                raise OSError(error, os.strerror(error))

        with monkeypatch.context() as patch:
            tap(patch, fail)
            told = _told(act, bench)
        if told is None:
            assert state(bench) == NEW
        elif not for_good:
            assert state(bench) in (OLD, NEW)
        if told is not None:
            assert "\n" not in told.message
            assert os.strerror(error).lower() in told.message.lower() or "disk" in told.message
        assert_whole_after_the_next_command(bench, act)
        number += 1
    assert number > 20


def _told(act: Callable, bench) -> PlaincrmError | None:
    try:
        act(bench)
    except PlaincrmError as error:
        return error
    return None


@pytest.fixture
def disk(tmp_path) -> Iterator[Callable[[str], Path]]:
    """Mounts a small memory disk on a folder; skipped where that is not allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(options: str) -> Path:
        words = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if "remount" in options:
            words = ["mount", "-o", options, str(folder)]
        able = not os.geteuid() and shutil.which("mount")
        if not able or subprocess.run(words, capture_output=True, check=False).returncode:
            pytest.skip("mounting a disk is not allowed here")
        return folder

    yield mount
    if shutil.which("umount"):
        subprocess.run(["umount", str(folder)], capture_output=True, check=False)


def test_a_disk_that_is_really_full(disk):
    folder = disk("size=64k")
    (folder / "a.md").write_bytes(b"old")
    with pytest.raises(PlaincrmError, match="no space left"):
        atomic.replace(folder / "a.md", b"x" * 100_000, b"old")
    assert [path.name for path in folder.iterdir()] == ["a.md"]
    assert (folder / "a.md").read_bytes() == b"old"


def test_a_disk_that_is_really_read_only(disk, plain):
    folder = disk("size=64k")
    (folder / "a.md").write_bytes(b"old")
    disk("remount,ro")
    book = type(plain)(folder, None)
    with pytest.raises(PlaincrmError, match="read-only"):
        book.put("a.md", "new")
    assert book.text("a.md") == "old"
