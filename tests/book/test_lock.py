"""Many writers at once: nothing that was acknowledged is lost."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import pytest

from plaincrm.book.git.client import Git
from plaincrm.book.lock import writing
from plaincrm.errors import Conflict, PlaincrmError


def in_processes(count: int, act: Callable[[int], None]) -> None:
    """Runs `act(0)` … `act(count - 1)` at the same time, each in a process of its own."""
    children = []
    for number in range(count):
        child = os.fork()
        if not child:
            try:
                act(number)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * count


def append(bench, path: str, line: str) -> None:
    """Adds a line, reading again for as long as others get in between."""
    while True:
        try:
            with bench.change(f"Add {line}", timeout=60) as change:
                old = change.read(path)
                change.put(path, (old or b"") + f"{line}\n".encode(), old)
            return
        except Conflict:
            continue


def test_writers_of_the_same_file_lose_nothing(plain):
    in_processes(4, lambda n: [append(plain, "log.md", f"{n}.{k}") for k in range(15)])
    lines = plain.text("log.md").split()
    assert sorted(lines) == sorted(f"{n}.{k}" for n in range(4) for k in range(15))
    assert plain.litter() == []


def test_writers_of_different_files_make_a_commit_each(bench):
    def act(n: int) -> None:
        bench.git = Git.of(bench.root)
        for k in range(4):
            append(bench, f"{n}.md", str(k))
            append(bench, "shared.md", f"{n}.{k}")

    in_processes(3, act)
    assert [bench.text(f"{n}.md").split() for n in range(3)] == [list("0123")] * 3
    assert len(bench.text("shared.md").split()) == 12
    assert len(bench.subjects()) == 24
    assert bench.git.status() == {}


def test_the_lock_may_be_nested(plain):
    with writing(plain.private), writing(plain.private, 0):
        plain.put("a.md", "x")
    assert plain.text("a.md") == "x"


def test_a_lock_of_a_dead_process_is_free(plain):
    child = os.fork()
    if not child:
        with writing(plain.private):
            os._exit(0)
    os.waitpid(child, 0)
    with writing(plain.private, 0):
        assert (plain.private / "lock.pid").read_text() == str(os.getpid())


def test_where_no_lock_can_be_made_it_is_said(plain, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(PlaincrmError, match="can't make the folder"):
        plain.put("a.md", "x")


def test_who_waits_in_vain_is_told_who_writes(plain):
    ready, done = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        with writing(plain.private):
            os.write(ready[1], b"x")
            os.read(done[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    with (
        pytest.raises(Conflict, match=rf"another plaincrm is writing \(pid {child}\)"),
        writing(plain.private, 0.1),
    ):
        pass
    os.write(done[1], b"x")
    with writing(plain.private):
        pass
    os.waitpid(child, 0)


def test_a_child_that_outlives_the_lock_does_not_keep_it(plain):
    done = os.pipe()
    with writing(plain.private):
        child = os.fork()
        if not child:
            os.read(done[0], 1)
            os._exit(0)
    with writing(plain.private, 0):
        pass
    os.write(done[1], b"x")
    os.waitpid(child, 0)


def test_another_thread_waits_for_this_one(plain):
    found = []

    def act() -> None:
        try:
            with writing(plain.private, 0):
                found.append("taken")
        except Conflict:
            found.append("refused")

    with writing(plain.private):
        thread = threading.Thread(target=act)
        thread.start()
        thread.join()
    act()
    assert found == ["refused", "taken"]
