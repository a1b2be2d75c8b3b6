"""`plaincrm rm`."""

from __future__ import annotations

from pathlib import Path

from tests.commands.writes import clean, commits, read, subject, touched
from tests.conftest import Crm


def test_it_shows_what_links_to_it_and_asks(crm: Crm, studio: Path) -> None:
    ran = crm("rm", "kari-berg")
    assert ran.code == 1
    assert "deal/fjord-website-2027 links to it as contact" in ran.err
    assert clean(studio)
    assert (studio / "contacts/kari-berg.md").exists()


def test_the_links_go_too_in_one_commit(crm: Crm, studio: Path) -> None:
    before = commits(studio)
    ran = crm("rm", "kari-berg", "-y")
    assert ran.code == 0
    assert "plaincrm undo" in ran.err
    assert touched(studio) == [
        "contacts/kari-berg.md",
        "deals/fjord-website-2027.md",
        "tickets/lettering-file-for-sign-maker-h1mg.md",
    ]
    assert "contact: {main: ola-nordmann}\n" in read(studio, "deals/fjord-website-2027.md")
    assert subject(studio) == "Remove contact/kari-berg Kari Berg"
    assert commits(studio) == before + 1


def test_never_on_a_prefix_or_a_likeness(crm: Crm, studio: Path) -> None:
    for word in ("kari-ber", "Karri Berg"):
        assert crm("rm", word, "-y").code == 4
    assert clean(studio)


def test_by_address_name_or_path(crm: Crm, studio: Path) -> None:
    assert crm("rm", "regnskap@fjordferries.example", "-y").code == 0
    assert crm("rm", "contacts/ola-nordmann.md", "-y").code == 0
    assert subject(studio).startswith("Remove contact/ola-nordmann")


def test_a_hand_edit_is_in_git_before_the_file_goes(crm: Crm, studio: Path) -> None:
    path = studio / "contacts/kari-berg.md"
    path.write_text(path.read_text().replace("Accounts", "Everything"))
    assert crm("rm", "kari-berg", "-y").code == 0
    assert subject(studio, 1).startswith("Hand edits")
    assert touched(studio, 1) == ["contacts/kari-berg.md"]
