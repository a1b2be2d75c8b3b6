"""The one door to the files of a book: nothing leads out of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plaincrm.book import inside
from plaincrm.errors import Refused


@pytest.mark.parametrize(
    "path",
    [
        *("", "/etc/hosts", "../a.md", "a/../../b", "a//b.md", "./a.md", "a/.", "a\0b", ".."),
        *(".git/x", "x/.GIT/y", "git~1/config", ".git /config", ".git./x", "x/.git"),
        *(".git::$INDEX_ALLOCATION/x", "contacts/.g\u200cit/config", "a\\.git/x"),
    ],
)
def test_no_path_leads_out_of_the_book(tmp_path: Path, path: str) -> None:
    for seen in (None, {path.rpartition("/")[0]}):
        with pytest.raises(Refused):
            inside.within(str(tmp_path), path, set() if seen is None else None)
    with pytest.raises(Refused):
        inside.read(tmp_path, path)


@pytest.mark.parametrize("path", ["git.md", "contacts/git.md", "a.git/b.md", "contacts/digit~1.md"])
def test_other_names_are_taken(tmp_path: Path, path: str) -> None:
    assert inside.place(tmp_path, path) == tmp_path / path


def test_no_link_on_the_way_is_followed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.md").write_text("not ours")
    book = tmp_path / "book"
    book.mkdir()
    (book / "contacts").symlink_to(tmp_path / "out")
    (book / "b.md").symlink_to(tmp_path / "out" / "a.md")
    for path in ("contacts/a.md", "b.md"):
        with pytest.raises(Refused, match="symbolic link"):
            inside.place(book, path)
    with pytest.raises(Refused, match="symbolic link"):
        inside.read(book, "contacts/a.md")
    with pytest.raises(OSError):
        inside.read(book, "b.md")
    assert not inside.listed(book, "contacts")
    assert not list(inside.files(book, ""))
    assert not inside.is_folder(book, "contacts")


def test_a_repo_inside_the_book_is_not_the_books(tmp_path: Path) -> None:
    (tmp_path / "contacts" / "team" / ".git").mkdir(parents=True)
    with pytest.raises(Refused, match="repo of its own"):
        inside.place(tmp_path, "contacts/team/ada.md")


def test_files_below_a_folder(tmp_path: Path) -> None:
    for path in ("b/x.txt", "a.txt", "b/.hidden/y.txt", "b/c/z.txt"):
        (tmp_path / "in" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / path).write_text("x")
    os.mkfifo(tmp_path / "in" / "pipe")
    assert [path for path, _ in inside.files(tmp_path, "in")] == [
        *("in/a.txt", "in/b/c/z.txt", "in/b/x.txt")
    ]
    assert not list(inside.files(tmp_path, "nothing"))
