"""`plaincrm win`."""

from __future__ import annotations

from pathlib import Path

from tests.commands.writes import changed_lines, subject
from tests.conftest import Crm


def test_won_and_closed_today(crm: Crm, studio: Path) -> None:
    assert crm("win", "fjord-website-2027").code == 0
    assert set(changed_lines(studio)) == {
        "-stage: proposal",
        "+stage: won",
        "+closed: 2026-11-21",
        "+- 2026-11-21 12:00 stage: proposal -> won",
    }
    assert subject(studio) == "Win fjord-website-2027: proposal -> won"


def test_the_stage_is_the_one_that_means_won(crm: Crm, studio: Path) -> None:
    assert crm("win", "workshop-logo-clinic").code == 0
    assert "+stage: held" in changed_lines(studio)
