"""What a writing action returns, before and after it is written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from plaincrm.crm.actions.log import log_entry
from plaincrm.crm.actions.set import set_fields
from plaincrm.crm.book import Book
from plaincrm.crm.staged import SUBJECT, subject
from tests.conftest import git


@pytest.fixture
def book(studio: Path) -> Book:
    return Book.open(studio, lambda zone: datetime(2026, 11, 21, 12, tzinfo=zone))


def test_a_staged_change_says_what_it_will_do_and_does_it(book: Book) -> None:
    staged = log_entry(book, [book.find("kari-berg")], "call", "Hm", next="fri Ask again")
    assert staged.summary == "Log call contact/kari-berg: Hm"
    assert [file.path for file in staged.files] == ["contacts/kari-berg.md"]
    assert "+- 2026-11-21 12:00 call: Hm\n" in staged.diff()
    assert staged.echo == ["next: fri is Fri 2026-11-27, in 6 days"]
    assert git(book.root, "status", "--porcelain") == ""
    written = staged.commit()
    assert written.commit == git(book.root, "rev-parse", "HEAD").strip()
    assert git(book.root, "log", "-1", "--format=%s").strip() == staged.summary


def test_records_that_stay_the_same_are_not_counted(book: Book) -> None:
    both = [book.find("kari-berg"), book.find("ola-nordmann")]
    job = both[0].text("job")
    staged = set_fields(book, both, [("job", "=", job)])
    assert [record.text("job") for record in staged.records] == [job, job]
    assert (staged.count, len(staged.files)) == (1, 1)


def test_a_long_summary_is_one_line(book: Book) -> None:
    staged = log_entry(book, [book.find("kari-berg")], "call", "word\n" * 60)
    assert "\n" not in staged.summary and staged.summary.count("word") == 60  # told whole
    staged.commit()
    title = git(book.root, "log", "-1", "--format=%s").rstrip("\n")
    assert len(title) <= SUBJECT and title.endswith("…")
    assert staged.summary.startswith(title.removesuffix("…"))
    assert "\n" not in subject("two\nlines")
