"""Who a row is about: what proves it, what does not, and what the user may decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.crm.book import Book
from plaincrm.crm.importing.identity import Match
from plaincrm.crm.importing.plan import plan
from plaincrm.crm.importing.read import open_sheet
from plaincrm.crm.importing.report import Import
from plaincrm.crm.importing.source import SourceOptions
from tests.conftest import git

ANNA = """\
---
name: Anna Schmidt
email: a.schmidt@consulting.example
phone: +49 171 9998877
city: Berlin
company: nord
---
"""
NORD = "---\nname: Nord GmbH\ndomain: nord.example\ncity: Kiel\n---\n"
SITE = "---\nname: Website\ncompany: nord\n---\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    book = tmp_path / "book"
    for path, text in {
        "plaincrm.yaml": "country: DE\n",
        "contacts/anna-schmidt.md": ANNA,
        "companies/nord.md": NORD,
        "deals/website.md": SITE,
    }.items():
        (book / path).parent.mkdir(parents=True, exist_ok=True)
        (book / path).write_text(text)
    git(book, "init", "-q")
    return book


def imported(root: Path, text: str, match: Match = "", kind: str = "") -> Import:
    from io import BytesIO

    book = Book.open(root)
    wishes = SourceOptions(kind=kind)
    sheet = open_sheet(BytesIO(text.encode()), "t.csv", book, wishes, lambda rows, _: rows)
    return plan(book, [sheet], match=match)


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("Name;Mobil;Ort\nAnna Schmidt;0172 3334444;Hamburg\n", ""),  # another number and town
        ("Name;Ort\nAnna Schmidt;Hamburg\n", ""),
        ("Name;E-Mail\nAnna Schmidt;anna@other.example\n", ""),
        ("Name;Firma\nAnna Schmidt;Süd KG\n", ""),
        ("Name;Beruf\nAnna Schmidt;Beraterin\n", "name"),  # nothing contradicts
        ("Name;Ort\nAnna Schmidt;Berlin\n", "name"),
        ("Name;Firma\nAnna Schmidt;Nord GmbH\n", "name"),
        ("Name;Telefon;Ort\nAnna Schmidt;0171/9998877;Hamburg\n", "phone"),  # written otherwise
        ("Name;Telefon\nBernd Schmidt;0171/9998877\n", ""),  # a phone may be shared
        ("Name;E-Mail;Ort\nA. Schmidt;A.Schmidt@consulting.example;Hamburg\n", "email"),
    ],
)
def test_a_person_is_known_by_proof_never_by_a_name_that_something_contradicts(
    root: Path, text: str, matched: str
) -> None:
    (row,) = imported(root, text).rows
    assert row.matched == matched
    assert (row.action == "created") == (matched == "")


def test_a_namesake_is_told_of(root: Path) -> None:
    (row,) = imported(root, "Name;Ort\nAnna Schmidt;Hamburg\n").rows
    assert row.reason == "like contact/anna-schmidt, of another city"


@pytest.mark.parametrize(
    ("match", "text", "action"),
    [
        ("id", "Name;E-Mail\nAnna Schmidt;a.schmidt@consulting.example\n", "created"),
        ("email", "Name;E-Mail\nAnna;a.schmidt@consulting.example\n", "unchanged"),
        ("email", "Name;Beruf\nAnna Schmidt;Beraterin\n", "created"),
        ("phone", "Name;Telefon\nBernd Schmidt;0171/9998877\n", "unchanged"),
        ("name", "Name;Ort\nAnna Schmidt;Hamburg\n", "unchanged"),
        ("ask", "Name;Ort\nAnna Schmidt;Hamburg\n", "rejected"),
        ("ask", "Name;Beruf\nAnna Schmidt;Beraterin\n", "rejected"),
        ("ask", "Name;Beruf\nBerta Neu;Beraterin\n", "created"),
    ],
)
def test_the_user_says_which_proof_counts(root: Path, match: Match, text: str, action: str) -> None:
    (row,) = imported(root, text, match).rows
    assert row.action == action


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("Company name,Website\nNord,https://www.nord.example/about\n", "domain"),
        ("Company name,Website\nNord GmbH,https://nord-kiel.example\n", ""),
        ("Company name,City,Industry\nNord GmbH,Köln,Signs\n", ""),
        ("Company name,City,Industry\nNord GmbH,Kiel,Signs\n", "name"),
        ("Company name,Domain\nGmail Fans,gmail.com\n", ""),
    ],
)
def test_a_company_is_known_by_a_host_of_its_own(root: Path, text: str, matched: str) -> None:
    (row,) = imported(root, text, kind="company").rows
    assert row.matched == matched


def test_a_deal_of_the_same_name_with_another_customer_is_another_deal(root: Path) -> None:
    text = "Deal name,Company,Value\nWebsite,Nord GmbH,100\nWebsite,Süd KG,200\n"
    first, second = imported(root, text, kind="deal").rows
    assert (first.action, second.action) == ("updated", "created")


def test_what_a_known_record_does_not_take_is_told(root: Path) -> None:
    done = imported(root, "Name;E-Mail;Ort\nAnna Schmidt;a.schmidt@consulting.example;Hamburg\n")
    assert [(each.what, each.text) for each in done.unplaced] == [("city", "Hamburg")]


def test_an_office_address_is_nobodys_alone(root: Path) -> None:
    done = imported(
        root,
        "Name;E-Mail\nBen Grün;info@gruen.example\nEva Grün;info@gruen.example\n",
    )
    assert done.counts["created"] == 2


def test_a_name_as_a_list_sorts_it_is_the_same_name(root: Path) -> None:
    (row,) = imported(root, 'Name;Telefon\n"Schmidt, Anna";+49 171 9998877\n').rows
    assert (row.id, row.matched) == ("anna-schmidt", "phone")
