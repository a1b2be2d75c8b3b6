"""One file: replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import threading
import time
from pathlib import Path

import pytest

from plaincrm.book import atomic
from plaincrm.errors import Conflict, PlaincrmError, Refused

CALLS = ["open", "write", "fsync", "fchmod", "replace", "link", "mkdir"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_replace_puts_the_new_content(tmp_path):
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    atomic.replace(path, b"new", b"old")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["a.md"]


def test_replace_makes_a_new_file_and_its_folders(tmp_path):
    path = tmp_path / "deep" / "er" / "a.md"
    atomic.replace(path, b"\xff\0\r\n", None)
    assert path.read_bytes() == b"\xff\0\r\n"
    assert names(path.parent) == ["a.md"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_the_mode_is_kept(tmp_path, mode):
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    path.chmod(mode)
    atomic.replace(path, b"new", b"old")
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_new_file_has_the_mode_that_the_user_wants(tmp_path):
    before = os.umask(0o027)
    try:
        atomic.replace(tmp_path / "a.md", b"", None)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == 0o640


@pytest.mark.parametrize("expected", [b"something else", None])
def test_a_file_that_changed_is_a_conflict(tmp_path, expected):
    path = tmp_path / "a.md"
    path.write_bytes(b"by hand")
    with pytest.raises(Conflict, match=r"a\.md"):
        atomic.replace(path, b"new", expected)
    assert path.read_bytes() == b"by hand"
    assert names(tmp_path) == ["a.md"]


def test_a_file_that_vanished_is_a_conflict(tmp_path):
    with pytest.raises(Conflict, match="deleted"):
        atomic.replace(tmp_path / "a.md", b"new", b"old")
    with pytest.raises(Conflict, match="deleted"):
        atomic.remove(tmp_path / "a.md", b"old")
    assert names(tmp_path) == []


def test_remove_deletes_what_was_expected_only(tmp_path):
    path = tmp_path / "a.md"
    path.write_bytes(b"x")
    with pytest.raises(Conflict):
        atomic.remove(path, b"y")
    atomic.remove(path, b"x")
    assert names(tmp_path) == []


def test_a_symbolic_link_is_neither_read_nor_written(tmp_path):
    target = tmp_path / "secret"
    target.write_bytes(b"secret")
    (tmp_path / "a.md").symlink_to(target)
    with pytest.raises(OSError, match=r"a\.md"):
        atomic.read(tmp_path / "a.md")
    with pytest.raises(Refused, match="symbolic link"):
        atomic.replace(tmp_path / "a.md", b"new", b"secret")
    assert target.read_bytes() == b"secret"


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "fifo.md")
    (tmp_path / "dir.md").mkdir()
    for name in ("fifo.md", "dir.md"):
        with pytest.raises(PlaincrmError, match="regular file"):
            atomic.present(tmp_path / name)


def test_an_editor_that_truncates_first_is_waited_for(tmp_path):
    path = tmp_path / "a.md"
    path.write_bytes(b"")
    saved = threading.Event()

    def save() -> None:
        saved.wait()
        time.sleep(0.01)
        path.write_bytes(b"saved")

    editor = threading.Thread(target=save)
    editor.start()
    saved.set()
    assert atomic.read(path, settle=True) in (
        b"saved",
        b"",
    )  # a busy machine may let the editor come too late
    editor.join()
    assert atomic.read(path, settle=True) == b"saved"


@pytest.mark.parametrize(
    "error", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS, errno.EACCES]
)
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("old", [b"old", None])
def test_when_the_disk_refuses_the_old_content_stands(tmp_path, monkeypatch, call, error, old):
    path = tmp_path / "book" / "a.md"
    if old is not None:
        path.parent.mkdir()
        path.write_bytes(old)
    real, failed = getattr(os, call), []

    def fail(*args, **options):
        writes = call != "open" or args[1] & os.O_CREAT
        if writes and not failed:
            failed.append(call)
            raise OSError(error, os.strerror(error))
        return real(*args, **options)

    monkeypatch.setattr(os, call, fail)
    try:
        atomic.replace(path, b"new", old)
    except PlaincrmError as told:
        assert "\n" not in told.message
        assert str(tmp_path) in told.message
        assert (path.read_bytes() if path.exists() else None) == old
    else:
        assert not failed or (call == "link" and error == errno.EPERM)
        assert path.read_bytes() == b"new"
    assert not list(tmp_path.rglob(".plaincrm-*"))


def test_a_file_system_without_hard_links_will_do(tmp_path, monkeypatch):
    def no_links(*_args, **_options):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    atomic.replace(tmp_path / "a.md", b"new", None)
    assert names(tmp_path) == ["a.md"]


def test_a_file_that_is_too_large_is_refused(tmp_path):
    path = tmp_path / "a.md"
    path.touch()
    os.truncate(path, atomic.LARGEST + 1)
    with pytest.raises(OSError, match="larger than 64 megabytes") as caught:
        atomic.read(path)
    assert caught.value.errno == errno.EFBIG
    with pytest.raises(PlaincrmError, match="larger than 64 megabytes"):
        atomic.present(path)
    assert len(atomic.read(path, largest=atomic.ANY_SIZE)) == atomic.LARGEST + 1


def test_a_file_that_grows_without_end_is_given_up(tmp_path, monkeypatch):
    path = tmp_path / "a.md"
    path.write_bytes(b"x")
    monkeypatch.setattr(atomic.os, "read", lambda *_: b"x" * (1 << 20))
    with pytest.raises(OSError, match="grows"):
        atomic.read(path)
