"""`plaincrm move`."""

from __future__ import annotations

from pathlib import Path

from tests.commands.writes import changed_lines, clean, commits, read, subject, touched
from tests.conftest import Crm


def test_the_stage_and_its_log_entry(crm: Crm, studio: Path) -> None:
    before = commits(studio)
    assert crm("move", "fjord-website-2027", "negotiation").code == 0
    assert set(changed_lines(studio)) == {
        "-stage: proposal",
        "+stage: negotiation",
        "+- 2026-11-21 12:00 stage: proposal -> negotiation",
    }
    assert subject(studio) == "Move fjord-website-2027: proposal -> negotiation"
    assert touched(studio) == ["deals/fjord-website-2027.md"]
    assert commits(studio) == before + 1
    assert "nothing to change" in crm("move", "fjord-website-2027", "negotiation").err


def test_a_contact_with_one_open_deal_stands_for_it(crm: Crm, studio: Path) -> None:
    assert crm("move", "ola-nordmann", "negotiation").code == 0
    assert touched(studio) == ["deals/fjord-website-2027.md"]


def test_parked_until_a_day_and_a_next_step(crm: Crm, studio: Path) -> None:
    ran = crm("move", "fjord-website-2027", "parked", "--until", "next mon")
    assert "until: next mon is Mon 2026-11-23, in 2 days" in ran.err
    assert "next: 2026-11-23 Put the three" in read(studio, "deals/fjord-website-2027.md")
    assert crm("move", "fjord-website-2027", "lead", "--next", "+1d Call").code == 0
    assert "next: 2026-11-22 Call\n" in read(studio, "deals/fjord-website-2027.md")


def test_stages_are_those_of_the_deals_own_pipeline(crm: Crm, studio: Path) -> None:
    assert crm("move", "workshop-logo-clinic", "proposal").code == 5
    assert clean(studio)
    assert crm("move", "workshop-logo-clinic", "booked").code == 0


def test_deals_on_standard_input(crm: Crm, studio: Path) -> None:
    words = ("move", "-", "lead")
    assert crm(*words, input="fjord-website-2027\nlumen-signage\n").code == 1
    assert crm(*words, "-y", input="fjord-website-2027\nlumen-signage\n").code == 0
    assert touched(studio) == ["deals/fjord-website-2027.md", "deals/lumen-signage.md"]
    assert crm(*words, input="kari-berg\n").code == 3


def test_parked_without_a_day_says_so(crm: Crm) -> None:
    assert "--until DATE gives one" in crm("move", "prairie-website", "parked").err
    assert "--until" not in crm("move", "nordlys-packaging", "parked").err
