"""`plaincrm rename`."""

from __future__ import annotations

from pathlib import Path

from tests.commands.writes import clean, commits, read, subject, touched
from tests.conftest import Crm

FOLLOW = [
    "companies/fjord-ferries.md",
    "companies/fjord-group.md",
    "contacts/kari-berg.md",
    "contacts/ola-nordmann.md",
    "deals/fjord-identity.md",
    "deals/fjord-website-2027.md",
    "projects/fjord-identity.md",
    "tickets/favicon-old-z2c7.md",
    "tickets/lettering-file-for-sign-maker-h1mg.md",
    "tickets/timetable-colours-p5rt.md",
]


def test_id_alias_and_links_follow_in_one_commit(crm: Crm, studio: Path) -> None:
    before = commits(studio)
    ran = crm("rename", "fjord-ferries", "Fjord", "Group")
    assert (ran.code, ran.out) == (0, "company/fjord-group\n")
    assert "8 links to it follow" in ran.err
    assert touched(studio) == FOLLOW
    text = read(studio, "companies/fjord-group.md")
    assert "name: Fjord Group\n" in text
    assert "aliases: [fjord-ferries]\n" in text
    assert "company: fjord-group\n" in read(studio, "contacts/kari-berg.md")
    assert subject(studio) == "Rename company/fjord-ferries -> fjord-group"
    assert commits(studio) == before + 1
    assert clean(studio)
    assert crm("set", "fjord-ferries", "city=Bergen").code == 0, "the old id still leads there"


def test_values_of_maps_follow(crm: Crm, studio: Path) -> None:
    assert crm("rename", "kari-berg", "Kari Lunde").code == 0
    assert "contact: {main: ola-nordmann, billing: kari-lunde}\n" in read(
        studio, "deals/fjord-website-2027.md"
    )


def test_a_name_that_gives_the_same_id_changes_only_the_name(crm: Crm, studio: Path) -> None:
    assert crm("rename", "kari-berg", "Kári Berg").code == 0
    assert touched(studio) == ["contacts/kari-berg.md"]
    assert "aliases" not in read(studio, "contacts/kari-berg.md")


def test_a_taken_id_gets_a_number_and_back_again_is_free(crm: Crm) -> None:
    assert crm("rename", "kari-berg", "Ola Nordmann").out == "contact/ola-nordmann-2\n"
    assert crm("rename", "ola-nordmann-2", "Kari Berg").out == "contact/kari-berg\n"


def test_a_file_that_is_no_record_is_not_overwritten(crm: Crm, studio: Path) -> None:
    (studio / ".gitignore").write_text(
        (studio / ".gitignore").read_text() + "contacts/kari-lunde.md\n"
    )
    (studio / "contacts/kari-lunde.md").write_text("mine\n")
    assert crm("rename", "kari-berg", "Kari Lunde").code == 6
    assert read(studio, "contacts/kari-lunde.md") == "mine\n"
    assert (studio / "contacts/kari-berg.md").exists()
