"""`plaincrm init`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.commands.test_asking import answered
from tests.conftest import Crm, git


def test_makes_a_book_that_every_command_works_in(crm: Crm, tmp_path: Path) -> None:
    done = crm("init", "book", cwd=tmp_path)
    book = tmp_path / "book"
    assert done.code == 0
    assert done.out == f"{book}\n"
    assert {path.name for path in book.iterdir()} >= {
        "plaincrm.yaml",
        ".gitignore",
        ".gitattributes",
        "contacts",
    }
    assert git(book, "status", "--porcelain") == ""
    assert git(book, "log", "--format=%s") == "Start the book\n"
    assert crm("check", cwd=book).code == 0
    assert crm("list", "contacts", "--count", cwd=book).out == "0\n"


def test_works_where_folders_are_missing_as_after_a_clone(crm: Crm, tmp_path: Path) -> None:
    crm("init", "book", cwd=tmp_path)
    git(tmp_path, "clone", "-q", "book", "copy")
    assert not (tmp_path / "copy" / "contacts").exists()
    assert crm("list", "deals", "--count", cwd=tmp_path / "copy").out == "0\n"
    assert crm("check", cwd=tmp_path / "copy").code == 0


def test_here_is_the_folder_where_none_is_named(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    assert crm("init", cwd=tmp_path / "here").code == 0
    assert (tmp_path / "here" / "plaincrm.yaml").is_file()


def test_refuses_a_book_and_leaves_it_alone(crm: Crm, studio: Path) -> None:
    before = (studio / "plaincrm.yaml").read_bytes()
    done = crm("init")
    assert done.code == 1
    assert "is a book already" in done.err
    assert "today" in done.err
    assert (studio / "plaincrm.yaml").read_bytes() == before


def test_keeps_files_that_are_there_and_adds_to_gitignore(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "notes.txt").write_text("mine")
    (tmp_path / "b" / ".gitignore").write_bytes(b"*.tmp")
    assert crm("init", "b", cwd=tmp_path).code == 0
    lines = (tmp_path / "b" / ".gitignore").read_text().split("\n")
    assert lines[0] == "*.tmp"
    assert lines.count("*.tmp") == 1
    assert {"inbox/", "outbox/", "/rejects*.csv", ".*.swp", ".DS_Store", ".stversions/"} < {*lines}
    assert git(tmp_path / "b", "status", "--porcelain") == "?? notes.txt\n"


def test_demo_fills_it_with_the_example(crm: Crm, tmp_path: Path, studio: Path) -> None:
    done = crm("init", "book", "--demo", cwd=tmp_path)
    assert done.code == 0
    assert "2026-11-21" in done.err
    book = tmp_path / "book"
    for path in (
        p for p in studio.rglob("*") if p.is_file() and ".git" not in p.relative_to(studio).parts
    ):
        assert (book / path.relative_to(studio)).read_bytes() == path.read_bytes()
    assert git(book, "status", "--porcelain") == ""


def test_demo_wants_a_folder_of_its_own(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "mine").write_text("x")
    done = crm("init", "b", "--demo", cwd=tmp_path)
    assert done.code == 1
    assert "not empty" in done.err
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["mine"]


def test_works_without_git_and_says_so(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = crm("init", "book", cwd=tmp_path)
    assert done.code == 0
    assert "git is not installed" in done.err
    assert not (tmp_path / "book" / ".git").exists()
    assert crm("check", cwd=tmp_path / "book").code == 0


def test_a_folder_of_a_larger_repo_uses_that(crm: Crm, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main", "repo")
    done = crm("init", "repo/crm", cwd=tmp_path)
    assert "lies in a git repo" in done.err
    assert not (tmp_path / "repo" / "crm" / ".git").exists()
    assert git(tmp_path / "repo", "status", "--porcelain") == ""


def test_a_file_in_the_way_is_said_in_one_line(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = crm("init", "file", cwd=tmp_path)
    assert done.code == 1
    assert "is a file" in done.err


def test_fills_in_who_the_user_is(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "gitconfig"
    config.write_text('[user]\n name = "Ada: Example"\n email = ada@studio.example\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("TZ", "Europe/Oslo")
    crm("init", "book", cwd=tmp_path)
    text = (tmp_path / "book" / "plaincrm.yaml").read_text()
    assert "ada@studio.example" in text
    assert "timezone: Europe/Oslo" in text
    assert crm("check", "--json", cwd=tmp_path / "book").json["results"] == []


def test_options_answer_the_questions(crm: Crm, tmp_path: Path) -> None:
    words = ["--name", "Jo Weber", "--email", "jo@w.example", "--country", "ch", "--language", "de"]
    done = crm("init", "b", *words, cwd=tmp_path)
    assert done.code == 0, done.err
    text = (tmp_path / "b" / "plaincrm.yaml").read_text("utf-8")
    assert "me: {name: Jo Weber, email: [jo@w.example]}" in text
    assert re.search("^country: CH ", text, re.MULTILINE)
    assert re.search("^currency: CHF ", text, re.MULTILINE)
    assert re.search("^language: de ", text, re.MULTILINE)
    assert crm("check", cwd=tmp_path / "b").code == 0
    assert "PLAINCRM_BOOK" in done.err
    assert "add deal" in done.err


def test_a_country_has_two_letters(crm: Crm, tmp_path: Path) -> None:
    done = crm("init", "b", "--country", "Germny", cwd=tmp_path)
    assert done.code == 2
    assert not (tmp_path / "b").exists()


def test_a_terminal_is_asked_three_questions(tmp_path: Path) -> None:
    typed = "Jo Weber <jo@w.example>\nxyz\nDE\n\n"
    assert answered(tmp_path, ["init", "b"], typed) == 0
    text = (tmp_path / "b" / "plaincrm.yaml").read_text("utf-8")
    assert "me: {name: Jo Weber, email: [jo@w.example]}" in text
    assert re.search("^country: DE ", text, re.MULTILINE)
    assert re.search("^currency: EUR ", text, re.MULTILINE)
