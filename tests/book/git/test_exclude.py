"""What no commit may take is noted in git's own private list, once, and only in the book's repo."""

from __future__ import annotations

from pathlib import Path

from plaincrm.book.git.exclude import keep_out
from tests.conftest import git


def test_a_file_is_noted_once_and_others_keep_their_lines(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    note = tmp_path / ".git" / "info" / "exclude"
    note.parent.mkdir(exist_ok=True)
    note.write_text("mine")
    file = tmp_path / "a[1].csv"
    file.write_text("x")
    for _ in range(2):
        keep_out(tmp_path, [file])
    assert note.read_text() == "mine\n/a\\[1\\].csv\n"
    assert git(tmp_path, "status", "--porcelain") == ""


def test_a_file_outside_the_book_is_no_matter(tmp_path: Path) -> None:
    book, other = tmp_path / "book", tmp_path / "other"
    for folder in (book, other):
        folder.mkdir()
        git(folder, "init", "-q")
    before = [(folder / ".git/info/exclude").read_bytes() for folder in (book, other)]
    keep_out(book, [other / "rejects.csv"])
    assert before == [(folder / ".git/info/exclude").read_bytes() for folder in (book, other)]


def test_a_book_without_git_has_nothing_to_note(tmp_path: Path) -> None:
    keep_out(tmp_path, [tmp_path / "rejects.csv"])
    assert not list(tmp_path.iterdir())
