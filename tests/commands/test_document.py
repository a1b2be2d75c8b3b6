"""`plaincrm document`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Crm

DEAL = """---
name: Shop
contact: friederike-moeller
company: weinhandlung-moeller
stage: proposal
valid: 2026-12-01
items:
- 2 x logo-package 1800 EUR
- 1 x book 100 EUR
---
"""


@pytest.fixture
def shop(studio: Path) -> Path:
    (studio / "deals" / "shop.md").write_text(DEAL, encoding="utf-8")
    (studio / "products" / "book.md").write_text("---\nname: A book\ntax: 7\n---\n")
    return studio


@pytest.mark.usefixtures("shop")
def test_a_quote_has_items_taxes_by_rate_and_its_last_day(crm: Crm) -> None:
    out = crm("document", "quote", "shop").out
    assert "# Angebot: Shop" in out and "gültig bis 1. Dezember 2026" in out
    assert "| 2 | Logo package | 1.800 EUR | 3.600 EUR |" in out
    assert "| Netto | 3.700 EUR |" in out
    assert "| 7 % USt. | 7 EUR |" in out and "| 19 % USt. | 684 EUR |" in out
    assert "**4.391 EUR**" in out


def test_an_invoice_is_that_of_the_person(crm: Crm) -> None:
    out = crm("document", "invoice", "friederike-moeller").out
    assert "# Rechnung 2026-030" in out and "| Netto | 480 EUR |" in out
    assert "571,20 EUR" in out
    assert "| 1 | Leistungen | 480 EUR | 480 EUR |" in out  # not the name of who pays


def test_an_invoice_is_for_what_stands_behind_its_sum(crm: Crm, studio: Path) -> None:
    page = studio / "contacts/friederike-moeller.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("480 EUR", "480 EUR, labels", 1), encoding="utf-8")
    out = crm("document", "invoice", "friederike-moeller").out
    assert "| 1 | labels | 480 EUR | 480 EUR |" in out


def test_a_deal_without_an_invoice_is_told_how_to_get_one(crm: Crm) -> None:
    ran = crm("document", "invoice", "fjord-website-2027")
    assert ran.code == 5 and "deal/fjord-website-2027 has no open invoice" in ran.err
    assert "plaincrm invoice deal/fjord-website-2027 AMOUNT" in ran.err


@pytest.mark.parametrize("name", ["quote", "invoice"])
def test_the_date_does_not_stand_in_the_window_of_the_envelope(
    crm: Crm, tmp_path: Path, name: str
) -> None:
    place = tmp_path / "x.html"
    assert crm("document", name, "friederike-moeller", "-o", str(place)).code in (0, 5)
    if not place.exists():  # a person has no quote
        assert crm("document", name, "prairie-website", "-o", str(place)).code == 0
    window = place.read_text(encoding="utf-8").partition("<blockquote>")[2]
    address, _, rest = window.partition("</blockquote>")
    assert "2026" in rest and "2026" not in address


def test_a_contract_in_the_language_of_the_contact(crm: Crm) -> None:
    out = crm("document", "contract", "prairie-website").out
    assert "# Agreement: Prairie Solar web site" in out and "Signatures" in out


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("name", ["x.html", "x.md", "x.txt"])
def test_into_a_file(crm: Crm, tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    assert crm("document", "quote", "shop", "-o", str(place)).code == 0
    text = place.read_text(encoding="utf-8")
    assert "Angebot: Shop" in text
    if name == "x.html":
        assert text.startswith("<!doctype html>") and "<table>" in text
        assert "Content-Security-Policy" in text and "<script" not in text
    assert crm("document", "quote", "shop", "-o", str(place)).code == 0
    place.write_text("mine", encoding="utf-8")
    assert crm("document", "quote", "shop", "-o", str(place)).code == 5
    assert place.read_text(encoding="utf-8") == "mine"


def test_names_are_no_code(crm: Crm, shop: Path, tmp_path: Path) -> None:
    deal = shop / "deals" / "shop.md"
    hostile = DEAL.replace("name: Shop", 'name: "<script>x</script> {{ me.email }}"')
    deal.write_text(hostile, encoding="utf-8")
    place = tmp_path / "x.html"
    crm("document", "quote", "shop", "-o", str(place))
    text = place.read_text(encoding="utf-8")
    assert "<script" not in text and "{{ me.email }}" in text


def test_a_books_own_template_stands_over_the_shipped(crm: Crm, shop: Path) -> None:
    folder = shop / "templates" / "documents"
    folder.mkdir(parents=True)
    (folder / "quote.de.md").write_text("---\nsubject: X\ntax: 50\n---\n{{ totals.gross }}\n")
    assert crm("document", "quote", "shop").out.strip() == "5.507 EUR"
    (folder / "letter.md").write_text("---\nsubject: X\n---\nDear {{ customer.name }}\n")
    assert crm("document", "letter", "shop").out == "Dear Weinhandlung Möller\n"
    (folder / "letter.md").write_text("---\nsubject: X\n---\n{{ deal.nonsense }}\n")
    assert crm("document", "letter", "shop").code == 5


def test_what_is_missing_is_told(crm: Crm) -> None:
    done = crm("document", "qoute", "prairie-website")
    assert done.code == 3 and "quote" in done.err
    assert crm("document", "quote", "prairie-website", "-o", "x.pdf").code == 2


@pytest.mark.usefixtures("shop")
def test_a_quote_stands_in_today_before_it_lapses(crm: Crm) -> None:
    lines = crm("--today", "2026-11-25", "today", "--json").json["results"]
    found = [each for each in lines if each["id"] == "shop"]
    assert any("the quote holds until 2026-12-01" in each["text"] for each in found)
