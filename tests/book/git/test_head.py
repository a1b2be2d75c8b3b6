"""What moved without plaincrm is looked at by the next command."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.book.git import head
from plaincrm.book.git.client import Git
from plaincrm.book.private_folder import private_folder
from tests.conftest import Crm, git

ADA = "contacts/ada.md"


@pytest.fixture
def book(tmp_path: Path) -> Git:
    """A repo with one contact, known to the last command."""
    (tmp_path / "contacts").mkdir()
    git(tmp_path, "init", "-q", "-b", "main")
    found = Git.of(tmp_path)
    assert found is not None
    commit(found, "---\nname: Ada\n---\n")
    assert look(found) == []
    return found


def commit(book: Git, text: str) -> None:
    (book.root / ADA).write_text(text)
    git(book.root, "add", "-A")
    git(book.root, "commit", "-q", "-m", "By hand")


def look(book: Git) -> list[str]:
    moved = head.moved(book.repo, private_folder(book.root))
    return [problem.code for problem in head.damage(book, *moved)] if moved else []


def test_a_record_left_broken_is_told_once(book: Git) -> None:
    commit(book, "---\nname: Ada\nphone: 1\nphone: 2\n---\n")
    assert look(book) == ["yaml-duplicate-key"]
    assert look(book) == []


def test_markers(book: Git) -> None:
    commit(book, "---\nname: Ada\n---\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n")
    assert look(book) == ["conflict-marker"]


def test_a_sound_record_is_no_word_and_nothing_moved_no_git(book: Git) -> None:
    commit(book, "---\nname: Ada L.\n---\n")
    assert look(book) == []
    calls = book.calls
    assert look(book) == []
    assert book.calls == calls


def test_head_is_read_wherever_git_keeps_it(book: Git) -> None:
    expected = git(book.root, "rev-parse", "HEAD").strip()
    assert head.head(book.repo) == expected
    git(book.root, "pack-refs", "--all")
    assert head.head(book.repo) == expected
    git(book.root, "checkout", "-q", "--detach")
    assert head.head(book.repo) == expected


def test_a_command_tells_even_of_kinds_that_it_does_not_read(crm: Crm, studio: Path) -> None:
    assert "bo-new" not in crm("list", "articles").err
    (studio / "contacts/bo-new.md").write_text("---\nname: Bo\nphone: 1\nphone: 2\n---\n")
    git(studio, "add", "-A")
    git(studio, "commit", "-q", "-m", "A merge of my own")
    assert "contacts/bo-new.md" in crm("list", "articles").err
    assert "contacts/bo-new.md" not in crm("list", "articles").err
