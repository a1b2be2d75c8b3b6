"""Assignments as edits."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.core.records.edits import AddItem, DeleteField, Edit, RemoveItem, SetField
from plaincrm.crm.assignments import Assigner
from plaincrm.crm.book import Book
from plaincrm.errors import Refused, UsageError


def edits(
    studio: Path, kind: str, *assignments: tuple[str, str, str], own: bool = False
) -> list[Edit]:
    book = Book.open(studio)
    return Assigner(book, lambda kind, name: f"made-{kind.name}-{name}", own).edits(
        book.kind(kind), assignments
    )


@pytest.mark.parametrize(
    ("kind", "assignment", "expected"),
    [
        ("contact", ("job", "=", "Boss, of all"), [SetField("job", "Boss, of all")]),
        ("contact", ("job", "=", ""), [DeleteField("job")]),
        ("contact", ("tags", "=", "a"), [SetField("tags", ["a"])]),
        ("contact", ("tags", "=", "a, b"), [SetField("tags", ["a", "b"])]),
        ("contact", ("tags", "+=", "a,b"), [AddItem("tags", "a"), AddItem("tags", "b")]),
        ("contact", ("tags", "-=", "a"), [RemoveItem("tags", "a")]),
        ("contact", ("consent", "=", "Mail, in 2024"), [SetField("consent", "Mail, in 2024")]),
        ("contact", ("company", "=", "+Polar"), [SetField("company", "made-company-Polar")]),
        ("contact", ("status", "=", "Customer"), [SetField("status", "customer")]),
        (
            "deal",
            ("contact", "=", "Kari Berg,ola-nordmann"),
            [SetField("contact", ["kari-berg", "ola-nordmann"])],
        ),
        ("contact", ("zip", "=", "02142"), [SetField("zip", "02142")]),
    ],
)
def test_what_an_assignment_means(
    studio: Path, kind: str, assignment: tuple[str, str, str], expected: list[Edit]
) -> None:
    assert edits(studio, kind, assignment) == expected


def test_a_list_needs_a_field_that_holds_several(studio: Path) -> None:
    with pytest.raises(Refused):
        edits(studio, "contact", ("job", "+=", "x"))


def test_a_slip_is_no_own_key_unless_it_is_meant(studio: Path) -> None:
    with pytest.raises(UsageError):
        edits(studio, "contact", ("compnay", "=", "x"))
    assert edits(studio, "contact", ("compnay", "=", "x"), own=True) == [SetField("compnay", "x")]
    assert edits(studio, "contact", ("shoe_size", "=", "44")) == [SetField("shoe_size", "44")]
