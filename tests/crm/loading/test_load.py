"""The cache: whatever happened to it or to the files, the answer is that of a fresh reading,
without a word.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from plaincrm.book.index import cache
from tests.conftest import Crm, git
from tests.crm.answers import book, said, same


def files(root: Path) -> list[Path]:
    return sorted((root / ".git" / "plaincrm" / "cache").iterdir())


def names(root: Path) -> set[str]:
    return {path.name for path in files(root)}


def kept(root: Path) -> set[str]:
    """What is kept of a book: each kind that has records, and the settings."""
    store = book(root, cached=False).store
    return {"plaincrm.yaml", *(kind for kind in store.schema.kinds if store.records(kind))}


def filled(root: Path) -> Path:
    """The book with a cache that knows all of it, made when its files had rested for longer than a
    tick.
    """
    time.sleep(0.05)
    said(book(root))
    assert names(root) == kept(root)
    return root


def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of files that are opened from now on."""
    seen: list[str] = []
    real = os.open

    def note(path: str, *args: int, **more: int) -> int:
        seen.append(str(path))
        return real(path, *args, **more)

    monkeypatch.setattr(os, "open", note)
    return seen


def test_the_first_and_the_later_answers_are_those_of_the_files(studio: Path) -> None:
    same(studio)
    assert names(studio) == kept(studio) | {"last_touch.fact"}


def test_what_is_kept_is_not_read_again(studio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(studio)
    here = book(studio)
    seen = opened(monkeypatch)
    assert [record.title for record in here.store.all()]
    assert not [path for path in seen if path.endswith(".md")]


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def altered(data: bytes) -> bytes:
    return bytes(byte ^ 1 if place % 97 == 5 else byte for place, byte in enumerate(data))


def tail_altered(data: bytes) -> bytes:
    return data[:-200] + altered(data[-200:])


def other_version(data: bytes) -> bytes:
    return data.replace(b"cpython-", b"cpython+", 1)


DAMAGE: list[Callable[[bytes], bytes]] = [
    cut,
    altered,
    tail_altered,
    other_version,
    lambda _: b"",
    lambda data: data[:30],
    lambda data: data[:-1],
    lambda data: data + b"more",
    lambda data: bytes(len(data)),
    lambda _: cache.MAGIC + b"\xff" * 400,
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_cache_changes_no_answer(
    studio: Path, crm: Crm, damage: Callable[[bytes], bytes]
) -> None:
    filled(studio)
    before = crm("list", "deals", "--json")
    for path in files(studio):
        path.write_bytes(damage(path.read_bytes()))
    after = crm("list", "deals", "--json")
    assert (after.code, after.out, after.err) == (before.code, before.out, before.err)
    same(studio)


@pytest.mark.parametrize("place", range(0, 2000, 131))
def test_no_altered_byte_changes_an_answer(studio: Path, place: int) -> None:
    filled(studio)
    for path in files(studio):
        data = bytearray(path.read_bytes())
        data[place * len(data) // 2000] ^= 0x41
        path.write_bytes(data)
    same(studio)


def test_a_cache_that_is_a_folder_or_a_link_is_none(studio: Path) -> None:
    filled(studio)
    one, two, *_ = files(studio)
    one.unlink()
    one.mkdir()
    aside = studio / "aside"
    two.rename(aside)
    two.symlink_to(aside)
    same(studio)


def test_the_cache_of_another_copy_of_the_book_is_none(studio: Path) -> None:
    filled(studio)
    copy = studio.with_name("copy")
    shutil.copytree(studio, copy, symlinks=True)
    (copy / "contacts" / "kari-berg.md").write_text("---\nname: Another\n---\n")
    same(copy)


def test_where_nothing_can_be_written_nothing_is_said(
    studio: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = crm("today")
    shutil.rmtree(studio / ".git" / "plaincrm" / "cache")
    real = os.open

    def read_only(path: str, flags: int, *args: int, **more: int) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.EROFS, "Read-only file system")
        return real(path, flags, *args, **more)

    monkeypatch.setattr(os, "open", read_only)
    assert crm("today") == wanted
    assert not files(studio)


def test_no_draft_is_left_behind(studio: Path) -> None:
    assert names(filled(studio)) == kept(studio)


def test_an_interrupted_reading_leaves_nothing_behind(
    studio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("plaincrm.core.records.record.Record.of_file", interrupt)
    with pytest.raises(KeyboardInterrupt):
        said(book(studio))
    assert [path.name for path in files(studio)] == ["plaincrm.yaml"]
    monkeypatch.undo()
    same(studio)


def test_a_change_of_the_settings_changes_what_rests_on_them(studio: Path) -> None:
    filled(studio)
    path = studio / "plaincrm.yaml"
    path.write_text(path.read_text().replace("lead:", "first:", 1) + "log_types: [visit]\n")
    same(studio)


def test_one_tick_of_the_clock_hides_no_change(studio: Path) -> None:
    path = studio / "contacts" / "kari-berg.md"
    for n in range(20):
        path.write_text(f"---\nname: Kari {n:02}\n---\n")
        assert book(studio).store.get("contact", "kari-berg").title == f"Kari {n:02}"


def test_a_time_stamp_set_back_hides_no_change(studio: Path) -> None:
    path = studio / "contacts" / "kari-berg.md"
    before = path.stat()
    filled(studio)
    text = path.read_text()
    path.write_text(text.replace("Kari", "Kara"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    same(studio)


def test_git_brings_other_files_and_the_answer_follows(studio: Path) -> None:
    filled(studio)
    git(studio, "switch", "-q", "-c", "other")
    git(studio, "mv", "contacts/kari-berg.md", "contacts/karin.md")
    (studio / "deals" / "new.md").write_text("---\nname: New\ncontact: karin\n---\n")
    git(studio, "add", "-A")
    git(studio, "commit", "-qm", "Other")
    same(studio)
    git(studio, "switch", "-q", "main")
    same(studio)
    git(studio, "merge", "-q", "other")
    same(studio)


def test_files_that_cannot_be_read_are_told_each_time(
    studio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def deny(path: str, *args: int, **more: int) -> int:
        if str(path).endswith("kari-berg.md"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, *args, **more)

    monkeypatch.setattr(os, "open", deny)
    for _ in range(3):
        assert "contacts/kari-berg.md" in said(book(studio))["problems"]
    monkeypatch.undo()
    same(studio)


def test_ignored_files_stay_out(studio: Path) -> None:
    filled(studio)
    (studio / ".gitignore").write_text("kari-*\n")
    git(studio, "rm", "-q", "--cached", "contacts/kari-berg.md")
    assert book(studio).store.get("contact", "kari-berg") is None
    same(studio)


def test_another_program_reads_anew(studio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout that is pulled keeps its version, and computes its facts by new code."""
    filled(studio)
    monkeypatch.setattr(
        "plaincrm.crm.loading.cache_home.program", lambda: ("0.1.0", "cpython-311", (1, 2, 3, 4))
    )
    here = book(studio)
    seen = opened(monkeypatch)
    assert [record.title for record in here.store.records("deal")]
    assert [path for path in seen if path.endswith(".md")]
