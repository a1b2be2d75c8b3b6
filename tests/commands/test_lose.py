"""`plaincrm lose`."""

from __future__ import annotations

from pathlib import Path

from tests.commands.writes import changed_lines, subject
from tests.conftest import Crm


def test_lost_closed_and_why(crm: Crm, studio: Path) -> None:
    assert crm("lose", "ola-nordmann", "--reason", "They do it themselves").code == 0
    assert {"+stage: lost", "+closed: 2026-11-21", "+lost_reason: They do it themselves"} < set(
        changed_lines(studio)
    )
    assert subject(studio) == "Lose fjord-website-2027: proposal -> lost"


def test_opened_again_it_is_neither(crm: Crm, studio: Path) -> None:
    before = (studio / "deals/fjord-website-2027.md").read_text().partition("## Log")[0]
    crm("lose", "fjord-website-2027", "--reason", "price")
    crm("move", "fjord-website-2027", "proposal")
    assert (studio / "deals/fjord-website-2027.md").read_text().partition("## Log")[0] == before
