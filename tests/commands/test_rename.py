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


def test_links_in_texts_follow_those_in_code_stay_and_undo_brings_all_back(
    crm: Crm, studio: Path
) -> None:
    deal = studio / "deals/prairie-website.md"
    deal.write_bytes(
        deal.read_bytes()
        + b"\r\nAsk [[kari-berg|Kari]], [her](../contacts/kari-berg.md#log).\r\n```\r\n[[kari-berg]]\r\n```\r\n"
    )
    (studio / "daily").mkdir()
    (studio / "daily/2026-11-20.md").write_text("Met [[contacts/kari-berg]] and [[kari-bergman]]\n")
    (studio / "private.md").write_text("[[kari-berg]]\n")
    ignored = studio / ".gitignore"
    ignored.write_text(ignored.read_text() + "private.md\n")
    assert crm("commit", "-y").code == 0
    before = {path: path.read_bytes() for path in (deal, studio / "daily/2026-11-20.md")}
    ran = crm("rename", "kari-berg", "Kari Lunde")
    assert ran.code == 0, ran.err
    assert "links in 2 texts follow" in ran.err
    told = deal.read_bytes()
    assert b"Ask [[kari-lunde|Kari]], [her](../contacts/kari-lunde.md#log).\r\n" in told
    assert told == before[deal].replace(b"[[kari-berg|", b"[[kari-lunde|").replace(
        b"contacts/kari-berg.md", b"contacts/kari-lunde.md"
    )
    note = read(studio, "daily/2026-11-20.md")
    assert note == "Met [[contacts/kari-lunde]] and [[kari-bergman]]\n"
    assert read(studio, "private.md") == "[[kari-berg]]\n", "git ignores it: it is none of ours"
    assert clean(studio)
    assert crm("undo").code == 0
    assert {path: path.read_bytes() for path in before} == before


def test_a_text_that_links_to_its_own_record_follows(crm: Crm, studio: Path) -> None:
    contact = studio / "contacts/kari-berg.md"
    contact.write_text(contact.read_text() + "\nSee [[kari-berg#Log]].\n")
    assert crm("rename", "kari-berg", "Kari Lunde").code == 0
    assert "See [[kari-lunde#Log]]." in read(studio, "contacts/kari-lunde.md")
