"""`plaincrm config`: the settings in the editor."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.writes import clean, commits, editing, read, subject, touched
from tests.conftest import Crm


def test_the_path_is_printed(crm: Crm, studio: Path) -> None:
    assert crm("config", "--path").out == f"{studio / 'plaincrm.yaml'}\n"


def test_an_edit_is_one_commit(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editing(monkeypatch, tmp_path, "sed -i 's/^currency: EUR/currency: CHF/' \"$1\"")
    ran = crm("config")
    assert ran.code == 0, ran.err
    assert "currency: CHF" in read(studio, "plaincrm.yaml")
    assert (subject(studio), touched(studio)) == ("Edit the settings", ["plaincrm.yaml"])
    assert crm("undo", "-y").code == 0
    assert "currency: EUR" in read(studio, "plaincrm.yaml")


def test_a_problem_writes_nothing_and_keeps_the_text(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = commits(studio)
    editing(monkeypatch, tmp_path, "sed -i 's/^currency: EUR/currency: Euro/' \"$1\"")
    ran = crm("config")
    assert ran.code == 5
    assert "your text is kept in" in ran.err
    assert commits(studio) == before
    assert clean(studio)


def test_settings_is_another_word_for_it(crm: Crm, studio: Path) -> None:
    assert crm("settings", "--path").out == f"{studio / 'plaincrm.yaml'}\n"


def test_a_key_is_shown(crm: Crm) -> None:
    assert crm("config", "currency").out == "EUR\n"
    assert "pipelines.default.lead.probability=10\n" in crm("config", "pipelines").out
    assert crm("config", "timezone", "--json").json["results"] == [
        {"key": "timezone", "value": "Europe/Berlin"}
    ]


def test_a_key_that_is_not_set_says_how(crm: Crm) -> None:
    ran = crm("config", "sla.low.resolution")
    assert ran.code == 3
    assert "plaincrm config sla.low.resolution=VALUE" in ran.err
    slip = crm("config", "curency")
    assert slip.code == 2
    assert 'did you mean "currency"' in slip.err


def test_a_key_is_set_in_its_own_lines(crm: Crm, studio: Path) -> None:
    before = read(studio, "plaincrm.yaml")
    ran = crm("config", "currency=CHF", "rates.JPY.2026-12=0.0062")
    assert ran.code == 0, ran.err
    after = read(studio, "plaincrm.yaml")
    assert set(before.split("\n")) - set(after.split("\n")) <= {
        line for line in before.split("\n") if line.startswith(("currency:", "rates:"))
    }
    assert crm("config", "currency").out == "CHF\n"
    assert crm("config", "rates.JPY").out == "0.0062\n"
    assert subject(studio) == "Set currency=CHF, rates.JPY.2026-12=0.0062"
    assert crm("config", "rates.JPY=").code == 0
    assert crm("config", "rates.JPY").code == 3


def test_a_value_that_the_settings_cannot_have_is_refused(crm: Crm, studio: Path) -> None:
    before = commits(studio)
    ran = crm("config", "currency=Euro")
    assert ran.code == 5
    assert "Euro" in ran.err
    assert commits(studio) == before


def test_lists_take_and_give_items(crm: Crm) -> None:
    assert crm("config", "log_types=[demo, webinar]").code in (0, 5)
    assert crm("config", "private.fields+=diet").code == 0
    assert "diet" in crm("config", "private.fields").out
    assert crm("config", "private.fields-=diet").code == 0
