"""The unit of work: staged, checked, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.core.records.edits import DeleteField, SetField
from plaincrm.core.records.record import Record
from plaincrm.crm.book import Book
from plaincrm.errors import Conflict, Refused
from tests.conftest import git


def kari(book: Book) -> Record:
    record = book.store.get("contact", "kari-berg")
    assert record is not None
    return record


def test_nothing_is_written_before_the_commit(studio: Path) -> None:
    book = Book.open(studio)
    change = book.change("Try", "set")
    after = change.edit(kari(book), [SetField("job", "Boss")])
    assert after.text("job") == kari(book).text("job") == "Boss"
    assert git(studio, "status", "--porcelain") == ""
    done = change.commit()
    assert done.paths == ("contacts/kari-berg.md",)
    assert git(studio, "log", "-1", "--format=%H").strip() == done.commit


def test_a_file_that_changed_since_it_was_read_is_a_conflict(studio: Path) -> None:
    book = Book.open(studio)
    change = book.change("Try", "set")
    change.edit(kari(book), [SetField("job", "Boss")])
    path = studio / "contacts/kari-berg.md"
    path.write_text(path.read_text() + "Theirs\n")
    with pytest.raises(Conflict):
        change.commit()
    assert path.read_text().endswith("Theirs\n")
    assert "Boss" not in path.read_text()


@pytest.mark.parametrize(
    "edit",
    [
        SetField("status", "boss"),
        SetField("job", ["a", "b"]),
        DeleteField("name"),
        SetField("idle", "3d"),
    ],
)
def test_what_the_schema_does_not_allow_is_refused(
    studio: Path, edit: SetField | DeleteField
) -> None:
    book = Book.open(studio)
    change = book.change("Try", "set")
    with pytest.raises(Refused):
        change.edit(kari(book), [edit])
    assert change.files == ()


def test_a_draft_has_the_schemas_order_and_its_required_fields(studio: Path) -> None:
    book = Book.open(studio)
    change, kind = book.change("Try", "add"), book.kind("contact")
    text = change.draft(kind, {"own": "x", "company": "fjord-ferries", "name": "Ada", "email": ""})
    assert text == "---\nname: Ada\ncompany: fjord-ferries\nown: x\n---\n"
    with pytest.raises(Refused):
        change.draft(kind, {"email": "a@b.example"})


def test_a_file_made_and_deleted_in_one_change_is_nothing(studio: Path) -> None:
    change = Book.open(studio).change("Try", "add")
    change.put("contacts/x.md", b"---\nname: X\n---\n")
    change.put("contacts/x.md", None)
    assert change.files == ()
