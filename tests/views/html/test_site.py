"""The book as pages for a phone: what is on them, what is left out, and how they look and work."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.chromium import Chromium
from tests.conftest import Crm
from tests.views.html.conftest import Look


@pytest.fixture
def folder(crm: Crm, tmp_path: Path) -> Path:
    ran = crm("export", "site", str(tmp_path / "phone"))
    assert ran.code == 0, ran.err
    return tmp_path / "phone"


def test_a_contact_can_be_called_and_written_to(folder: Path) -> None:
    page = (folder / "contacts" / "ola-nordmann.html").read_text("utf-8")
    assert 'href="tel:+4755000011"' in page
    assert 'href="mailto:ola@fjordferries.example"' in page
    assert '<a href="../companies/fjord-ferries.html">Fjord Ferries AS</a>' in page


def test_every_link_inside_leads_somewhere(folder: Path) -> None:
    for page in folder.rglob("*.html"):
        for href in re.findall(r'(?:href|src)="([^"#?:]+)"', page.read_text("utf-8")):
            assert (page.parent / href).is_file(), (page, href)


def test_today_and_agenda_say_what_the_commands_say(folder: Path, crm: Crm) -> None:
    today = (folder / "today.html").read_text("utf-8")
    titles = {each["title"] for each in crm("today", "--json").json["results"] if each["id"]}
    assert titles
    for title in titles:
        assert title.replace("&", "&amp;") in today
    assert (folder / "agenda.html").read_text("utf-8").count("<h2>") > 1


def test_private_fields_and_kinds_are_nowhere(crm: Crm, studio: Path, tmp_path: Path) -> None:
    settings = studio / "plaincrm.yaml"
    text = settings.read_text("utf-8")
    private = "\nprivate: {fields: [birthday, phone, log, value, tasks], kinds: [deal, project]}\n"
    settings.write_text(text + private, "utf-8")
    assert crm("export", "site", str(tmp_path / "out")).code == 0
    out = tmp_path / "out"
    assert not (out / "deals.html").exists() and not (out / "deals").exists()
    found = "\n".join(each.read_text("utf-8") for each in out.rglob("*.*"))
    assert "tel:" not in found and "birthday" not in found
    deals = crm("list", "deals", "--json").json["results"]
    mentioned = [each["fields"]["name"] for each in deals if f">{each['fields']['name']}<" in found]
    assert mentioned == []
    assert "Send the photos of the old ticket machines" not in found


def test_names_are_text(crm: Crm, studio: Path, tmp_path: Path) -> None:
    place = studio / "contacts" / "nasty.md"
    nasty = "<script>alert(1)</script>"
    place.write_text(
        f"---\nname: '{nasty}'\ncity: '{nasty}'\nwebsite: 'javascript:alert(1)'\n---\n{nasty}\n",
        "utf-8",
    )
    assert crm("export", "site", str(tmp_path / "out")).code == 0
    for page in (tmp_path / "out").rglob("*.html"):
        assert "<script>alert" not in page.read_text("utf-8")
    assert 'href="javascript' not in (tmp_path / "out/contacts/nasty.html").read_text("utf-8")


def test_it_takes_a_folder_and_nothing_else(crm: Crm) -> None:
    assert crm("export", "site").code == 2
    assert crm("export", "site", "out", "stage:lead").code == 2


def test_it_never_goes_among_the_records(crm: Crm, studio: Path) -> None:
    for folder in ("contacts", "contacts/site", ".", "templates"):
        ran = crm("export", "site", folder)
        assert ran.code != 0, folder
    assert not list(studio.rglob("*.html"))


@pytest.mark.parametrize(
    "page",
    ["index.html", "today.html", "deals.html", "contacts.html", "contacts/ola-nordmann.html"],
)
def test_it_looks_right(folder: Path, page: str, look: Look) -> None:
    look((folder / page).as_uri())


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("nordmann", "contacts/ola-nordmann.html"),
        ("moller", "contacts/friederike-moeller.html"),
        ("+47 55 00 00 11", "contacts/ola-nordmann.html"),
        ("55 00 00 11", "contacts/ola-nordmann.html"),
        ("fjord", "companies/fjord-ferries.html"),
    ],
)
def test_one_finds_by_name_phone_and_company(
    folder: Path, browser: Chromium, asked: str, wanted: str
) -> None:
    browser.open((folder / "index.html").as_uri(), 390)
    browser.evaluate("document.querySelector('input').focus(), 1")
    browser.type(asked)
    script = "[...document.querySelectorAll('#results a')].map((each) => each.getAttribute('href'))"
    found = browser.evaluate(script)
    assert wanted in found, (asked, json.dumps(found))
