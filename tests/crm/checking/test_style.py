"""The one form of a value."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from plaincrm.core.records.record import Record
from plaincrm.crm.book import Book
from plaincrm.crm.checking.fix import fix
from plaincrm.crm.checking.problems import check
from plaincrm.crm.checking.style import Style


def book(root: Path, settings: str = "country: DE\nlanguage: de\n", *countries: str) -> Book:
    (root / "plaincrm.yaml").write_text(settings)
    (root / "contacts").mkdir(exist_ok=True)
    for n, country in enumerate(countries):
        (root / f"contacts/c{n}.md").write_text(f"---\nname: C\ncountry: {country}\n---\n", "utf-8")
    return Book.open(root, lambda zone: datetime(2026, 11, 21, 9, tzinfo=zone))


def form(book: Book, kind: str, name: str, text: str, country: str = "") -> str:
    record = Record(
        book.schema.kinds[kind], "x", "x.md", {"country": country} if country else {}, lambda: ""
    )
    return Style(book).form(record, record.kind.fields[name], text)[0]


@pytest.mark.parametrize(
    ("kind", "name", "text", "wanted"),
    [
        ("contact", "phone", "030/23125557", "+49 30 23125557"),
        ("contact", "phone", "+49 30 23125557", "+49 30 23125557"),
        ("contact", "phone", "12", ""),
        ("contact", "phone", "+999 12345", "+999 12345"),
        ("contact", "name", "ADA LOVELACE", "Ada Lovelace"),
        ("contact", "name", "ada   king lovelace ", "Ada King Lovelace"),
        ("contact", "name", "ludwig van beethoven", "Ludwig van Beethoven"),
        ("contact", "name", "ANNE-MARIE O'BRIEN MCDONALD", "Anne-Marie O'Brien McDonald"),
        ("contact", "name", "Ada de Lovelace", "Ada de Lovelace"),
        ("contact", "name", "ABBA", "ABBA"),
        ("contact", "name", "渡辺 春香", "渡辺 春香"),
        ("company", "name", "IBM UK", "IBM UK"),
        ("company", "website", "Fjord.example", "https://fjord.example"),
        ("company", "website", "HTTPS://Fjord.Example/", "https://fjord.example"),
        ("company", "website", "http://fjord.example/EN?a=B", "http://fjord.example/EN?a=B"),
        ("company", "website", "mailto:a@x.example", "mailto:a@x.example"),
        ("company", "domain", "https://www.Fjord.example/", "fjord.example"),
        ("contact", "email", "Ada@X.example", "Ada@x.example"),
        ("contact", "language", "DE", "de"),
        ("contact", "birthday", "--12-10", "12-10"),
        ("ticket", "opened", "2026-11-20T09:00", "2026-11-20 09:00"),
        ("contact", "job", " Head  of sales", "Head of sales"),
    ],
)
def test_one_form(tmp_path: Path, kind: str, name: str, text: str, wanted: str) -> None:
    here = book(tmp_path)
    assert form(here, kind, name, text) == wanted
    assert not wanted or form(here, kind, name, wanted) == wanted


def test_a_number_belongs_to_the_country_of_its_record(tmp_path: Path) -> None:
    assert form(book(tmp_path), "contact", "phone", "020 7946 0124", "GB") == "+44 20 7946 0124"
    assert (
        form(book(tmp_path), "contact", "phone", "020 7946 0124", "England") == "+44 20 7946 0124"
    )


def test_countries_are_codes_where_most_are(tmp_path: Path) -> None:
    here = book(tmp_path, "language: de\n", "NO", "DE", "Norwegen")
    texts = ("Norwegen", "Norway", "NO", "no", "Frankreich", "Atlantis")
    assert [form(here, "contact", "country", text) for text in texts] == [
        "NO",
        "NO",
        "NO",
        "NO",
        "FR",
        "",
    ]


def test_countries_are_names_where_most_are(tmp_path: Path) -> None:
    here = book(tmp_path, "language: de\n", "Norwegen", "Frankreich", "NO")
    assert [form(here, "contact", "country", text) for text in ("NO", "Norwegen")] == [
        "Norwegen",
        "Norwegen",
    ]


def test_what_is_fixed_is_no_problem_any_more(tmp_path: Path) -> None:
    here = book(tmp_path)
    text = (
        "---\nname: ADA LOVELACE\nphone: {work: 030 23125557}  # desk\ncountry: germany\nlinks:"
        " [X.example]\n---\n"
    )
    (tmp_path / "contacts/a.md").write_text(text)
    (tmp_path / "contacts/b.md").write_text("---\nname: B\ncountry: DE\n---\n")
    assert {problem.code for problem in check(here, style=True)} == {"style"}
    fix(here, style=True).change.commit()
    after = (tmp_path / "contacts/a.md").read_text()
    assert "name: Ada Lovelace\nphone: {work: +49 30 23125557}  # desk\ncountry: DE\n" in after
    assert "style" not in {problem.code for problem in check(book(tmp_path), style=True)}
