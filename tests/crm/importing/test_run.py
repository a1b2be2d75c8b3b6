"""Import by a script: files and streams in, records out, without the command line."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest

from plaincrm.crm.book import Book
from plaincrm.crm.importing import inbox
from plaincrm.crm.importing.run import (
    ImportOptions,
    InputFile,
    currency_code,
    run,
    write_rejects,
)
from plaincrm.crm.importing.source import SourceFile
from plaincrm.errors import NotFound, Refused, UsageError
from tests.conftest import git

ROWS = "Name,Email,City\nNora Neu,nora@neu.example,Bonn\n,,Berlin\n"


@pytest.fixture
def book(studio: Path) -> Book:
    return Book.open(studio, lambda zone: datetime(2026, 11, 21, 12, tzinfo=zone))


def test_a_path_and_a_stream_go_in_as_one_change(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text(ROWS, encoding="utf-8")
    stream = BytesIO(b"2026-11-20 ola call: wants Norwegian too\n")
    seen: list[SourceFile] = []
    files = [InputFile("new.csv", path), InputFile("phone.txt", stream)]
    done = run(book, files, opened=seen.extend)
    assert seen == done.sheets
    assert [sheet.form for sheet in seen] == ["csv", "txt"]
    assert git(book.root, "status", "--porcelain") == ""
    done.change.commit()
    assert done.counts == {
        "rows": 3,
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "skipped": 0,
        "rejected": 1,
    }
    assert (book.root / "contacts" / "nora-neu.md").is_file()
    assert git(book.root, "log", "-1", "--format=%s").strip().startswith("Import 1 contact, 1 log")
    assert git(book.root, "status", "--porcelain") == ""


def test_rejects_get_a_file_with_a_free_name(book: Book, tmp_path: Path) -> None:
    (tmp_path / "rejects.csv").write_text("mine", encoding="utf-8")
    done = run(book, [InputFile("new.csv", BytesIO(ROWS.encode()))])
    written = write_rejects(done, str(tmp_path / "rejects.csv"))
    assert written == {0: str(tmp_path / "rejects-2.csv")}
    assert "Berlin" in (tmp_path / "rejects-2.csv").read_text("utf-8")
    assert (tmp_path / "rejects.csv").read_text("utf-8") == "mine"


def test_options_narrow_what_goes_in(book: Book) -> None:
    rows = b"Name,Email\nNora Neu,nora@neu.example\nMax Alt,max@alt.example\n"
    options = ImportOptions(where=["email:*neu.example"])
    counts = run(book, [InputFile("new.csv", BytesIO(rows))], options).counts
    assert (counts["created"], counts["skipped"]) == (1, 1)


def test_a_file_that_cant_be_read_stops_all_or_is_a_reject(book: Book) -> None:
    files = [
        InputFile("a.pdf", BytesIO(b"%PDF-1.7\n")),
        InputFile("new.csv", BytesIO(ROWS.encode())),
    ]
    with pytest.raises(Refused, match="a PDF"):
        run(book, files)
    files = [InputFile(file.name, file.content) for file in files]
    for file in files:
        assert isinstance(file.content, BytesIO)
        file.content.seek(0)
    done = run(book, files, skip_unreadable=True)
    rejected = [row for row in done.rows if row.file == "a.pdf"]
    assert [row.action for row in rejected] == ["rejected"]
    assert "a PDF" in rejected[0].reason
    assert done.counts["created"] == 1


def test_what_is_not_there_is_said(book: Book, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no such file"):
        run(book, [InputFile("no.csv", tmp_path / "no.csv")])
    with pytest.raises(UsageError, match="without mails"):
        (tmp_path / "folder").mkdir()
        run(book, [InputFile("folder", tmp_path / "folder")])
    with pytest.raises(UsageError, match="no currency"):
        currency_code("euro")
    assert currency_code("usd") == "USD"


def test_the_inbox_is_taken_in_one_call(book: Book) -> None:
    folder = book.root / "inbox"
    folder.mkdir(exist_ok=True)
    (folder / "new.csv").write_text(ROWS.replace(",,Berlin\n", ""), encoding="utf-8")
    assert [file.name for file in inbox.waiting(book)] == ["inbox/new.csv"]
    assert inbox.take(book).counts["created"] == 1
    assert (folder / "done" / "new.csv").is_file()
    assert inbox.waiting(book) == []
    assert git(book.root, "status", "--porcelain") == ""
