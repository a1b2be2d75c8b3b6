"""`plaincrm add`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.writes import clean, commits, editing, read, subject, touched
from tests.conftest import Crm


def test_name_and_address_make_a_contact_and_one_commit(crm: Crm, studio: Path) -> None:
    before = commits(studio)
    ran = crm(
        "add", "contact", "Ada Lovelace <ada@x.example>", "company=fjord-ferries", "tags=vip,maths"
    )
    assert (ran.code, ran.out) == (0, "contact/ada-lovelace\n")
    assert (
        read(studio, "contacts/ada-lovelace.md")
        == "---\nname: Ada Lovelace\nemail: ada@x.example\ncompany: fjord-ferries\n"
        "tags: [vip, maths]\ncreated: 2026-11-21\n---\n"
    )
    assert touched(studio) == ["contacts/ada-lovelace.md"]
    assert subject(studio) == "Add contact/ada-lovelace: Ada Lovelace"
    assert commits(studio) == before + 1
    assert clean(studio)


def test_a_linked_record_is_made_in_the_same_commit(crm: Crm, studio: Path) -> None:
    ran = crm("add", "deal", "Poster", "company=+Polar Press", "close_date=eom", "value=1200 EUR")
    assert ran.code == 0
    assert touched(studio) == ["companies/polar-press.md", "deals/poster.md"]
    assert "company: polar-press\n" in read(studio, "deals/poster.md")
    assert "company: made company/polar-press" in ran.err
    assert "close_date: eom is Mon 2026-11-30, in 9 days" in ran.err


def test_json_prints_the_record(crm: Crm) -> None:
    found = crm("add", "company", "Polar Press", "--json").json
    assert (found["kind"], found["id"], found["fields"]["created"]) == (
        "company",
        "polar-press",
        "2026-11-21",
    )


def test_a_ticket_is_opened_now(crm: Crm, studio: Path) -> None:
    id = crm("add", "ticket", "Logo blurry", "contact=kari-berg").out.strip().partition("/")[2]
    text = read(studio, f"tickets/{id}.md")
    assert "status: new\n" in text
    assert "opened: 2026-11-21 12:00\n" in text


@pytest.mark.parametrize(
    ("words", "who", "why"),
    [
        (["contact", "K. B. <regnskap@fjordferries.example>"], "contact/kari-berg", "same e-mail"),
        (
            ["contact", "Somebody", "phone=0151 12345678"],
            "contact/friederike-moeller",
            "same phone number",
        ),
        (["contact", "kari berg"], "contact/kari-berg", "same name"),
        (["contact", "Kari Bergh"], "contact/kari-berg", "a name much like it"),
        (
            ["company", "Ferries", "website=http://www.fjordferries.example/en"],
            "company/fjord-ferries",
            "same domain",
        ),
    ],
)
def test_somebody_like_that_is_named_with_the_evidence(
    crm: Crm, studio: Path, words: list[str], who: str, why: str
) -> None:
    before = commits(studio)
    ran = crm("add", *words)
    assert ran.code == 4
    assert ran.out == ""
    assert any(who in line and why in line for line in ran.err.splitlines())
    assert commits(studio) == before
    assert clean(studio)
    assert crm("add", *words, "--new").code == 0
    assert commits(studio) == before + 1


def test_another_one_of_that_name_gets_an_id_of_its_own(crm: Crm) -> None:
    assert crm("add", "contact", "Kari Berg", "--new").out == "contact/kari-berg-2\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["contact"], 2, "NAME"),
        (["person", "Ada"], 2, "unknown kind"),
        (["contact", "  "], 5, "needs a name"),
        (["deal", "X", "value=abc"], 5, "money"),
        (["deal", "X", "stage=propsal"], 5, "proposal"),
        (["deal", "X", "close_date=2026-02-31"], 5, "February 2026 has 28 days"),
        (["contact", "Zed Quux", "emial=a@b.example"], 2, "email"),
        (["contact", "Zed Quux", "company=nowhere-at-all"], 3, "nowhere-at-all"),
        (["contact", "<ada@x.example>"], 5, "no name"),
        (["contact", "Zed Quux", "weighted=3", "phone=x"], 5, "phone"),
        (["deal", "X", "weighted=3"], 5, "computed"),
        (["tasks", "X"], 5, "task add"),
        (["contact", "Lena Fuchs lena@f.example"], 5, '"Lena Fuchs <lena@f.example>"'),
        (["contact", "Lena", "lena@f.example"], 5, '"Lena <lena@f.example>"'),
        (["deal", "X", "500"], 2, "plaincrm add deal X value=500"),
        (["deal", "X", "500", "EUR"], 2, "plaincrm add deal X 'value=500 EUR'"),
        (["deal", "X", "value=500", "EUR", "tags=a"], 2, "X 'value=500 EUR' tags=a"),
        (["deal", "X", "prob=80"], 2, 'did you mean "probability"'),
        (["deal", "X", "close=fri"], 2, '"close_date" or "closed"'),
        (["deal", "X", "value=1.500 KWD"], 5, "1500 KWD or 1.50 KWD"),
    ],
)
def test_what_is_refused_writes_nothing(
    crm: Crm, studio: Path, words: list[str], code: int, said: str
) -> None:
    ran = crm("add", *words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert clean(studio)


def test_the_editor_has_the_last_word(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editing(monkeypatch, tmp_path, "sed -i 's/^name: .*/name: Polar Print/' \"$1\"")
    assert crm("add", "company", "Polar Press", "--edit").out == "company/polar-print\n"
    assert "name: Polar Print\n" in read(studio, "companies/polar-print.md")


def test_a_dry_run_shows_the_file_and_writes_none(crm: Crm, studio: Path) -> None:
    ran = crm("add", "company", "Polar Press", "-n")
    assert ran.code == 0
    assert "+name: Polar Press" in ran.out
    assert clean(studio)


def test_a_kind_may_lie_in_a_folder_of_your_choice(crm: Crm, studio: Path) -> None:
    settings = studio / "plaincrm.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f"{text}\nfolders: {{product: Shop/Things}}\n", encoding="utf-8")
    crm("add", "product", "Logo package", "price=600 EUR", "cost=150")
    assert (studio / "Shop/Things/logo-package.md").is_file()
    assert crm("list", "products", "price:500..", "--ids").out == "product/logo-package\n"


def test_amounts_and_dates_are_taken_as_they_are_written(crm: Crm, studio: Path) -> None:
    ran = crm("add", "deal", "Poster", "value=€1,500", "close_date=31/12/2026")
    assert "value: €1,500 is 1500 EUR" in ran.err
    text = read(studio, "deals/poster.md")
    assert "value: 1500 EUR\n" in text
    assert "close_date: 2026-12-31\n" in text


def test_the_editor_may_hold_values_as_people_write_them(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editing(monkeypatch, tmp_path, "sed -i 's/^stage: .*/&\\nclose_date: 20.01.2027/' \"$1\"")
    ran = crm("add", "deal", "Poster", "stage=lead", "--edit")
    assert "close_date: 20.01.2027 is 2027-01-20" in ran.err
    assert "close_date: 2027-01-20\n" in read(studio, "deals/poster.md")


def test_a_deal_knows_the_company_of_its_contact(crm: Crm, studio: Path) -> None:
    assert crm("add", "deal", "Hull painting", "contact=ola-nordmann").code == 0
    assert "company: fjord-ferries\n" in read(studio, "deals/hull-painting.md")
    assert crm("set", "hull-painting", "company=").code == 0
    assert "company" not in read(studio, "deals/hull-painting.md")
    assert crm("set", "hull-painting", "contact=kari-berg").code == 0
    assert "company: fjord-ferries\n" in read(studio, "deals/hull-painting.md")
