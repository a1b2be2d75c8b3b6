"""The watch over a folder: what counts as a save, whoever makes it, and that it ends without a
trace.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from watchdog.observers import Observer

from plaincrm.book.watch import Watch, matters

ROOT = str(Path(__file__).parents[2])
LONG = 30.0  # seconds, for what is sure to come
SHORT = 0.3  # and for what is sure not to


@pytest.fixture
def book(tmp_path: Path) -> Path:
    root = tmp_path / "book"
    for folder in ("contacts/00", "deals", ".git/objects"):
        (root / folder).mkdir(parents=True)
    (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (root / "plaincrm.yaml").write_text("currency: EUR\n")
    (root / "contacts" / "ada.md").write_text("---\nname: Ada\n---\n")
    return root


@pytest.fixture
def watch(book: Path) -> Iterator[Watch]:
    with Watch(book) as watch:
        assert not watch.polling
        yield watch


def test_a_save_in_place(book: Path, watch: Watch) -> None:
    (book / "contacts" / "ada.md").write_text("---\nname: Ada Lovelace\n---\n")
    assert watch.wait(LONG)
    assert not watch.wait(SHORT)


def test_a_save_by_rename(book: Path, watch: Watch) -> None:
    fresh = book / "contacts" / ".ada.md.new"
    fresh.write_text("---\nname: Ada Lovelace\n---\n")
    fresh.replace(book / "contacts" / "ada.md")
    assert watch.wait(LONG)


def test_a_save_with_swap_and_backup_files(book: Path, watch: Watch) -> None:
    path = book / "contacts" / "ada.md"
    (book / "contacts" / ".ada.md.swp").write_bytes(b"b0VIM")
    (book / "contacts" / "4913").touch()
    (book / "contacts" / "4913").unlink()
    assert not watch.wait(SHORT)
    path.rename(f"{path}~")
    path.write_text("---\nname: Ada Lovelace\n---\n")
    Path(f"{path}~").unlink()
    (book / "contacts" / ".ada.md.swp").unlink()
    assert watch.wait(LONG)
    assert not watch.wait(SHORT)


@pytest.mark.parametrize(
    "path", ["plaincrm.yaml", "segments/warm.yaml", "deals/new.md", "contacts/00/x.md"]
)
def test_settings_and_files_in_new_folders(book: Path, watch: Watch, path: str) -> None:
    (book / path).parent.mkdir(exist_ok=True)
    (book / path).write_text("x: 1\n")
    assert watch.wait(LONG)
    while watch.wait(SHORT):
        pass
    (book / path).write_text("x: 2\n")
    assert watch.wait(LONG)


def test_a_deletion_and_a_folder_that_is_made_anew(book: Path, watch: Watch) -> None:
    (book / "contacts" / "ada.md").unlink()
    (book / "contacts" / "00").rmdir()
    (book / "contacts").rmdir()
    assert watch.wait(LONG)
    (book / "contacts").mkdir()
    assert watch.wait(LONG)
    while watch.wait(SHORT):
        pass
    (book / "contacts" / "eve.md").write_text("---\nname: Eve\n---\n")
    assert watch.wait(LONG)


def test_what_git_does_inside_is_nobodys_save(book: Path, watch: Watch) -> None:
    (book / ".git" / "objects" / "ab").mkdir()
    (book / ".git" / "index").write_bytes(b"DIRC")
    assert not watch.wait(SHORT)


def test_reading_is_no_save(book: Path, watch: Watch) -> None:
    (book / "contacts" / "ada.md").read_bytes()
    assert not watch.wait(SHORT)


def test_while_git_is_at_it_there_is_one_change_only(book: Path, watch: Watch) -> None:
    """A checkout writes for longer than a burst is waited for; its lock tells that it goes on."""
    lock = book / ".git" / "index.lock"
    lock.touch()

    def check_out() -> None:
        for n in range(100):
            (book / "contacts" / "00" / f"c{n}.md").write_text("---\nname: C\n---\n")
            pause.wait(0.02)
        lock.unlink()

    pause = threading.Event()
    thread = threading.Thread(target=check_out)
    thread.start()
    assert watch.wait(LONG)
    assert not lock.exists()
    thread.join()
    assert not watch.wait(SHORT)


@pytest.mark.parametrize(
    "path",
    [
        "contacts/ada.md",
        "plaincrm.yaml",
        ".gitignore",
        "contacts/.gitignore",
        "segments/warm.yaml",
        "a/b/c.md",
    ],
)
def test_what_matters(path: str) -> None:
    assert matters(path)


@pytest.mark.parametrize(
    "path",
    [
        ".git/index",
        "contacts/.ada.md.swp",
        "contacts/ada.md~",
        "contacts/.#ada.md",
        "contacts/#ada.md#",
        "contacts/4913",
        "contacts/.plaincrm-12-ab.tmp",
        ".merge_file_a12",
        "contacts/ada.swp",
        ".obsidian/workspace.md",
    ],
)
def test_what_does_not_matter(path: str) -> None:
    assert not matters(path)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EMFILE])
def test_no_watches_left(book: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(_: object) -> None:
        raise OSError(number, "inotify limit reached")

    before = set(threading.enumerate())
    monkeypatch.setattr(Observer, "start", refuse)
    with Watch(book) as watch:
        assert "limit reached" in watch.polling
        assert not watch.wait(0.01)
    assert set(threading.enumerate()) == before


def test_no_watches_left_for_folders_below(book: Path) -> None:
    """watchdog passes over folders that it can't watch; the limit is set for a process of its own
    here.
    """
    (book / "deals").rmdir()
    script = (
        "from pathlib import Path; from plaincrm.book.watch import Watch\n"
        f"with Watch(Path({str(book)!r})) as watch: print(watch.polling)"
    )
    limited = 'echo 2 > /proc/sys/user/max_inotify_watches && exec "$0" -c "$1"'
    run = ["unshare", "-Ur", "sh", "-c", limited, sys.executable, script]
    try:
        done = subprocess.run(
            run,
            capture_output=True,
            text=True,
            timeout=LONG,
            env={**os.environ, "PYTHONPATH": ROOT},
        )
    except FileNotFoundError:
        pytest.skip("no unshare to set a limit with")
    if "unshare" in done.stderr or "max_inotify" in done.stderr:
        pytest.skip(f"no limit can be set here: {done.stderr.strip()}")
    assert done.stdout == "no inotify watches are left\n", done.stderr


def open_files() -> int:
    place = Path("/proc/self/fd")
    return len(list(place.iterdir())) if place.is_dir() else 0


def test_it_leaves_no_threads_and_no_open_files(book: Path) -> None:
    before = set(threading.enumerate())
    handles = open_files()
    for _ in range(3):
        with Watch(book) as watch:
            (book / "contacts" / "ada.md").write_text("---\nname: Ada\n---\n")
            assert watch.wait(LONG)
    assert set(threading.enumerate()) == before
    assert open_files() <= handles
