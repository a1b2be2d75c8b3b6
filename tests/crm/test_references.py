"""What a REF means, step by step, and how surely."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.crm.book import Book
from plaincrm.crm.reference_match import Sureness
from plaincrm.crm.references import matches, one
from plaincrm.errors import Ambiguous, NotFound

KINDS = ("contact", "company", "deal", "ticket", "article")


@pytest.mark.parametrize(
    ("word", "ref", "sureness"),
    [
        ("kari-berg", "contact/kari-berg", Sureness.EXACT),
        ("KARI-BERG", "contact/kari-berg", Sureness.EXACT),
        ("contact/kari-berg", "contact/kari-berg", Sureness.EXACT),
        ("contacts/kari-berg.md", "contact/kari-berg", Sureness.EXACT),
        ("./contacts/kari-berg.md", "contact/kari-berg", Sureness.EXACT),
        ("Regnskap@fjordferries.example", "contact/kari-berg", Sureness.EXACT),
        ("kari berg", "contact/kari-berg", Sureness.EXACT),
        ("0049 (151) 123-45678", "contact/friederike-moeller", Sureness.EXACT),
        ("kari-b", "contact/kari-berg", Sureness.PREFIX),
        ("Karri Berg", "contact/kari-berg", Sureness.FUZZY),
    ],
)
def test_each_way_of_naming(studio: Path, word: str, ref: str, sureness: Sureness) -> None:
    found = matches(Book.open(studio), word, KINDS)
    assert [(match.record.ref, match.sureness) for match in found] == [(ref, sureness)]


def test_less_sure_than_asked_for_is_ambiguous(studio: Path) -> None:
    book = Book.open(studio)
    assert one(book, "kari-b", KINDS, Sureness.PREFIX).id == "kari-berg"
    for word, asked in (("kari-b", Sureness.EXACT), ("Karri Berg", Sureness.PREFIX)):
        with pytest.raises(Ambiguous) as caught:
            one(book, word, KINDS, asked)
        assert caught.value.candidates == ("contact/kari-berg  Kari Berg",)


def test_nothing_and_other_kinds(studio: Path) -> None:
    with pytest.raises(NotFound):
        one(Book.open(studio), "kari-berg", ["deal"])


@pytest.mark.parametrize(
    ("word", "ids"),
    [
        ("anna", ["anna-schmidt", "schmidt-anna"]),
        ("jo", ["dr-jo-weber", "josef-klein"]),
        ("schmidt", ["schmidt-anna"]),
        ("petra", ["petra-voss"]),
    ],
)
def test_a_first_name_means_all_who_have_it(tmp_path: Path, word: str, ids: list[str]) -> None:
    people = ["Anna Schmidt", "Schmidt, Anna", "Dr. Jo Weber", "Josef Klein", "Petra Voss"]
    (tmp_path / "plaincrm.yaml").write_text("currency: EUR\n")
    (tmp_path / "contacts").mkdir()
    for name in people:
        id = name.lower().replace(", ", "-").replace(". ", "-").replace(" ", "-")
        (tmp_path / "contacts" / f"{id}.md").write_text(f'---\nname: "{name}"\n---\n')
    found = matches(Book.open(tmp_path), word, ["contact"])
    assert [match.record.id for match in found] == ids
    assert {match.sureness for match in found} == {Sureness.PREFIX}
