"""Likely duplicates: what is found, what is not, why, and what was told apart."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from plaincrm.crm.book import Book
from plaincrm.crm.duplicates.exclusions import keep_apart
from plaincrm.crm.duplicates.pairs import DuplicatePair, pairs


class Maker:
    """Writes records into a book and asks for its duplicates."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "plaincrm.yaml").write_text("country: DE\n")

    def put(self, path: str, **fields: str) -> None:
        target = self.root / f"{path}.md"
        target.parent.mkdir(exist_ok=True)
        target.write_text(
            "---\n" + "".join(f"{name}: {value}\n" for name, value in fields.items()) + "---\n",
            "utf-8",
        )

    @property
    def book(self) -> Book:
        return Book.open(self.root, lambda zone: datetime(2026, 11, 21, 9, tzinfo=zone))

    def found(
        self, one: dict[str, str], other: dict[str, str], kind: str = "contacts"
    ) -> DuplicatePair | None:
        self.put(f"{kind}/one", **one)
        self.put(f"{kind}/other", **other)
        return next(iter(pairs(self.book)), None)


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    return Maker(tmp_path)


SAME = [
    (
        {"name": "Ada Lovelace", "email": "ada@x.example"},
        {"name": "Ada Lovelace", "email": "ADA@x.example"},
    ),
    (
        {"name": "Ada Lovelace", "email": "ada@x.example"},
        {"name": "Ada Lovelcae", "email": "ada+crm@x.example"},
    ),
    (
        {"name": "Ada Lovelace", "phone": "030 23125 557"},
        {"name": "Lovelace, Ada", "phone": "+49 30 23125557"},
    ),
    ({"name": "Ada Lovelace", "company": "x"}, {"name": "Dr. Ada King Lovelace", "company": "x"}),
    ({"name": "Ada Lovelace", "company": "x"}, {"name": "Countess Ada Lovelace", "company": "x"}),
    (
        {"name": "Ada Lovelace", "email": "ada@x.example"},
        {"name": "Ada Lovelace", "email": "a.lovelace@x.example"},
    ),
    (
        {"name": "A. Lovelace", "phone": "+49 30 23125557"},
        {"name": "Ada Lovelace", "phone": "03023125557"},
    ),
    (
        {"name": "Jürgen Müller", "email": "jm@gmx.de"},
        {"name": "Juergen Mueller", "email": "jm@gmx.de"},
    ),
    (
        {"name": "Ada Lovelace", "email": "ada.lo@gmail.com"},
        {"name": "Ada Lovelace", "email": "adalo@gmail.com"},
    ),
    (
        {"name": "Ada Lovelace", "address": "Am Weg 7", "zip": "10999"},
        {"name": "Ada Lovelace", "address": "am Weg 7", "zip": "10999", "city": "Berlin"},
    ),
]
OTHERS = [
    ({"name": "Ada Lovelace"}, {"name": "Ada Lovelace"}),
    (
        {"name": "Ada Lovelace", "email": '""', "phone": '""'},
        {"name": "Grace Hopper", "email": '""', "phone": '""'},
    ),
    (
        {"name": "Ada Lovelace", "email": "ada@gmail.com"},
        {"name": "Ada Lovelace", "email": "countess@gmail.com"},
    ),
    (
        {
            "name": "Anna Müller",
            "phone": "030 23125557",
            "email": "mueller@gmx.de",
            "address": "Am Weg 7",
            "zip": "109",
        },
        {
            "name": "Hans Müller",
            "phone": "030 23125557",
            "email": "mueller@gmx.de",
            "address": "Am Weg 7",
            "zip": "109",
        },
    ),
    (
        {
            "name": "Lisa Grün",
            "phone": "030 23125557",
            "email": "gruen@gmx.de",
            "address": "Am Weg 7",
            "zip": "109",
        },
        {
            "name": "Grün Nina",
            "phone": "030 23125557",
            "email": "gruen@gmx.de",
            "address": "Am Weg 7",
            "zip": "109",
        },
    ),
    (
        {"name": "Ada Lovelace", "company": "x", "phone": "030 23125557"},
        {"name": "Grace Hopper", "company": "x", "phone": "030 23125557"},
    ),
    (
        {"name": "Ada Lovelace", "email": "info@x.example"},
        {"name": "Grace Hopper", "email": "info@x.example"},
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_person_twice(maker: Maker, one: dict[str, str], other: dict[str, str]) -> None:
    pair = maker.found(one, other)
    assert pair is not None
    assert {pair.keep.id, pair.duplicate.id} == {"one", "other"}
    assert pair.reasons


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_two_people(maker: Maker, one: dict[str, str], other: dict[str, str]) -> None:
    assert maker.found(one, other) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"name": "Fjord Ferries", "domain": "fjord.example"},
            {"name": "Fjord AS", "website": "https://www.fjord.example/"},
        ),
        ({"name": "Fjord Ferries"}, {"name": "Fjord Ferries AS", "city": "Bergen"}),
        (
            {"name": "Fjord Ferries", "vat_id": "NO 123 456"},
            {"name": "Fjord Feries", "vat_id": "NO123456"},
        ),
    ],
)
def test_one_company_twice(maker: Maker, one: dict[str, str], other: dict[str, str]) -> None:
    assert maker.found(one, other, "companies") is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"name": "Acme Norway", "domain": "acme.example"},
            {"name": "Acme Germany", "domain": "acme.example"},
        ),
        (
            {"name": "Phoenix", "domain": "ph.example"},
            {"name": "Phoenix", "domain": "book.example", "country": "US"},
        ),
    ],
)
def test_two_companies(maker: Maker, one: dict[str, str], other: dict[str, str]) -> None:
    assert maker.found({"country": "NO", **one}, other, "companies") is None


def test_the_fuller_record_is_kept_and_reasons_say_why(maker: Maker) -> None:
    pair = maker.found(
        {"name": "Ada Lovelace", "phone": "030 23125557"},
        {"name": "Lovelace Ada", "phone": "+493023125557", "job": "Analyst"},
    )
    assert pair is not None
    assert (pair.keep.id, pair.score) == ("other", 90)
    assert pair.reasons == ("same name, first and last swapped", "same phone +493023125557")


def test_a_name_that_is_turned_around_is_shown_though_nothing_else_is_known(maker: Maker) -> None:
    one, other = {"name": "Anna Schmidt"}, {"name": '"Schmidt, Anna"', "email": "a@x.example"}
    pair = maker.found(one, other)
    assert pair is not None
    assert (pair.score, pair.reasons) == (70, ("same name, turned around",))
    assert maker.found({**one, "email": "s@y.example"}, other) is None
    assert maker.found({**one, "city": "Ulm"}, {**other, "city": "Bonn"}) is None
    assert maker.found({"name": '"Schmidt, Anna"'}, {"name": '"Anna, Schmidt"'}) is None


def test_a_company_that_is_there_twice_is_one_company(maker: Maker) -> None:
    maker.put("companies/fjord", name="Fjord Ferries", domain="fjord.example")
    maker.put("companies/fjord-2", name="Fjord Ferries AS", domain="fjord.example")
    assert maker.found(
        {"name": "Kari Berg", "company": "fjord"}, {"name": "Kari Berg", "company": "fjord-2"}
    )


def test_the_likeliest_come_first_and_the_threshold_is_a_choice(maker: Maker) -> None:
    maker.put("contacts/a", name="Ada Lovelace", email="ada@x.example", phone="030 23125557")
    maker.put("contacts/b", name="Ada Lovelace", email="ada@x.example", phone="030 23125557")
    maker.put("contacts/c", name="Grace Hopper", email="grace@y.example")
    maker.put("contacts/d", name="Kari Nordmann", email="grace@y.example", company="y")
    assert [pair.score for pair in pairs(maker.book)] == [100]
    scores = [pair.score for pair in pairs(maker.book, threshold=0)]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)


def test_a_crowd_on_one_number_is_compared_in_time_and_told_apart(maker: Maker) -> None:
    names = [
        f"{first} {last}"
        for first in ("Ada", "Grace", "Ola", "Kari", "Wei")
        for last in (
            "Berg",
            "Lind",
            "Holm",
            "Stein",
            "Wald",
            "Feld",
            "Bach",
            "Stern",
            "Gold",
            "Weiß",
        )
    ]
    for n, name in enumerate([*names, "Ada Berg"]):
        maker.put(f"contacts/c{n}", name=name, phone="030 23125557", company="x")
    found = pairs(maker.book)
    assert [
        (pair.keep.title, pair.duplicate.title) for pair in found if "same name" in pair.reasons
    ] == [("Ada Berg", "Ada Berg")]


def test_told_apart_once_and_for_all_even_after_a_rename(maker: Maker) -> None:
    assert maker.found(SAME[0][0], SAME[0][1])
    book = maker.book
    one, other = book.store.records("contact")
    keep_apart(book, other, one).change.commit()
    assert (maker.root / ".plaincrm/not-duplicates").read_text() == "contact/one contact/other\n"
    assert pairs(maker.book) == []
    (maker.root / "contacts/one.md").unlink()
    maker.put("contacts/ada", aliases="[one]", **SAME[0][0])
    assert pairs(maker.book) == []


def test_telling_apart_twice_changes_nothing(maker: Maker) -> None:
    maker.found(SAME[0][0], SAME[0][1])
    for _ in range(2):
        book = maker.book
        one, other = book.store.records("contact")
        done = keep_apart(book, one, other)
        done.change.commit()
    assert done.count == 0
